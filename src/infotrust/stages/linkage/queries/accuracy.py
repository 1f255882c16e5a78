"""How often a linkage is wrong, as its review shows it: precision and recall with intervals, and how people agree.

Only pairs that were drawn at random count, each stratum with its own chance. A pair that waits for a second person
counts with what was said of it so far, so that the hard ones are not left out; how many do is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.reviewing.accuracy import Accuracy, Cell, answers_needed, by_community, measure
from infotrust.core.matching.reviewing.agreement import Agreement, agreement
from infotrust.shared.accounts.models import User
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.catalogue.models import PublicLinkageError
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.linkage.lifecycle import PairState
from infotrust.stages.linkage.models import LinkageRun, PairAnswer, PairQuestion, Review
from infotrust.stages.linkage.terms import Communities

WIDTHS = (0.05, 0.02, 0.01)  # how wide an interval may be at most, of which the page says what they take
RELIABLE = 0.10  # an interval that is wider says little; its figure is not offered to the public


class NotMeasured(NotThere):
    """The run was not reviewed."""


@dataclass(frozen=True)
class Needed:
    """How many answers more an interval of at most `width` takes; None: nobody can say yet."""

    width: float
    precision: int | None
    recall: int | None


@dataclass(frozen=True)
class Measured:
    """A linkage measured. by: each community with its accuracy, in words; drawn: pairs of the sample; provisional:
    of these, those that wait for another person; agreement: None where nobody looked at a pair twice."""

    run: LinkageRun
    review: Review
    whole: Accuracy
    by: tuple[tuple[str, Accuracy], ...]
    drawn: int
    answered: int
    provisional: int
    agreement: Agreement | None
    needed: tuple[Needed, ...]
    measured_at: datetime | None

    @property
    def may_be_told(self) -> bool:
        """Whether precision and recall are known well enough to be offered to the public."""
        known = (self.whole.precision, self.whole.recall)
        return all(one is not None and one.high - one.low <= RELIABLE for one in known)


def accuracy_of(number: int, *, by: User) -> Measured:
    """Measure the linkage run of that number by its review. Raises `NotPermitted`, `NotMeasured`."""
    duties.require("see linkage", by=by)
    review = Review.objects.select_related("run").filter(run=number).first()
    if review is None:
        raise NotMeasured(
            _("Linkage run %(number)d was not reviewed.") % {"number": number},
            next_step=_("See the run in use: its pairs are what people look at."),
        )
    return measured(review)


def may_publish(*, by: User) -> Decision:
    return duties.may("publish linkage error", by=by)


def may_withdraw(*, by: User) -> Decision:
    return duties.may("withdraw linkage error", by=by)


def published_error(number: int) -> PublicLinkageError | None:
    """What the public reads, or read until it was withdrawn, about the error of that linkage run."""
    return catalogue.linkage_error_of(number)


def measured(review: Review) -> Measured:
    questions = list(PairQuestion.objects.filter(review=review, stratum__isnull=False).select_related("pair"))
    said = _said([question.pair_id for question in questions])
    cells = _cells(review, questions, said)
    words = _words(review)
    standing = [said[question.pair_id] for question in questions if said.get(question.pair_id)]
    return Measured(
        run=review.run,
        review=review,
        whole=measure(cells),
        by=tuple((_told(name, words), found) for name, found in by_community(cells).items()),
        drawn=len(questions),
        answered=len(standing),
        provisional=sum(
            bool(said.get(question.pair_id)) and question.pair.state != PairState.SETTLED for question in questions
        ),
        agreement=_agreement(review),
        needed=tuple(
            Needed(width, answers_needed(cells, width, "precision"), answers_needed(cells, width, "recall"))
            for width in WIDTHS
        ),
        measured_at=max((one.at for one in _standing(review)), default=None),
    )


def _standing(review: Review) -> list[PairAnswer]:
    return list(PairAnswer.objects.filter(pair__questions__review=review, withdrawn_at=None))


def _said(pairs: list[int]) -> dict[int, list[Verdict]]:
    """What was said of each pair and not taken back, in order."""
    found: dict[int, list[Verdict]] = defaultdict(list)
    wanted = set(pairs)
    for pair, verdict in PairAnswer.objects.filter(withdrawn_at=None).values_list("pair", "verdict"):
        if pair in wanted:
            found[pair].append(Verdict(verdict))
    return found


def _cells(review: Review, questions: list[PairQuestion], said: dict[int, list[Verdict]]) -> list[Cell]:
    counted: dict[int, Counter[Verdict]] = defaultdict(Counter)
    for question in questions:
        verdict = _verdict(question, said.get(question.pair_id, []))
        if verdict is not None and question.stratum is not None:
            counted[question.stratum][verdict] += 1
    return [
        Cell(
            accepted=stratum["accepted"],
            band=stratum["band"],
            community=stratum["community"],
            pairs=stratum["pairs"],
            asked=counted[place][Verdict.MATCH] + counted[place][Verdict.NO_MATCH],
            matches=counted[place][Verdict.MATCH],
            cannot_tell=counted[place][Verdict.CANNOT_TELL],
            given_up=not stratum["accepted"] and stratum["band"] == 0 and not stratum["known"],
        )
        for place, stratum in enumerate(review.strata)
    ]


def _verdict(question: PairQuestion, said: list[Verdict]) -> Verdict | None:
    """What the pair is settled as; else what most said so far, the first where they are even."""
    if question.pair.state == PairState.SETTLED:
        return Verdict(question.pair.verdict)
    return Counter(said).most_common(1)[0][0] if said else None


def _agreement(review: Review) -> Agreement | None:
    """On the pairs that two people were to look at from the start. A second look that the first answer called for says
    nothing: only answers in doubt call for one."""
    asked = PairQuestion.objects.filter(review=review, known=False, pair__needed=2)
    said = _said(list(asked.values_list("pair", flat=True)))
    return agreement([(some[0], some[1]) for some in said.values() if len(some) > 1])


def _words(review: Review) -> dict[str, str]:
    """Titles of the datasets, where these are the communities."""
    if review.run.communities != Communities.DATASETS:
        return {}
    return {one.code: one.title for one in inventory.datasets()}


def _told(name: str, words: dict[str, str]) -> str:
    if name == "all others":
        return _("All others together")
    if name == "other areas":
        return _("Other areas, or not known")
    if not words:
        return name.replace(" and ", _(" and "))
    one, _joined, other = name.partition(" and ")
    if not other:
        return _("Within %(dataset)s") % {"dataset": words.get(one, one)}
    return _("%(one)s and %(other)s") % {"one": words.get(one, one), "other": words.get(other, other)}
