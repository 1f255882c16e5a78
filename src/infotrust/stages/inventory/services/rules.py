"""What a description must be before it is kept: each rule that is broken is named with the part to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.stages.inventory.models import Dataset, Source
from infotrust.stages.inventory.terms import FieldSpec, Problem, Unit, UpdateFrequency, problems


class DescriptionRefused(UserFacingError):
    """A description breaks a rule of the inventory. `problems` names each part and how to mend it."""

    def __init__(self, thing: str, found: Sequence[Problem]) -> None:
        self.problems = tuple(found)
        super().__init__(
            _("%(thing)s cannot be described like this.") % {"thing": thing},
            next_step=" ".join(f"{problem.part}: {problem.text}" for problem in found),
        )


def require_known(parts: dict[str, str], known: Sequence[str]) -> None:
    if unknown := set(parts) - set(known):
        raise TypeError(f"no such part: {sorted(unknown)}")


def require_free(model: type[Source] | type[Dataset], code: str) -> None:
    if model.objects.filter(code=code).exists():
        text = _("This short name is taken. Choose another.")
        raise DescriptionRefused(code, [Problem("code", text)])


def _slug_problems(code: str) -> list[Problem]:
    try:
        validate_slug(code)
    except ValidationError:
        return [Problem("code", _("Use small letters, digits and hyphens for the short name."))]
    return [] if code == code.lower() else [Problem("code", _("Use small letters in the short name."))]


def require_sound_source(code: str, name: str, contact: str) -> None:
    found = _slug_problems(code)
    if not name.strip():
        found.append(Problem("name", _("Give the source a name.")))
    if contact:
        try:
            validate_email(contact)
        except ValidationError:
            found.append(Problem("contact", _("Give an e-mail address of the office that answers questions.")))
    if found:
        raise DescriptionRefused(code, found)


def require_sound_dataset(dataset: Dataset) -> None:
    found = _slug_problems(dataset.code)
    if dataset.source.agency_id != dataset.agency_id:
        found.append(Problem("source", _("The source belongs to another agency. Choose one of your own.")))
    if not dataset.title.strip():
        found.append(Problem("title", _("Give the dataset a title.")))
    if dataset.unit not in ("", *Unit.values):
        found.append(Problem("unit", _("Choose what one row is.")))
    if dataset.update_frequency not in ("", *UpdateFrequency.values):
        found.append(Problem("update_frequency", _("Choose how often the dataset is updated.")))
    if found:
        raise DescriptionRefused(dataset.code, found)


def require_sound_fields(dataset: str, specs: Sequence[FieldSpec]) -> None:
    for name, times in Counter(spec.name.lower() for spec in specs).items():
        if times > 1:
            raise DescriptionRefused(named(dataset, name), [Problem("name", _("Two fields have this name."))])
    for spec in specs:
        if found := problems(spec):
            raise DescriptionRefused(named(dataset, spec.name), found)


def named(dataset: str, field: str) -> str:
    return _("The field %(field)s of %(dataset)s") % {"field": field, "dataset": dataset}
