"""What people's answers are worth: a simulated clerk answers a linkage's questions, rightly or with mistakes.

    ./run bench answers            # writes benchmarks/results/answers.json

The clerk knows the truth, and errs in a stated share of the answers. Round by round 100 questions are taken as
`plan_review` puts them (half drawn at random to measure by, half chosen because they tell most), and the linkage is
made again by all answers so far. Measured each time: B-cubed against the truth, how often the clerk seems to err, and
how many answers were doubted. Beside it the same answers only decide the pairs they are about, as in most tools.

pseudopeople 2020 and Marigold County 1 were looked at while this was made; the other sets were not.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from protocols import marigold, pseudo
from protocols.machine import machine

from infotrust.core.matching import evaluate
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.told import constraints_of
from infotrust.core.matching.pipeline import Linkage, link_again, link_tables
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.reviewing.review import plan_review

RESULTS = Path(__file__).parent / "results" / "answers.json"
ROUND = 100
ERRORS = (0.0, 0.05, 0.1)
PACKAGES = ("infotrust", "pseudopeople", "numba", "numpy", "pandas", "pyarrow")
SHOWN = (0, 100, 300, 500, 1_000)


@dataclass(frozen=True)
class Known:
    """Sources, and the true person of each record in their order."""

    sources: list[Source]
    person: np.ndarray


WITHOUT_CENSUS = tuple(name for name in pseudo.FILES if name != "census.csv")


SETS: dict[str, Callable[[Path], Any]] = {
    "pseudopeople 2020, seed 1": lambda folder: pseudo.write_years(folder, dict.fromkeys(WITHOUT_CENSUS, 2020), 1),
    "pseudopeople 2030, seed 99": lambda folder: pseudo.write_years(folder, dict.fromkeys(pseudo.FILES, 2030), 99),
    "pseudopeople 2020, seed 5, six times the mistakes, no SSN": lambda folder: pseudo.write_years(
        folder, dict.fromkeys(pseudo.FILES, 2020), 5, noise=6.0, without=["ssn"]
    ),
    "Marigold County of 20,000, seed 1": lambda folder: marigold.write_files(folder, 1),
    "Marigold County of 20,000, seed 12": lambda folder: marigold.write_files(folder, 12),
    "Marigold County of 5,000, seed 13": lambda folder: marigold.write_files(folder, 13, people=5_000),
}


def read_known(folder: Path) -> Known:
    truth = files.read_table(folder / "truth.parquet").to_pandas()
    sources, persons = [], []
    for name, rows in truth.groupby("file", sort=True):
        table = files.read_table(folder / name)
        sources.append(Source(name, table, choose_columns(recognize_columns(table))))
        persons.append(rows.assign(row=rows["row"].astype(int)).sort_values("row")["person"].astype(str).to_numpy())
    return Known(sources, np.unique(np.concatenate(persons), return_inverse=True)[1])


def asked(
    known: Known, first: Linkage, *, total: int, errs: float, seed: int
) -> Iterator[tuple[list[Answer], Linkage]]:
    """All answers so far and the linkage by them, after each round."""
    clerk = np.random.default_rng(seed)
    said: dict[tuple[int, int], Verdict] = {}
    drawn, linkage = 0, first
    key = list(zip(first.source_index.tolist(), (first.record_index + 1).tolist(), strict=True))
    for round_ in range(total // ROUND):
        review = plan_review(
            linkage, communities=np.zeros(len(known.person), np.int64), names=["all"], answered=said,
            sample=ROUND // 2 + drawn, telling=ROUND, seed=seed + round_,
        )  # fmt: skip
        fresh = [question for question in review.questions if (question.one, question.other) not in said][:ROUND]
        for question in fresh:
            same = known.person[question.one] == known.person[question.other]
            verdict = Verdict.MATCH if same != (clerk.random() < errs) else Verdict.NO_MATCH
            said[question.one, question.other] = verdict
            drawn += question.worth == 0
        answers = [
            Answer(*((known.sources[key[at][0]].name, str(key[at][1])) for at in pair), verdict)
            for pair, verdict in said.items()
        ]
        linkage = link_again(first, known.sources, answers)
        yield answers, linkage


def only_decided(known: Known, first: Linkage, answers: Sequence[Answer]) -> np.ndarray:
    """The groups when answers decide the pairs they are about and teach nothing."""
    evidence = first.evidence
    constraints = constraints_of(known.sources, evidence.records, answers)
    _, groups = cluster.choose_cut(len(known.person), evidence.scored, replace(constraints, asked=None))
    return groups[evidence.original]


def simulate(known: Known, *, errs: float, total: int, seed: int) -> dict[str, Any]:
    first = link_tables(known.sources)
    by_answers = {0: figures(first.person, known.person)}
    begun = time.process_time()
    spent = 0.0
    for answers, linkage in asked(known, first, total=total, errs=errs, seed=seed):
        spent = next(step.cpu_seconds for step in linkage.report.steps if step.name == "learn from answers")
        if len(answers) in SHOWN or len(answers) >= total:
            correction = linkage.evidence.correction
            by_answers[len(answers)] = figures(linkage.person, known.person) | {
                "only decided pairs": figures(only_decided(known, first, answers), known.person)["f1"],
                "slips, estimated": correction.slips,
                "doubted": int(correction.settled.doubted.sum()),
                "contradicted": int(correction.settled.contradicted.sum()),
            }
    return {
        "B-cubed by answers": by_answers,
        "CPU seconds, all rounds": round(time.process_time() - begun, 1),
        "CPU seconds to learn, last round": spent,
    }


def figures(found: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    quality = evaluate.b_cubed(found, truth)
    return {
        "precision": round(quality.precision, 4), "recall": round(quality.recall, 4), "f1": round(quality.f1, 4)
    }  # fmt: skip


def show(results: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="B-cubed F1 by number of answers; in brackets: answers only decide their own pairs")
    for heading in ("set", "wrong", *map(str, SHOWN)):
        table.add_column(heading, justify="left" if heading == "set" else "right")
    for name, result in results["sets"].items():
        for errs, one in result["wrong answers"].items():
            cells = [
                f"{at['f1']:.4f}" + (f" ({at['only decided pairs']:.4f})" if "only decided pairs" in at else "")
                for at in one["B-cubed by answers"].values()
            ]
            table.add_row(name, errs, *cells)
    Console(width=150).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a part of the names of the sets; the others keep the results they have")
    parser.add_argument("--seed", type=int, default=1, help="of the clerk's mistakes and the draws")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    results: dict[str, Any] = {
        "what": f"A clerk who knows the truth answers plan_review's questions in rounds of {ROUND}; B-cubed after them",
        "sets": json.loads(RESULTS.read_text("utf-8"))["sets"] if RESULTS.exists() else {},
        "machine": machine(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }
    for name, write in SETS.items():
        if arguments.only and arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            write(Path(temporary))
            known = read_known(Path(temporary))
        wrong = {f"{errs:.0%}": simulate(known, errs=errs, total=max(SHOWN), seed=arguments.seed) for errs in ERRORS}
        results["sets"][name] = {
            "records": len(known.person), "persons": len(np.unique(known.person)), "wrong answers": wrong
        }  # fmt: skip
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    show(results)


if __name__ == "__main__":
    main()
