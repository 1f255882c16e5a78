"""Link records: named steps in a fixed order, each counted and timed in the run's manifest.

    from infotrust.core.matching import Source, link_tables
    linkage = link_tables([Source("wic", table, {SemanticType.GIVEN_NAME: "first_name", ...})])

The same records give the same persons, in whatever order they come. Manifest and report hold counts and parameters,
never a value about a person.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.answers import Answer
from infotrust.core.matching.comparing.candidates import Pairs, find_candidates
from infotrust.core.matching.comparing.compare import Comparison, Plan, agreement, pack, plan_comparisons
from infotrust.core.matching.comparing.rules import Rule, pairs_by_rules
from infotrust.core.matching.compiled import FloatArray, IntArray, LongArray
from infotrust.core.matching.fellegi_sunter import effort
from infotrust.core.matching.fellegi_sunter.model import FellegiSunter
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.correction import Correction, Lesson, correct, correct_by
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.train import train
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.cluster import Scored
from infotrust.core.matching.persons.constraints import FREE, Constraints
from infotrust.core.matching.persons.copies import unfold, weights_of_spares
from infotrust.core.matching.persons.settled import Asked
from infotrust.core.matching.persons.told import constraints_of
from infotrust.core.matching.reading import noted
from infotrust.core.matching.reading.sources import Coded, Records, Source, read_records
from infotrust.core.matching.working import Parts, Work, fingerprint

FAST = "fast"
EFFORTS = ("default", FAST)


@dataclass(frozen=True)
class Options:
    """Settings of a run; the defaults need no change.

    effort: "default", or "fast": blocking rules chosen from the fields and a two-class model (`fellegi_sunter.effort`).
    threshold: smallest mean weight (log2 odds) that joins two groups; None: chosen from the data.
    rules: compare only what these bring together, instead of each record's nearest others.
    per_record, widest_key, least_information: see `candidates`. fit_pairs: pairs the model is fitted on.
    """

    effort: str = "default"
    threshold: float | None = None
    rules: tuple[Rule, ...] = ()
    per_record: int = 20
    widest_key: int | None = None
    least_information: float = 8.0
    fit_pairs: int = 300_000
    seed: int = 1


@dataclass(frozen=True)
class StepRun:
    """One step of a run: what it produced and how long it took (wall and CPU seconds).

    resumed: it was read from what a run before had finished.
    """

    name: str
    counts: dict[str, int | float]
    seconds: float
    cpu_seconds: float
    resumed: bool = False


@dataclass(frozen=True)
class Report:
    """The manifest of a run: steps in order, and the mean weight (log2 odds) that joined two groups."""

    steps: tuple[StepRun, ...]
    cut: float


@dataclass(frozen=True)
class Evidence:
    """What a linkage went by, for explaining, reviewing and linking more records to it. Holds values: keep it closed.

    All in the canonical order of `records`. group: int64 [n], the person of each record as one of its records;
    original: int64 [n], the canonical place of each entry of the `Linkage`; constraints: what people and unique sources
    decided; correction: what their answers taught, where there were any (`scored` has the corrected odds); by_rules:
    blocking rules chose which pairs were compared.
    """

    records: Records
    plan: Plan
    model: Model
    scored: Scored
    group: LongArray
    original: LongArray
    constraints: Constraints = FREE
    correction: Correction | None = None
    by_rules: bool = False


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
    evidence: Evidence | None = field(default=None, repr=False)
    by_rules: effort.ByRules | None = field(default=None, repr=False)  # instead of evidence, where effort was "fast"

    @property
    def persons(self) -> int:
        return int(self.person.max(initial=-1)) + 1


Progress = Callable[[str, int, int], None]


Packed = tuple[Callable[[Any], Parts], Callable[[dict[str, Any]], Any]]  # a result as parts to keep, and back


@dataclass
class Run:
    """The steps of a run as they are done: told, timed, and kept where a killed run shall go on."""

    progress: Progress | None = None
    work: Work | None = None
    steps: list[StepRun] = field(default_factory=list)

    def step(
        self,
        name: str,
        work: Callable[[], Any],
        counts: Callable[[Any], dict[str, int | float]],
        packed: Packed | None = None,
    ) -> Any:
        if self.progress:
            self.progress(name, len(self.steps), max(len(STEPS), len(self.steps) + 1))
        resumed = self.work is not None and packed is not None and self.work.has(name)
        wall, cpu = time.perf_counter(), time.process_time()
        result = self._kept_or_made(name, work, packed)
        seconds = (round(time.perf_counter() - wall, 3), round(time.process_time() - cpu, 3))
        self.steps.append(StepRun(name, counts(result), *seconds, resumed))
        return result

    def _kept_or_made(self, name: str, work: Callable[[], Any], packed: Packed | None) -> Any:
        if self.work is None or packed is None:
            return work()
        pack, unpack = packed
        if self.work.has(name):
            return unpack(self.work.kept(name))
        result = work()
        self.work.keep(name, pack(result))
        return result


STEPS = (
    "standardize", "find candidates", "plan comparisons", "estimate", "compare and score", "score unseen pairs",
    "cluster",
)  # fmt: skip
ANSWERED = ("learn from answers", "cluster")  # the steps that are done again by other answers


def link_tables(
    sources: Sequence[Source],
    *,
    options: Options | None = None,
    answers: Sequence[Answer] = (),
    progress: Progress | None = None,
    work: Path | None = None,
    release: bool = False,
) -> Linkage:
    """Find which records belong to one person, within and across the sources. See `Linkage`.

    answers: what people said about two records stands, whatever the evidence (but not against a unique source).
    progress is called with (step, steps done, steps in all) as each begins. work: a folder where finished steps are
    kept until the run ends, so that one that was killed goes on there (`working`). release: let go of each table once
    it is standardized, to save its memory; of the sources, then a list, the ids are left. Raises UserFacingError when
    a named column is missing, no column tells people apart, or the folder cannot be used.
    """
    options = options or Options()
    kept = Work.begin(work, fingerprint(sources, options)) if work else None
    given = sources if release and isinstance(sources, list) else list(sources)
    linkage = _linked(given, options, answers, Run(progress, kept), release)
    if kept:
        kept.done()
    return linkage


def _linked(sources: list[Source], options: Options, answers: Sequence[Answer], run: Run, release: bool) -> Linkage:
    def let_go(number: int) -> None:
        sources[number] = sources[number].only()
        pa.default_memory_pool().release_unused()

    records: Records = run.step(
        "standardize",
        lambda: read_records(sources, done=let_go if release else None),
        lambda r: {"records": len(r), "fields": len(r.fields)},
        (_records_as_parts, lambda parts: _records_of_parts(parts, sources)),
    )
    if options.effort == FAST and len(records) > 1:
        return _linked_fast(sources, records, options, answers, run)
    evidence, cut = link_records(records, options, lambda: constraints_of(sources, records, answers), run)
    groups = evidence.group if evidence else np.arange(len(records))
    return _result(sources, records, groups, evidence, Report(tuple(run.steps), cut * score.BITS))


def _linked_fast(
    sources: Sequence[Source], records: Records, options: Options, answers: Sequence[Answer], run: Run
) -> Linkage:
    """The steps of `--effort fast`, after standardizing."""
    prepared: effort.Prepared = run.step(
        "choose blocking rules",
        lambda: effort.prepare(records, effort.as_blocking_rules(options.rules), seed=options.seed),
        lambda p: {"rules": len(p.chosen.rules), "pairs": sum(tried.pairs for tried in p.chosen.tried)},
    )
    model: FellegiSunter = run.step(
        "estimate", lambda: effort.learned(prepared), lambda m: {"comparisons": len(m.comparisons)}
    )
    scored: Scored = run.step(
        "block and score",
        lambda: effort.scored(records, prepared, model),
        lambda s: {"pairs kept": len(s.pairs), "above even odds": int((s.odds > 0).sum())},
    )
    constraints = constraints_of(sources, records, answers)
    cut, groups = run.step(
        "cluster",
        lambda: _persons(records, scored, options, constraints, None),
        lambda found: {"persons": len(np.unique(found[1]))},
    )
    report = Report(tuple(run.steps), cut * score.BITS)
    return _result(sources, records, groups, None, report, effort.ByRules(records, prepared.chosen, model, scored))


def link_again(
    linkage: Linkage, sources: Sequence[Source], answers: Sequence[Answer], *, options: Options | None = None
) -> Linkage:
    """The same linkage by these answers and no others: as `link_tables` would make it, but nothing is compared again.

    sources, options: as they were linked.
    """
    before, options = linkage.evidence, options or Options()
    if before is None:
        return linkage
    scored = before.correction.before if before.correction else before.scored
    constraints = constraints_of(sources, before.records, answers)
    run = Run(steps=[step for step in linkage.report.steps if step.name not in ANSWERED])
    evidence, cut = _grouped(before.records, before.plan, before.model, scored, constraints, options, None, run)
    return _result(sources, before.records, evidence.group, evidence, Report(tuple(run.steps), cut * score.BITS))


@dataclass(frozen=True)
class Fitted:
    """What one linkage learned and another may go by. cut: mean log odds that join two groups; weakest: log odds that
    at least one pair between them has; lesson: what people's answers taught."""

    comparisons: tuple[Comparison, ...]
    model: Model
    cut: float
    weakest: float
    lesson: Lesson | None = None


