"""The school grade that a text asks of its reader.

Flesch-Kincaid (Kincaid and others, 1975): 0.39 words per sentence + 11.8 syllables per word - 15.59. Syllables are
counted here and not by textstat, whose dictionary has to be downloaded: vowel groups without a silent e, or
textstat's own hyphenation where that finds more, so that the grade is rather too high than too low.
"""

from __future__ import annotations

import re

import pyphen

HYPHENS = pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    word = word.lower()
    silent = re.search(r"[^aeiouyl]e(s|d)?$", word) and not re.search(r"([td]ed|[cgsxz]es)$", word)
    groups = len(re.findall(r"[aeiouy]+", word)) - bool(silent)
    return max(1, groups, len(HYPHENS.positions(word)) + 1)


def grade(text: str) -> float:
    sentences = len(re.findall(r"[.!?:]+(?=\s|$)", text)) or 1
    words = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
