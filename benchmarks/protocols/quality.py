"""How right a tool's persons are: pairs and B-cubed, and at which of its cuts."""

from __future__ import annotations

import numpy as np

from infotrust.core.matching import evaluate

Figures = dict[str, dict[str, float]]


def judge(found: np.ndarray, true: np.ndarray) -> Figures:
    """Precision, recall and F1, pairwise and B-cubed; one label for each record in both."""
    standing = evaluate.standing(found, true)
    measures = {"pairwise": standing.pairwise(), "b_cubed": standing.b_cubed()}
    return {
        name: {"precision": round(q.precision, 5), "recall": round(q.recall, 5), "f1": round(q.f1, 5)}
        for name, q in measures.items()
    }


def b_cubed(figures: Figures) -> float:
    return figures["b_cubed"]["f1"]
