"""The site's own words read at grade 8 or below. Words that agencies wrote (`data-words`) are theirs to mend."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from infotrust.core import law
from tests.portal.reading import grade, syllables
from tests.portal.test_pages import PAGES

# Brief page furniture is not prose: a reading level needs sentences.
PROSE = {"p", "li", "dd", "figcaption"}
NEVER_SAID = ("IDS", "integrated data system", "harvest", "suppression", "PII")


class Prose(HTMLParser):
    """Collects the sentences of the main part that are the site's own."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.in_main = False
        self.texts: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.in_main = True
        if tag in {"input", "meta", "link", "img", "br"}:
            return
        theirs = any(name == "data-words" for name, _ in attrs) or any(theirs for _, theirs in self.open)
        self.open.append((tag, theirs))
        if tag in PROSE:
            self.texts.append([])

    def handle_endtag(self, tag):
        if tag == "main":
            self.in_main = False
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if self.in_main and set(tags) & PROSE and not ({"code", "a", "nav"} & set(tags)) and not self.open[-1][1]:
            self.texts[-1].append(data)

    def sentences(self) -> str:
        joined = (" ".join("".join(text).split()) for text in self.texts)
        return " ".join(text for text in joined if text.endswith((".", "?", "!", ":")))


def prose_of(text: str) -> str:
    parser = Prose()
    parser.feed(text)
    return parser.sentences()


@pytest.mark.parametrize("address", PAGES)
def test_the_sites_own_words_read_at_grade_eight_or_below(client, catalogue, address):
    prose = prose_of(client.get(address).content.decode())
    assert len(prose.split()) > 10, "the page has no words of its own to measure"
    assert grade(prose) <= 8


@pytest.mark.parametrize("address", PAGES)
def test_no_page_speaks_the_language_of_the_trade(client, catalogue, address):
    words = prose_of(client.get(address).content.decode())
    assert [word for word in NEVER_SAID if word in words] == []


@pytest.mark.parametrize(
    ("word", "count"),
    [("help", 1), ("agreement", 3), ("shared", 1), ("agency", 3), ("table", 2), ("wanted", 2), ("places", 2)],
)
def test_syllables_are_counted_as_they_are_said(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize("code", list(law.regimes()))
def test_what_each_law_says_reads_at_grade_eight_or_below(code):
    assert grade(law.regime(code).plain) <= 8


def test_the_language_of_a_contract_is_above_grade_eight():
    legal = "Administrative information is integrated longitudinally pursuant to interagency governance determinations."
    assert grade(legal) > 8
