"""Makes, of an output and its question, all that would be published: the protected table and the words beside it.

The words come from the question's approved version; the numbers from the released table alone. Nothing here decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.disclosure import (
    Audit,
    CountTable,
    EarlierTable,
    ProtectedTable,
    Status,
    audit,
    compare,
    fill,
    known_cells,
    protect,
)
from infotrust.core.errors import Finding
from infotrust.shared.catalogue.entries import AnswerEntry, SourceEntry
from infotrust.stages.inventory import queries as inventory

# An output and a question of analysis. Their models are theirs; what is read of them here is plain values.
Output = Any
Question = Any


@dataclass(frozen=True)
class Prepared:
    """What a checker judges. `hidden` tells why each cell is hidden; only `content` would be published."""

    content: dict[str, Any]
    hidden: list[dict[str, Any]]
    bounds: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    proof: Audit


def count_table(output: Output) -> CountTable:
    """The output as a table of counts, with the words of the question for its dimensions."""
    return CountTable.from_rows(
        output.records,
        dimensions=output.dimensions,
        measure=output.measures[0],
        titles={name: _title(output.question, name) for name in output.dimensions},
    )


def prepare(output: Output, *, threshold: int, earlier: Sequence[EarlierTable]) -> Prepared:
    """Protect the output, prove it, hold it against earlier releases, and write what would be published."""
    table = count_table(output)
    released = protect(table, threshold=threshold, known=known_cells(table, earlier))
    proof = audit(table, released)
    sentence = fill(
        output.question.sentence, released, figures=output.question.figures, instead=_("(a number we do not show)")
    )
    findings = [*proof.findings, *compare(table, released, earlier)]
    findings += [Finding("sentence-incomplete", (name,)) for name in sentence.missing]
    return Prepared(
        content=_content(output, released, sentence.text),
        hidden=[
            {"key": list(cell.key), "why": "small" if cell.status is Status.PRIMARY else "companion"}
            for cell in released.hidden()
        ],
        bounds=[
            {"key": list(one.key), "least": one.least, "most": one.most, "printed": one.printed} for one in proof.bounds
        ],
        findings=[{"rule": one.rule, "where": list(one.where), "facts": one.facts} for one in findings],
        proof=proof,
    )


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of all that would be published, written in one way only."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def entry(question_code: str, content: Mapping[str, Any]) -> AnswerEntry:
    """The answer as the catalogue takes it: the content that was approved, and its digest."""
    sources = tuple(SourceEntry(**source) for source in content["sources"])
    values = {name: value for name, value in content.items() if name != "sources"}
    values |= {"limits": tuple(values["limits"]), "agreements": tuple(values["agreements"])}
    return AnswerEntry(slug=question_code, question=question_code, digest=digest(content), sources=sources, **values)


def _content(output: Output, released: ProtectedTable, sentence: str) -> dict[str, Any]:
    question = output.question
    return {
        "title": question.title,
        "sentence": sentence,
        "meaning": question.meaning,
        "unit": question.unit,
        "period": question.period,
        "population": question.population,
        "table": _worded(question, released),
        "threshold": released.rules.threshold,
        "limits": list(question.limits),
        "definitions": dict(question.definitions),
        "agreements": list(question.agreements),
        "sources": _sources(question),
    }


def _worded(question: Question, released: ProtectedTable) -> dict[str, Any]:
    """The released table's public form, with the words for its columns and values beside the codes."""
    public = released.as_json()
    public["title"] = _title(question, released.measure)
    for dimension in public["dimensions"]:
        label = question.labels.get(dimension["name"]) or {}
        words, order = label.get("values") or {}, list(label.get("order", ()))
        dimension["values"] = sorted(dimension["values"], key=lambda value: _place(value, order))
        dimension["words"] = {value: words[value] for value in dimension["values"] if value in words}
    orders = [[*dimension["values"], None] for dimension in public["dimensions"]]
    public["rows"].sort(key=lambda row: [order.index(value) for order, value in zip(orders, row["key"], strict=True)])
    return public


def _place(value: str, order: list[str]) -> int:
    """Where the question's author put `value`; what has no place of its own comes last, as the statement gave it."""
    return order.index(value) if value in order else len(order)


def _title(question: Question, column: str) -> str:
    label = question.labels.get(column) or {}
    return str(label.get("title") or column.replace("_", " ").capitalize())


def _sources(question: Question) -> list[dict[str, str]]:
    codes = sorted({dataset for dataset, _field in question.fields_read})
    datasets = [inventory.dataset(code) for code in codes]
    return [{"dataset": one.code, "title": one.title, "agency": one.agency.name} for one in datasets]
