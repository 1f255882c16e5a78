"""What an analyst writes down about a question, and what the board answers. Lists are written one to a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.policy.terms import PURPOSES
from infotrust.shared.inputs import Area
from infotrust.stages.analysis.terms import QUESTION_PURPOSES, Draft, words_in_order

SQL = {"spellcheck": "false", "class": "font-mono-xs"}


class Lines(forms.CharField):
    """A text area whose lines are a list."""

    widget = Area(3)

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class Pairs(Lines):
    """A text area whose lines are `name: text`; cleaned to a dict."""

    def clean(self, value: Any) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for line in super().clean(value):
            name, colon, text = line.partition(":")
            if not colon or not name.strip():
                raise forms.ValidationError(_("“%(line)s” has no colon: write “name: text”.") % {"line": line[:60]})
            pairs[name.strip()] = text.strip()
        return pairs


class QuestionForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("The question, in plain words"),
        max_length=200,
        help_text=gettext_lazy("As a resident would ask it."),
    )
    code = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=60,
        help_text=gettext_lazy("Lower-case letters and dashes; it becomes part of the address of the public answer."),
    )
    meaning = forms.CharField(label=gettext_lazy("What it means and what it is for"), widget=Area(3))
    unit = forms.CharField(
        label=gettext_lazy("What is counted"), max_length=100, help_text=gettext_lazy("For instance: children, pupils.")
    )
    population = forms.CharField(label=gettext_lazy("Who is counted"), max_length=300)
    period = forms.CharField(label=gettext_lazy("Period"), max_length=100)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    agreements = forms.MultipleChoiceField(
        label=gettext_lazy("Agreement"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("One of them must allow every field that the statement reads, for this purpose."),
    )
    license = forms.ChoiceField(
        label=gettext_lazy("License"),
        required=False,
        help_text=gettext_lazy(
            "Then only the people it names run it, for its purpose, with its fields, until it ends."
        ),
    )
    sql = forms.CharField(
        label=gettext_lazy("Statement (SQL)"),
        widget=Area(14, attrs=SQL),
        help_text=gettext_lazy("One SELECT that counts people: count(DISTINCT person_id) by categories."),
    )
    limits = Lines(
        label=gettext_lazy("What it does not tell you"),
        help_text=gettext_lazy("One to a line. Say what linking records can get wrong."),
    )
    definitions = Pairs(
        label=gettext_lazy("Definitions"), required=False, help_text=gettext_lazy("One to a line, as “Term: meaning”.")
    )
    labels = Pairs(
        label=gettext_lazy("Words for columns and values"),
        required=False,
        help_text=gettext_lazy("One to a line, as “column: Title” or “column = value: words”."),
    )
    sentence = forms.CharField(
        label=gettext_lazy("The answer in one sentence"),
        required=False,
        max_length=500,
        widget=Area(3),
        help_text=gettext_lazy(
            "With figures in braces, as in “{not_known} of {all} pupils”. Only released numbers fill it."
        ),
    )
    figures = Pairs(
        label=gettext_lazy("Figures of the sentence"),
        required=False,
        help_text=gettext_lazy("One to a line, as “not_known: known = no”; nothing after the colon adds up every row."),
    )

    def __init__(
        self,
        *arguments: Any,
        agreements: Iterable[tuple[str, str]],
        licenses: Iterable[tuple[str, str]] = (),
        fixed_code: str = "",
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["purpose"].choices = [(code, PURPOSES[code].title) for code in QUESTION_PURPOSES]  # type: ignore[attr-defined]
        self.fields["agreements"].choices = list(agreements)  # type: ignore[attr-defined]
        self.fields["license"].choices = [("", gettext_lazy("None: under the agreement alone")), *licenses]  # type: ignore[attr-defined]
        if fixed_code:
            del self.fields["code"]

    def draft(self, *, code: str, dimensions: tuple[str, ...], measures: tuple[str, ...]) -> Draft:
        """The cleaned form as a draft; the columns are those the statement was found to give."""
        data = dict(self.cleaned_data)
        data["code"] = data.get("code") or code
        return Draft(
            **data
            | {
                "agreements": tuple(data["agreements"]),
                "limits": tuple(data["limits"]),
                "labels": labels_from(data["labels"]),
                "figures": {name: rows_from(text) for name, text in data["figures"].items()},
                "dimensions": dimensions,
                "measures": measures,
            }
        )


class ReviewForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        widget=Area(3),
        help_text=gettext_lazy("Needed to send the question back: say what its author should change."),
    )


def labels_from(pairs: Mapping[str, str]) -> dict[str, Any]:
    """Turn `column: Title` and `column = value: words` into {"column": {"title": ..., "values": {...}}}."""
    labels: dict[str, Any] = {}
    for name, text in pairs.items():
        column, equals, value = (part.strip() for part in name.partition("="))
        label = labels.setdefault(column, {})
        if equals:
            label.setdefault("values", {})[value] = text
        else:
            label["title"] = text
    return labels


def rows_from(text: str) -> dict[str, Any]:
    """Turn `known = no; level = high | middle` into {"known": "no", "level": ["high", "middle"]}."""
    rows: dict[str, Any] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        column, _equals, values = (each.strip() for each in part.partition("="))
        chosen = [value.strip() for value in values.split("|")]
        rows[column] = chosen[0] if len(chosen) == 1 else chosen
    return rows


def initial_of(question: Any) -> dict[str, Any]:
    """A question as the form shows it; `figures` and `labels` back in lines."""
    lines = []
    for column, label in question.labels.items():
        lines += [f"{column}: {label['title']}"] if label.get("title") else []
        lines += [f"{column} = {value}: {words}" for value, words in words_in_order(label)]
    plain = (
        "title",
        "code",
        "meaning",
        "unit",
        "population",
        "period",
        "purpose",
        "agreements",
        "license",
        "sql",
        "sentence",
    )
    return {name: getattr(question, name) for name in plain} | {
        "limits": "\n".join(question.limits),
        "definitions": "\n".join(f"{term}: {text}" for term, text in question.definitions.items()),
        "labels": "\n".join(lines),
        "figures": "\n".join(f"{name}: {_rows_text(rows)}" for name, rows in question.figures.items()),
    }


def _rows_text(rows: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{column} = {' | '.join(values) if isinstance(values, list) else values}" for column, values in rows.items()
    )
