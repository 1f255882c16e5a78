"""No form lets a browser cut off what someone pastes: every text area of every stage is without a limit of its own."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver

from infotrust.shared.inputs import Area


class Remark(forms.Form):
    text = forms.CharField(widget=Area(3), max_length=10)


def every_form(found: type = forms.Form) -> Iterator[type[forms.Form]]:
    for one in found.__subclasses__():
        yield one
        yield from every_form(one)


def test_what_is_too_long_is_said_by_the_form_with_every_word_still_in_it():
    typed = Remark({"text": "far too long for it"})
    assert "at most 10 characters" in str(typed.errors)
    assert "far too long for it" in str(typed)
    assert "maxlength" not in str(typed)
    assert 'rows="3"' in str(typed)


def test_no_text_area_of_the_product_has_a_limit_in_the_browser():
    assert get_resolver().url_patterns  # every view, and so every form, is there
    limited = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in every_form()
        if form.__module__.startswith("infotrust.")
        for name, field in form.base_fields.items()
        if isinstance(field.widget, forms.Textarea)
        and "maxlength" in field.widget.get_context(name, "", {})["widget"]["attrs"]
    ]
    assert not limited, limited
