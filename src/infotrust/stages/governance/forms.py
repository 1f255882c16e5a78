"""The forms of governance. What they check is what a page can explain beside the field; services check the rest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from infotrust.core.counting import Choice
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.inputs import Area, DateInput
from infotrust.stages.governance.terms import BASES, CHOICES, SHARES, Answered, How, Office, SeatKind

# A motion is read aloud; what is longer belongs into the document that it is about.
LONGEST_TEXT = 20_000


def words(label: Any, *, rows: int = 4, help_text: Any = "", required: bool = True, longest: int = LONGEST_TEXT) -> Any:
    """A field for running text. Its limit is told by the server, not cut off by the browser while someone pastes."""
    return forms.CharField(
        label=label,
        widget=Area(rows),
        required=required,
        help_text=help_text,
        max_length=longest,
    )


class MotionForm(forms.Form):
    """What a body is asked to decide."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What is to be decided, in one line."))
    why = words(_("Why"), rows=4, help_text=_("In plain words: the public reads this first."))
    text = words(_("What is decided, to the letter"), rows=6, help_text=_("If adopted, exactly this holds."))
    conditions = words(
        _("Conditions"), rows=3, required=False, help_text=_("What must be so for the decision to hold.")
    )
    review_by = forms.DateField(
        label=_("Look at it again by"),
        required=False,
        widget=DateInput(),
        help_text=_("The board is reminded in time."),
    )


