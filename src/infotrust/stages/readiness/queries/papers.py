"""What partners wrote together. Use cases that were signed off are for everyone; the rest for their own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.readiness import contents
from infotrust.stages.readiness.models import Feedback, Paper, PaperVersion, Partnership
from infotrust.stages.readiness.services.ground import require_reader
from infotrust.stages.readiness.services.papers import standing
from infotrust.stages.readiness.terms import PaperKind


class NoSuchPaper(NotThere):
    """Nobody has written this, or not every partner has signed it off."""


@dataclass(frozen=True)
class CasePartner:
    """A partner of a use case: its agency's short name and name, its program, and what it gains."""

    agency: str
    name: str
    program: str
    contributes: bool
    benefit: str
    impact: str


@dataclass(frozen=True)
class UseCase:
    """A use case as every partner signed it off. `elements` are pairs of dataset and field, by their names."""

    number: int
    label: str
    title: str
    overview: str
    version: int
    digest: str
    signed_off_on: date
    partnership: int
    partners: tuple[CasePartner, ...]
    questions: tuple[str, ...]
    datasets: tuple[str, ...]
    other_datasets: tuple[str, ...]
    elements: tuple[tuple[str, str], ...]
    sharing: str
    returned: str
    consent: str
    consent_note: str

    @property
    def contributors(self) -> tuple[CasePartner, ...]:
        return tuple(one for one in self.partners if one.contributes)

    @property
    def benefits(self) -> dict[str, str]:
        """What each partner gains, by the short name of its agency; of two programs of one agency, both."""
        found: dict[str, str] = {}
        for one in self.partners:
            found[one.agency] = "\n".join(part for part in (found.get(one.agency, ""), one.benefit) if part)
        return found


def use_case(number: int) -> UseCase:
    """Return a use case as it was last signed off by every partner; raises `NoSuchPaper`. For every stage."""
    found = Paper.objects.filter(kind=PaperKind.USE_CASE, number=number, final_version__isnull=False).first()
    if found is None:
        raise NoSuchPaper(
            _("There is no use case number %(number)d that every partner has signed off.") % {"number": number},
            next_step=_("The list of use cases shows those there are."),
        )
    return _use_case(found)


def use_cases() -> list[UseCase]:
    """Every use case as it was last signed off, the latest first."""
    found = Paper.objects.filter(kind=PaperKind.USE_CASE, final_version__isnull=False).order_by("-number")
    return [_use_case(paper) for paper in found]


def use_cases_of(partnership: Partnership) -> list[UseCase]:
    """Those of one partnership, by number: Appendix A of its management plan."""
    found = partnership.papers.filter(kind=PaperKind.USE_CASE, final_version__isnull=False).order_by("number")
    return [_use_case(paper) for paper in found]


def read_use_case(number: int, *, by: User) -> UseCase:
    """As `use_case`, for a page; raises `NotPermitted` too."""
    duties.require("read use cases", by=by)
    return use_case(number)


def papers_of(partnership: Partnership) -> list[Paper]:
    return list(partnership.papers.select_related("started_by"))


def paper(partnership: Partnership, kind: str, number: int, *, by: User) -> Paper:
    """Return a paper to one of the partnership's people; raises `NoSuchPaper`, `NotPermitted`."""
    require_reader(partnership, by)
    found = partnership.papers.filter(kind=kind, number=number).select_related("partnership").first()
    if found is None:
        raise NoSuchPaper(_("There is no such paper here."), next_step=_("The partnership's page shows its papers."))
    return found


def only_paper(partnership: Partnership, kind: str) -> Paper | None:
    """Return the one paper of a kind that a partnership has, such as its goals statement."""
    return partnership.papers.filter(kind=kind).order_by("-number").first()


def versions(paper: Paper) -> list[PaperVersion]:
    """Every version with its sign-offs, the latest first."""
    found = paper.versions.select_related("by").prefetch_related("sign_offs__partner__agency", "sign_offs__by")
    return list(found.order_by("-number"))


def feedback(paper: Paper) -> list[Feedback]:
    return list(paper.feedback.select_related("by", "partner__agency", "replied_by"))


def title_of(paper: Paper) -> str:
    """The title a paper gives itself, else its kind."""
    return standing(paper).content.get("title") or str(paper)


def _use_case(paper: Paper) -> UseCase:
    version = paper.versions.get(number=paper.final_version or paper.version)
    content = contents.whole(paper.kind, version.content)
    signed = version.sign_offs.order_by("-at").values_list("at", flat=True).first() or version.at
    return UseCase(
        number=paper.number,
        label=paper.label,
        title=content["title"],
        overview=content["overview"],
        version=version.number,
        digest=version.digest,
        signed_off_on=timezone.localdate(signed),
        partnership=paper.partnership_id,
        partners=tuple(
            CasePartner(
                agency=one.agency.code,
                name=str(one),
                program=one.program,
                contributes=one.contributes,
                benefit=content["benefits"].get(str(one.pk), ""),
                impact=content["impacts"].get(str(one.pk), ""),
            )
            for one in paper.partnership.partners.select_related("agency")
        ),
        questions=tuple(content["questions"]),
        datasets=tuple(content["datasets"]),
        other_datasets=tuple(content["other_datasets"]),
        elements=tuple((code, name) for code, names in content["elements"].items() for name in names),
        sharing=content["sharing"],
        returned=content["returned"],
        consent=content["consent"],
        consent_note=content["consent_note"],
    )
