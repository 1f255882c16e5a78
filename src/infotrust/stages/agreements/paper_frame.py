"""What a lawyer expects around the clauses of an agreement: parties, background, defined terms, exhibits.

Everything here is made from the terms and says nothing that a clause does not: the clauses are the text that is
signed. It carries no key, so a Word file that comes back is compared without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.documents import Bullets, Facts, Heading, Paragraph, Part, Table
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.strictest import regimes_of
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.permissions.terms import PURPOSE_TITLES
from infotrust.stages.agreements.terms import USE_HELP, USE_TITLES


def opening(terms: AgreementTerms, why: Paragraph) -> list[Part]:
    """Return who agrees with whom from when to when, and why; `why` is the reason in the parties' own words."""
    made = _("This %(kind)s (the “Agreement”) is made between %(parties)s. It runs from %(first)s to %(last)s.") % {
        "kind": _in_a_sentence(KINDS[terms.kind].title),
        "parties": _listed([f"{name} ({_('a “Party”')})" for _code, name in terms.parties]),
        "first": _day(terms.starts_on),
        "last": _day(terms.ends_on),
    }
    parts: list[Part] = [Paragraph(made), Heading(_("Background")), why]
    if background := list(_background(terms)):
        parts.append(Bullets(tuple(background), numbered=True))
    parts.append(Paragraph(_("The Parties therefore agree as follows.")))
    if terms.shares:
        parts += [Heading(_("Defined terms")), Facts(tuple(_defined(terms)))]
    return parts


def exhibits(terms: AgreementTerms, fields: Table) -> list[Part]:
    """Return Exhibit A, the data, and Exhibit B, the laws that govern it; nothing where no data is shared."""
    if not terms.shares:
        return []
    owners = dict(terms.parties)
    datasets = tuple((one.title or one.code, one.code, owners.get(one.owner, one.owner)) for one in terms.datasets)
    columns = (_("Dataset"), _("Short name"), _("Kept by"))
    found: list[Part] = [Heading(_("Exhibit A: The data")), Table(_("Datasets"), columns, datasets), fields]
    if laws := tuple((one.title, one.citation) for one in map(law.regime, regimes_of(terms))):
        found += [
            Heading(_("Exhibit B: The laws that govern the data")),
            Table(_("Laws"), (_("Law"), _("Citation")), laws),
        ]
    return found


def _background(terms: AgreementTerms) -> Iterator[str]:
    for code, name in terms.parties:
        if titles := [one.title or one.code for one in terms.datasets if one.owner == code]:
            yield _("%(party)s keeps: %(datasets)s.") % {"party": name, "datasets": _listed(titles)}
    if terms.shares and terms.purposes:
        purposes = [str(PURPOSE_TITLES[code]) for code in terms.purposes]
        yield _("The data is wanted for: %(purposes)s.") % {"purposes": _listed(purposes)}


def _defined(terms: AgreementTerms) -> Iterator[tuple[str, str]]:
    yield _("“Data”"), _("the fields listed in Exhibit A, and nothing else of the datasets named there")
    yield _("“Party”"), _("each agency that signs this Agreement")
    recipients = _listed([name for _code, name in terms.recipients])
    yield _("“Recipient”"), _("an agency whose people use the Data: %(names)s") % {"names": recipients}
    used = {use for dataset in terms.datasets for field in dataset.agreed for use in field.uses}
    for use, title in USE_TITLES.items():
        if use in used:
            yield f"“{title}”", str(USE_HELP[use])


def _listed(words: Sequence[str]) -> str:
    """Return names with commas of their own kept apart, the last after "and"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": "; ".join(words[:-1]), "last": words[-1]}


def _in_a_sentence(title: str) -> str:
    return title[:1].lower() + title[1:]


def _day(day: object) -> str:
    return f"{day:%B} {day.day}, {day.year}"  # type: ignore[attr-defined]