def link_records(
    records: Records,
    options: Options,
    constraints_of_them: Callable[[], Constraints],
    run: Run,
    *,
    pairs_of: Callable[[Records, Options], Pairs] | None = None,
    fitted: Fitted | None = None,
    inside: bool = False,
) -> tuple[Evidence | None, float]:
    """The steps after standardizing: the evidence (None where no two records can be compared), and the cut in nats.

    pairs_of: another way to choose pairs; fitted: go by what an earlier linkage learned, and fit nothing; inside: what
    answers teach corrects pairs inside components alone (`correction`).
    """
    if len(records) < 2:
        return None, 0.0
    pairs: Pairs = run.step(
        "find candidates",
        lambda: (pairs_of or candidate_pairs)(records, options),
        lambda p: {"pairs": len(p)},
        (lambda p: {"first": p.first, "second": p.second}, lambda parts: Pairs(parts["first"], parts["second"])),
    )
    if len(pairs) == 0:
        return None, 0.0
    plan: Plan = run.step("plan comparisons", lambda: _plan(records, fitted), lambda p: {"comparisons": len(p)})
    model: Model = run.step(
        "estimate",
        lambda: fitted.model if fitted else train(records, plan, pairs, fit_pairs=options.fit_pairs, seed=options.seed),
        lambda m: {"classes": len(m.share), "same person": int(m.same_person.sum()), "rounds": m.rounds},
    )
    scored: Scored = run.step(
        "compare and score",
        lambda: Scored(pairs, score.odds_of_pairs(model, plan, pairs, weakest=-cluster.SURE)),
        lambda s: {"pairs": len(pairs), "above even odds": int((s.odds > 0).sum())},
        (lambda s: {"odds": s.odds}, lambda parts: Scored(pairs, parts["odds"])),
    )
    constraints = constraints_of_them()
    scored = run.step(
        "score unseen pairs",
        lambda: with_unseen(len(records), plan, model, scored, constraints.without_answers()),
        lambda s: {"pairs": len(s.pairs) - len(pairs)},
    )
    return _grouped(records, plan, model, scored, constraints, options, fitted, run, inside)


