"""Inputs that the forms of every stage use."""

from __future__ import annotations

from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date picker; it reads and shows ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Area(forms.Textarea):
    """A text area without the browser's own limit, which would cut a long paste off without a word.

    What is too long is said by the form, with every word still in it.
    """

    def __init__(self, rows: int = 4, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": rows, **(attrs or {})})

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        # A form field with a limit writes it into its widget whatever the widget was made with.
        return {
            name: value for name, value in super().build_attrs(base_attrs, extra_attrs).items() if name != "maxlength"
        }
