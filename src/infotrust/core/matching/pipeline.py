"""Link records: named steps in a fixed order, each counted and timed in the run's manifest.

    from infotrust.core.matching import Source, link_tables
    linkage = link_tables([Source("wic", table, {SemanticType.GIVEN_NAME: "first_name", ...})])

The same records give the same persons, in whatever order they come. Manifest and report hold counts and parameters,
never a value about a person.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import cluster, estimate, score
from infotrust.core.matching.candidates import COMPARE_ALL_UP_TO, Pairs, find_candidates
from infotrust.core.matching.cluster import Scored
from infotrust.core.matching.compare import Comparison, agreement, plan_comparisons
from infotrust.core.matching.compiled import BoolArray, ByteArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.estimate import Model
from infotrust.core.matching.sources import Records, Source, read_records

_MATCH_CLASS_AGREEMENT = 0.9  # of the first class's agreement on personal fields: the rule that finds movers
_MATCH_CLASS_SUPPORT = 0.25  # of the first class's share of common neighbors
_MOST_LOST = 0.05  # more unmistakable pairs than this below even odds: the estimate settled somewhere else


_SAME = frozenset({"same", "same, common", "same, rare", "same, very rare"})


@dataclass(frozen=True)
class Options:
    """Settings of a run; the defaults need no change.

    threshold: smallest mean weight (log2 odds) that joins two groups; None: chosen from the data.
    per_record, widest_key, least_information: see `candidates`. fit_pairs: pairs the model is fitted on.
    """

    threshold: float | None = None
    per_record: int = 20
    widest_key: int = 200
    least_information: float = 8.0
    fit_pairs: int = 300_000
    seed: int = 1


@dataclass(frozen=True)
class StepRun:
    """One step of a run: what it produced and how long it took (wall and CPU seconds)."""

    name: str
    counts: dict[str, int | float]
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Report:
    """The manifest of a run: steps in order, the cut in log2 odds, findings worth a reader's attention."""

    steps: tuple[StepRun, ...]
    cut: float
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Linkage:
    """One entry per record, in the order of the sources and their rows.

    person: int64 labels 0.. in order of first appearance; weight: log2 odds of the record's strongest link inside its
    person, nan when it is alone; record_id: the sources' own ids, when all gave a column.
    links: table of the pairs above even odds: first, second (places in these arrays), weight, accepted.
    """

    source_index: IntArray
    record_index: LongArray
    person: LongArray
    weight: FloatArray
    links: pa.Table
    model: Model | None
    report: Report
    record_id: tuple[str, ...] | None = None

    @property
    def persons(self) -> int:
        return int(self.person.max(initial=-1)) + 1


Progress = Callable[[str, int, int], None]


@dataclass
class _Run:
    progress: Progress | None
    steps: list[StepRun] = field(default_factory=list)

    def step(self, name: str, work: Callable[[], Any], counts: Callable[[Any], dict[str, int | float]]) -> Any:
        if self.progress:
            self.progress(name, len(self.steps), len(STEPS))
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        seconds = (round(time.perf_counter() - wall, 3), round(time.process_time() - cpu, 3))
        self.steps.append(StepRun(name, counts(result), *seconds))
        return result


STEPS = ("standardize", "find candidates", "compare", "estimate", "score", "score unseen pairs", "cluster")