def _grouped(
    records: Records, plan: Plan, model: Model, scored: Scored, constraints: Constraints, options: Options,
    fitted: Fitted | None, run: Run, inside: bool = False,
) -> tuple[Evidence, float]:  # fmt: skip
    """The last steps: what people said corrects the odds, and the records become persons."""
    correction: Correction | None = None
    if constraints.asked is not None and (fitted is None or fitted.lesson):
        correction = _by_answers(plan, model, scored, options, constraints, constraints.asked, fitted, run, inside)
        scored, constraints = Scored(scored.pairs, correction.odds), constraints.by(correction.settled)
    cut, groups = run.step(
        "cluster",
        lambda: _persons(records, scored, options, constraints, fitted),
        lambda found: {"persons": len(np.unique(found[1]))},
    )
    original = _original_order(records)
    return Evidence(records, plan, model, scored, groups, original, constraints, correction, bool(options.rules)), cut


def _by_answers(
    plan: Plan, model: Model, scored: Scored, options: Options, constraints: Constraints, asked: Asked,
    fitted: Fitted | None, run: Run, inside: bool,
) -> Correction:  # fmt: skip
    """What people said corrects the odds of all pairs, by a grouping in which their answers had no part."""
    n, free, levels_of = len(plan.columns.codes), constraints.without_answers(), partial(agreement, plan)

    def corrected() -> Correction:
        if fitted and fitted.lesson:
            group = cluster.groups_at(n, scored, fitted.lesson.cut, fitted.weakest, free)
            return correct_by(fitted.lesson, levels_of, model, scored, group, asked, weakest=fitted.weakest)
        cut, group = _cluster(n, scored, options, free, None)
        weakest = weakest_at(options, cut) if inside else None
        return correct(levels_of, model, scored, group, asked, cut=cut, weakest=weakest)

    correction: Correction = run.step(
        "learn from answers",
        corrected,
        lambda c: {
            "answers": int(asked.yes.sum() + asked.no.sum()),
            "learned from": c.used,
            "doubted": int(c.settled.doubted.sum()),
            "contradicted": int(c.settled.contradicted.sum()),
        },
    )
    return correction


def _plan(records: Records, fitted: Fitted | None) -> Plan:
    return Plan(fitted.comparisons, pack(records, fitted.comparisons)) if fitted else plan_comparisons(records)