class RaiseForm(MotionForm):
    board = forms.ChoiceField(label=_("Board"))
    subject = forms.ChoiceField(
        label=_("About"),
        required=False,
        help_text=_("The motion is about it as it stands now, and about nothing later."),
    )
    supersedes = forms.ChoiceField(label=_("Takes the place of"), required=False)
    field_order = ("board", "title", "why", "text", "conditions", "review_by", "subject", "supersedes")

    def __init__(
        self,
        *args: Any,
        boards: list[tuple[str, str]],
        standing: list[tuple[str, str]],
        subjects: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", _("Nothing that has a page of its own")), *subjects]  # type: ignore[attr-defined]
        self.fields["board"].choices = boards  # type: ignore[attr-defined]
        self.fields["supersedes"].choices = [("", _("Nothing: it is new")), *standing]  # type: ignore[attr-defined]


class ChangeForm(MotionForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    note = words(_("What should change"), longest=4000, help_text=_("Who raised it reads this."))


class TakeUpForm(forms.Form):
    note = words(_("Note"), rows=3, required=False, longest=4000, help_text=_("For the members of the board."))


class CommentPeriodForm(forms.Form):
    days = forms.IntegerField(label=_("Days for comments"), validators=[MinValueValidator(1), MaxValueValidator(365)])


class ConditionsForm(forms.Form):
    conditions = words(_("Conditions"), required=False, help_text=_("What must be so for the decision to hold."))
    review_by = forms.DateField(label=_("Look at it again by"), required=False, widget=DateInput())


class OpenVoteForm(forms.Form):
    how = forms.ChoiceField(label=_("How"), choices=How.choices, widget=forms.RadioSelect, initial=How.ASYNCHRONOUS)
    waived = forms.CharField(
        label=_("Why the public is not asked first"),
        required=False,
        max_length=400,
        help_text=_("Only where this cannot wait. Everyone reads it."),
    )

    meeting = forms.TypedChoiceField(label=_("In which meeting"), required=False, coerce=int, empty_value=None)
    field_order = ("how", "meeting", "waived")

    def __init__(self, *args: Any, ask_why: bool = True, meetings: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # With one meeting called there is nothing to choose; with none, the service says what to do.
        self.fields["meeting"].choices = [("", _("Choose")), *meetings]  # type: ignore[attr-defined]
        if len(meetings) < 2:
            del self.fields["meeting"]
        if not ask_why:
            del self.fields["waived"]


class MeetingForm(forms.Form):
    starts_at = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label=_("Where"), max_length=200, help_text=_("A room, or how to join."))
    topics = words(
        _("Other topics"),
        rows=3,
        required=False,
        longest=4000,
        help_text=_("One in each line. The open motions of the board are on the agenda by themselves."),
    )


class MeetingChangeForm(MeetingForm):
    """The agenda, too: which motions are on it, and the topics."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    motions = forms.TypedMultipleChoiceField(
        label=_("Motions on the agenda"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("starts_at", "place", "motions", "topics", "seen")

    def __init__(self, *args: Any, motions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].help_text = _("One in each line.")
        self.fields["motions"].choices = motions  # type: ignore[attr-defined]
        if not motions:
            del self.fields["motions"]


class VoteForm(forms.Form):
    choice = forms.ChoiceField(label=_("Your vote"), choices=CHOICES, widget=forms.RadioSelect)
    reasons = words(
        _("Your reasons"),
        required=False,
        longest=8000,
        help_text=_("Needed for a vote against. They stand beside the decision, also as dissent, and are public then."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("choice") == Choice.NO and not (values.get("reasons") or "").strip():
            self.add_error("reasons", _("Say why you are against it."))
        return values


class RecuseForm(forms.Form):
    reason = forms.CharField(
        label=_("What the conflict of interest is"),
        max_length=400,
        widget=Area(3),
        help_text=_("For example: my agency is paid for this. Everyone reads it."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=Area(3), help_text=_("Everyone reads it."))


class LookBackForm(forms.Form):
    words = words(_("What was found"), longest=8000, help_text=_("Did it do what it was for? Everyone reads it."))
    next_on = forms.DateField(label=_("Look at it again by"), required=False, widget=DateInput())


class ReplyForm(forms.Form):
    comments = forms.MultipleChoiceField(
        label=_("Comments that this answers"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    words = words(_("Reply"), longest=4000, help_text=_("In plain words: it stands under the comment for everyone."))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comments"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """One of the four questions."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    question = forms.CharField(widget=forms.HiddenInput, max_length=12)
    answer = forms.ChoiceField(label=_("Your answer"), choices=Answered.choices, widget=forms.RadioSelect)
    words = words(_("Because"), rows=3, longest=8000)


class RulesForm(forms.Form):
    """The rules of a charter that votes are counted by."""

    share = forms.ChoiceField(label=_("How much must be in favor"), choices=SHARES, widget=forms.RadioSelect)
    basis = forms.ChoiceField(label=_("Of what"), choices=BASES, widget=forms.RadioSelect)
    quorum_percent = forms.IntegerField(
        label=_("Percent of the seats that must take part"), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    quorum_number = forms.IntegerField(
        label=_("And at least this many seats"), validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    one_vote_per_agency = forms.BooleanField(label=_("Each agency has one vote"), required=False)
    chair_decides_ties = forms.BooleanField(label=_("The chair’s vote decides a tie"), required=False)
    comment_days = forms.IntegerField(
        label=_("Days of public comment before a vote"), validators=[MinValueValidator(0), MaxValueValidator(365)]
    )
    vote_days = forms.IntegerField(
        label=_("Days to vote in writing"), validators=[MinValueValidator(0), MaxValueValidator(365)]
    )
    term_months = forms.IntegerField(
        label=_("Longest term of a seat, in months"), validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    decides_extensions = forms.BooleanField(
        label=_("It decides when a license is extended"),
        help_text=_("Of licenses under agreements that this board decides on."),
        required=False,
    )


RULES = {
    "share": "majority",
    "basis": "cast",
    "quorum_percent": 50,
    "quorum_number": 0,
    "comment_days": 14,
    "vote_days": 7,
    "term_months": 36,
}


class FoundForm(RulesForm):
    code = forms.CharField(
        label=_("Short name"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Letters, digits and dashes, for example executive-board. It stays."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    about = words(_("What it decides"), rows=3, longest=2000, help_text=_("In plain words: the public reads it."))
    charter = words(_("Text of the charter"), rows=10, longest=100_000)
    names_public = forms.BooleanField(label=_("The public reads who holds its seats"), required=False)
    field_order = ("code", "name", "about", "charter")


class CharterForm(RulesForm):
    motion = forms.ChoiceField(label=_("Adopted by"))
    charter = words(_("Text of the charter"), rows=10, longest=100_000)
    field_order = ("motion", "charter")

    def __init__(self, *args: Any, motions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motion"].choices = motions  # type: ignore[attr-defined]


def _agency_or_none() -> list[tuple[str, object]]:
    return [("", _("None")), *accounts.agency_choices()]


class SeatForm(forms.Form):
    title = forms.CharField(label=_("Name of the seat"), max_length=120, help_text=_("The public reads it."))
    kind = forms.ChoiceField(label=_("For whom"), choices=SeatKind.choices, widget=forms.RadioSelect)
    agency = forms.ChoiceField(label=_("Agency"), required=False, choices=_agency_or_none)
    office = forms.ChoiceField(
        label=_("Office"), choices=Office.choices, widget=forms.RadioSelect, initial=Office.MEMBER
    )
    votes = forms.BooleanField(label=_("It has a vote"), required=False, initial=True)


class PersonOnDaysForm(forms.Form):
    """Someone, from one day to another."""

    person = forms.ChoiceField(label=_("Person"))
    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=DateInput())

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class DelegateForm(PersonOnDaysForm):
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=200, help_text=_("For example: parental leave.")
    )


class EndTermForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=DateInput())
    reason = forms.CharField(label=_("Reason"), max_length=400)


class InterestForm(forms.Form):
    words = forms.CharField(
        label=_("What it is"), max_length=400, help_text=_("What you, or someone close to you, gains or loses by.")
    )
    subject = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", _("Nothing in particular")), *subjects]  # type: ignore[attr-defined]