def link_tables(
    sources: Sequence[Source], *, options: Options | None = None, progress: Progress | None = None
) -> Linkage:
    """Find which records belong to one person, within and across the sources. See `Linkage`.

    progress is called with (step, steps done, steps in all) as each begins. Raises UserFacingError when a named column
    is missing or no column tells people apart.
    """
    options = options or Options()
    run = _Run(progress)
    records: Records = run.step(
        "standardize", lambda: read_records(sources), lambda r: {"records": len(r), "fields": len(r.fields)}
    )
    if len(records) < 2:
        return _result(sources, records, np.arange(len(records)), None, None, Report(tuple(run.steps), 0.0))
    comparisons = plan_comparisons(records)
    pairs: Pairs = run.step(
        "find candidates",
        lambda: find_candidates(
            records,
            per_record=options.per_record,
            widest_key=options.widest_key,
            least_information=options.least_information,
        ),
        lambda p: {"pairs": len(p)},
    )
    if len(pairs) == 0:
        return _result(sources, records, np.arange(len(records)), None, None, Report(tuple(run.steps), 0.0))
    levels: ByteArray = run.step(
        "compare", lambda: agreement(comparisons, pairs), lambda p: {"pairs": len(p), "comparisons": len(comparisons)}
    )
    model: Model = run.step(
        "estimate",
        lambda: estimate_model(records, comparisons, pairs, levels, options),
        lambda m: {"classes": len(m.share), "same person": int(m.same_person.sum()), "rounds": m.rounds},
    )
    scored: Scored = run.step(
        "score",
        lambda: Scored(pairs, score.log_odds(model, levels)),
        lambda s: {"above even odds": int((s.odds > 0).sum())},
    )
    scored = run.step(
        "score unseen pairs",
        lambda: _with_unseen(records, comparisons, model, scored),
        lambda s: {"pairs": len(s.pairs) - len(pairs)},
    )
    cut, groups = run.step(
        "cluster", lambda: _cluster(len(records), scored, options), lambda found: {"persons": len(np.unique(found[1]))}
    )
    return _result(sources, records, groups, scored, model, Report(tuple(run.steps), round(cut * score.BITS, 3)))


def estimate_model(
    records: Records, comparisons: list[Comparison], pairs: Pairs, levels: ByteArray, options: Options
) -> Model:
    """Fit the classes and say which of them are one person's: staged, three classes and then five.

    A small set is fitted with two classes (Fellegi-Sunter) and steadied by what is usual.
    """
    small = len(records) <= COMPARE_ALL_UP_TO
    random = np.random.default_rng(options.seed)
    chance = estimate.level_shares(levels if small else _chance_levels(comparisons, len(records), random), comparisons)
    start = estimate.seeds(levels, chance, comparisons, len(records))
    if len(levels) > options.fit_pairs:
        chosen = np.sort(random.choice(len(levels), options.fit_pairs, replace=False))
        fitted_levels, start = levels[chosen], start[chosen]
    else:
        fitted_levels = levels
    patterns = estimate.distinct_patterns(fitted_levels)
    start = np.bincount(patterns.of, weights=start) / patterns.counts
    strength = 20.0 if small else 2.0
    best: tuple[float, Model] | None = None
    for stages in ((2,),) if small else ((3, 5), (3,), (2,)):
        belief = start
        for classes in stages:
            model, membership = estimate.fit(
                patterns, belief, comparisons, classes=classes, strength=strength, chance=chance
            )
            same = _same_person_classes(model, comparisons, pairs, levels, len(records))
            model = _replace_same(model, same)
            belief = membership[:, same].sum(1)
        lost = _unmistakable_lost(patterns, comparisons, model)
        if best is None or lost < best[0] - 0.01:
            best = (lost, model)
        if lost <= _MOST_LOST:
            break
    assert best is not None
    return best[1]


def _chance_levels(
    comparisons: list[Comparison], n: int, random: np.random.Generator, pairs: int = 200_000
) -> ByteArray:
    one, other = random.integers(0, n, (2, pairs), dtype=np.int32)
    apart = one != other
    return agreement(comparisons, Pairs(one[apart], other[apart]))


def _unmistakable_lost(patterns: estimate.Patterns, comparisons: list[Comparison], model: Model) -> float:
    """Share of the pairs with two or more personal fields, all of them the same, that get less than even odds.

    More than a few mean a bad optimum: the likelihood does not show it (one start of several may settle there).
    """
    known, agreed = np.zeros(len(patterns.counts), np.int64), np.zeros(len(patterns.counts), np.int64)
    for place, comparison in enumerate(comparisons):
        if comparison.personal:
            known += patterns.levels[:, place] > 0
            agreed += np.isin(
                patterns.levels[:, place], [at for at, name in enumerate(comparison.levels) if name in _SAME]
            )
    sure = (known >= 2) & (agreed == known)
    odds = score.log_odds(model, patterns.levels[sure])
    weights = patterns.counts[sure]
    return float(weights[odds < 0].sum() / max(weights.sum(), 1))


