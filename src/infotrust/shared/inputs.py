"""Inputs that the forms of every stage use."""

from __future__ import annotations

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date picker; it reads and shows ISO dates only, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
