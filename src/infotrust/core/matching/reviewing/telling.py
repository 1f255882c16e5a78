"""What answers say about a linkage, and which of them it does not go by, for a reader. By file and row, no values."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from infotrust.core.matching.learning.correction import Correction
from infotrust.core.matching.pipeline import Linkage
from infotrust.core.matching.reviewing.accuracy import Accuracy, Cell, by_community, measure
from infotrust.core.matching.reviewing.intervals import Interval
from infotrust.core.matching.reviewing.questions import Doubted

_MOST_SHOWN = 20


def learned(correction: Correction) -> str:
    """One sentence on what the answers taught."""
    if not correction.used:
        return "Too few answers about compared pairs to learn from: they decide their own pairs alone."
    slips = (
        f"about {correction.slips:.0%} of them seem to be wrong" if correction.slips >= 0.01 else "hardly any is wrong"
    )
    if not correction.learned:
        return f"Nothing was to be learned from {correction.used:,} answers ({slips}); they decide their own pairs."
    return f"The weights of all pairs were corrected by {correction.used:,} answers ({slips})."


def doubted_table(doubted: Doubted, linkage: Linkage, names: Sequence[str]) -> Table:
    """The answers that are not gone by, by file and row."""
    rows = [(both, "all other evidence is against it, or two people differ") for both in doubted.doubted]
    rows += [(both, "other answers leave no room for it") for both in doubted.contradicted]
    table = Table(title="Answers to be looked at again, best by someone else", title_justify="left", title_style="bold")
    for heading in ("record", "with", "why"):
        table.add_column(heading, overflow="fold")
    for (one, other), why in rows[:_MOST_SHOWN]:
        table.add_row(*(_where(linkage, names, at) for at in (one, other)), why)
    if len(rows) > _MOST_SHOWN:
        table.caption = f"and {len(rows) - _MOST_SHOWN:,} more"
    return table


def _where(linkage: Linkage, names: Sequence[str], at: int) -> str:
    return f"{names[linkage.source_index[at]]} row {linkage.record_index[at] + 1}"


def accuracy_table(cells: Sequence[Cell]) -> Table:
    """Precision and recall with their intervals, overall and between which files."""
    whole = measure(cells)
    title = f"The linkage these questions were drawn from, by {whole.answers:,} pairs drawn at random"
    table = Table(title=title, caption="in brackets: 95 % intervals", title_justify="left", title_style="bold")
    for heading in ("among", "answers", "cannot tell", "precision", "recall of compared pairs"):
        table.add_column(heading, justify="left" if heading == "among" else "right")
    parts = {"all": whole} | by_community(cells)
    for name, accuracy in parts.items() if len(parts) > 2 else [("all", whole)]:
        table.add_row(name, f"{accuracy.answers:,}", f"{accuracy.cannot_tell:,}", *_figures(accuracy))
    return table


def _figures(accuracy: Accuracy) -> tuple[str, str]:
    return _told(accuracy.precision), _told(accuracy.recall)


def _told(interval: Interval | None) -> str:
    return (
        "too few answers" if interval is None else f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
    )