def _same_person_classes(
    model: Model, comparisons: list[Comparison], pairs: Pairs, levels: ByteArray, n: int
) -> BoolArray:
    """The first class, and each that agrees like it on personal fields or is as well backed by common neighbors.

    People who moved and badly typed records form classes of their own. A household is not one: its members differ in
    given name and birth date.
    """
    same = np.arange(len(model.share)) == 0
    personal = [
        table[list(comparison.agree)].sum(0) / np.maximum(table[1:].sum(0), 1e-9)
        for table, comparison in zip(model.levels, comparisons, strict=True)
        if comparison.personal
    ]
    if personal:
        agreed = np.array(personal)
        same |= (agreed >= _MATCH_CLASS_AGREEMENT * agreed[:, :1]).all(0)
    if len(same) > 2:
        belongs = score.membership(model, levels)
        backed = cluster.common_neighbors(n, pairs, belongs[:, 0] > 0.95)
        told = ~np.isnan(backed)
        support = (belongs[told] * backed[told, None]).sum(0) / np.maximum(belongs[told].sum(0), 1e-9)
        same |= support > _MATCH_CLASS_SUPPORT * max(support[0], 1e-9)
    if same.all():
        same[1:] = False
    return same


def _replace_same(model: Model, same: BoolArray) -> Model:
    return Model(model.fields, model.levels, model.share, same, model.log_likelihood, model.rounds)


def _with_unseen(records: Records, comparisons: list[Comparison], model: Model, scored: Scored) -> Scored:
    fresh = cluster.unseen_pairs(len(records), scored)
    if len(fresh) == 0:
        return scored
    odds = score.log_odds(model, agreement(comparisons, fresh))
    both = Pairs(np.concatenate([scored.pairs.first, fresh.first]), np.concatenate([scored.pairs.second, fresh.second]))
    return Scored(both, np.concatenate([scored.odds, odds]))


def _cluster(n: int, scored: Scored, options: Options) -> tuple[float, LongArray]:
    if options.threshold is None:
        return cluster.choose_cut(n, scored)
    cut = options.threshold / score.BITS
    return cut, cluster.average_linkage(n, scored, cut=cut, weakest=min(cut, 0.0))


def _result(
    sources: Sequence[Source], records: Records, groups: LongArray, scored: Scored | None, model: Model | None,
    report: Report,
) -> Linkage:  # fmt: skip
    """Back from canonical order to the order of the sources."""
    n = len(records)
    original = np.lexsort((records.row, records.source))
    place = np.empty(n, np.int64)
    place[original] = np.arange(n)
    person = _by_first_appearance(groups[original])
    weight = np.full(n, np.nan)
    links = pa.table(
        {
            "first": pa.array([], pa.int64()),
            "second": pa.array([], pa.int64()),
            "weight": pa.array([], pa.float64()),
            "accepted": pa.array([], pa.bool_()),
        }
    )
    if scored is not None:
        one, other = place[scored.pairs.first], place[scored.pairs.second]
        bits = scored.odds * score.BITS
        together = person[one] == person[other]
        strongest = np.full(n, -np.inf)
        np.maximum.at(strongest, one[together], bits[together])
        np.maximum.at(strongest, other[together], bits[together])
        weight = np.where(np.isinf(strongest), np.nan, strongest)
        shown = together | (bits > 0)
        one, other = np.minimum(one, other)[shown], np.maximum(one, other)[shown]
        order = np.lexsort((other, one))
        links = pa.table(
            {
                "first": one[order],
                "second": other[order],
                "weight": bits[shown][order],
                "accepted": together[shown][order],
            }
        )
    return Linkage(
        records.source[original], records.row[original], person, weight, links, model, report, _record_ids(sources)
    )


def _by_first_appearance(groups: LongArray) -> LongArray:
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _record_ids(sources: Sequence[Source]) -> tuple[str, ...] | None:
    if not sources or any(source.record_id is None for source in sources):
        return None
    ids: list[str] = []
    for source in sources:
        if source.record_id not in source.table.column_names:
            raise UserFacingError(f"{source.name} has no column {source.record_id!r} for the record ids.")
        ids += source.table[source.record_id].cast(pa.string()).to_pylist()
    return tuple(ids)