def _records_as_parts(records: Records) -> Parts:
    parts: dict[str, Any] = {"source": records.source, "row": records.row, "noted": noted.as_part(records.noted)}
    parts["spare"] = records.spare
    for name, coded in records.fields.items():
        parts |= {f"codes-{name}": coded.codes, f"values-{name}": coded.values}
    return parts


def _records_of_parts(parts: Mapping[str, Any], sources: Sequence[Source]) -> Records:
    names = sorted(name.removeprefix("codes-") for name in parts if name.startswith("codes-"))
    every, spare = np.arange(len(parts["row"])), parts["spare"]
    fields = {name: Coded(parts[f"codes-{name}"], parts[f"values-{name}"]).in_order(every, spare) for name in names}
    names_of_sources = tuple(source.name for source in sources)
    return Records(parts["source"], parts["row"], names_of_sources, fields, noted.of_part(parts["noted"]), spare=spare)


def candidate_pairs(records: Records, options: Options) -> Pairs:
    """The pairs to compare, by rules where there are some."""
    if options.rules:
        return pairs_by_rules(records, options.rules)
    return find_candidates(
        records,
        per_record=options.per_record,
        widest_key=options.widest_key,
        least_information=options.least_information,
    )


def with_unseen(n: int, plan: Plan, model: Model, scored: Scored, constraints: Constraints = FREE) -> Scored:
    """The scored pairs, and after them those inside loose groups of the n records that were no candidates."""
    fresh = cluster.unseen_pairs(n, scored, constraints)
    if len(fresh) == 0:
        return scored
    odds = score.odds_of_pairs(model, plan, fresh, weakest=-cluster.SURE)
    both = Pairs(np.concatenate([scored.pairs.first, fresh.first]), np.concatenate([scored.pairs.second, fresh.second]))
    return Scored(both, np.concatenate([scored.odds, odds]))


def _persons(
    records: Records, scored: Scored, options: Options, constraints: Constraints, fitted: Fitted | None
) -> tuple[float, LongArray]:
    """The cut and the persons: those of the records that were compared, and with them their copies."""
    cut, groups = _cluster(len(records), scored, options, constraints, fitted)
    return cut, unfold(groups, records.spare, constraints)


def _cluster(
    n: int, scored: Scored, options: Options, constraints: Constraints, fitted: Fitted | None
) -> tuple[float, LongArray]:
    if fitted:
        return fitted.cut, cluster.groups_at(n, scored, fitted.cut, fitted.weakest, constraints)
    if options.threshold is None:
        return cluster.choose_cut(n, scored, constraints)
    cut = options.threshold / score.BITS
    return cut, cluster.groups_at(n, scored, cut, weakest_at(options, cut), constraints)


def weakest_at(options: Options, cut: float) -> float:
    """Log odds that at least one pair between two groups has: a cut that people set may lie below the usual."""
    return cluster.STARTS if options.threshold is None else min(cut, cluster.STARTS)


def _original_order(records: Records) -> LongArray:
    """The canonical places of the records in the order of the sources and their rows: int64 [n]."""
    rows = np.bincount(records.source, minlength=len(records.source_names))
    first = np.append(0, np.cumsum(rows))[records.source]
    place = np.full(len(records), -1, np.int64)
    inside = records.row < rows[records.source]
    place[(first + records.row)[inside]] = np.flatnonzero(inside)
    # Of sources that are here with some of their rows only, the rows are no places.
    return np.lexsort((records.row, records.source)) if (place < 0).any() else place


def _result(
    sources: Sequence[Source], records: Records, groups: LongArray, evidence: Evidence | None, report: Report,
    by_rules: effort.ByRules | None = None,
) -> Linkage:  # fmt: skip
    """Back from canonical order to the order of the sources."""
    n = len(records)
    original = evidence.original if evidence else _original_order(records)
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
    scored = evidence.scored if evidence else by_rules.scored if by_rules else None
    if scored is not None:
        together = groups[scored.pairs.first] == groups[scored.pairs.second]
        shown = np.flatnonzero(together | (scored.odds > 0))
        one, other = scored.pairs.first[shown], scored.pairs.second[shown]
        bits, together = scored.odds[shown] * score.BITS, together[shown]
        weight = cluster.strongest_links(n, one, other, bits, groups)
        weight = weights_of_spares(weight, groups, records.spare)[original]
        first, second = np.minimum(place[one], place[other]), np.maximum(place[one], place[other])
        order = np.argsort(first * n + second)
        links = pa.table(
            {
                "first": first[order],
                "second": second[order],
                "weight": bits[order],
                "accepted": together[order],
            }
        )
    return Linkage(
        records.source[original],
        records.row[original],
        person,
        weight,
        links,
        evidence.model if evidence else None,
        report,
        _record_ids(sources),
        evidence,
        by_rules,
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
