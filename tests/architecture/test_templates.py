"""Every word on a page can be translated, and no page breaks the content security policy."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "infotrust"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
# What stands in these is code, the same in every language.
SILENT = {"script", "style", "code", "pre", "samp", "kbd"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-label"}
TRANSLATED = [
    re.compile(r"\{% comment[^%]*%\}.*?\{% endcomment %\}", re.DOTALL),
    re.compile(r"\{#.*?#\}"),
    re.compile(r"\{% (blocktrans\w*)\b.*?%\}.*?\{% end\1 %\}", re.DOTALL),
    # Classes and attributes of <body>, which the frames fill.
    re.compile(r"\{% block body_\w+ %\}.*?\{% endblock %\}", re.DOTALL),
    # The look of one of allauth's elements, as a word of code.
    re.compile(r"\{% setvar tags %\}.*?\{% endsetvar %\}", re.DOTALL),
    # An element whose name is itself chosen by a tag.
    re.compile(r"</?\{% if [^<]*?>", re.DOTALL),
    re.compile(r"\{%.*?%\}", re.DOTALL),
    re.compile(r"\{\{.*?\}\}", re.DOTALL),
]
# Names that are the same in every language.
SAME = re.compile(r"\b(infotrust|CSV|SQL|SHA-256|DuckDB|GET|POST|s|JSON|h)\b")


class Words(HTMLParser):
    """Collects what a reader would read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def bare_words(text: str) -> list[str]:
    for pattern in TRANSLATED:
        text = pattern.sub(" ", text)
    words = Words()
    words.feed(text)
    spoken = (SAME.sub(" ", each).strip() for each in words.found)
    return [each for each in spoken if re.search(r"[A-Za-z]{2,}", each)]


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_there_are_templates():
    assert len(TEMPLATES) > 10


# When this one is shown nothing works, translation neither.
LAST_RESORT = "500.html"


@pytest.mark.parametrize("path", [each for each in TEMPLATES if each.name != LAST_RESORT], ids=name_of)
def test_every_word_of_a_page_can_be_translated(path):
    assert not bare_words(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_page_has_inline_style_script_or_handlers(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")", text)
    assert not re.search(r"(src|href)=\"(https?:)?//(?![^\"]*\.example)", text), "something is fetched from elsewhere"


@pytest.mark.parametrize(
    "text",
    ["<p>Bare words</p>", '<img alt="Bare words">', '{% translate "x" %} Bare', "<p>{{ x }} bare</p>"],
)
def test_the_scan_finds_bare_words(text):
    assert bare_words(text)


@pytest.mark.parametrize(
    "text",
    [
        '<p>{% translate "Words" %}</p>',
        "{% blocktranslate trimmed with a=b %}Words {{ a }}{% plural %}More{% endblocktranslate %}",
        "{% comment %}A note{% endcomment %}<b>{{ value }}</b> 12 %",
    ],
)
def test_the_scan_accepts_translated_words(text):
    assert not bare_words(text)
