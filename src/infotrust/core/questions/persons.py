"""Follow every column of a qualified statement to where it comes from, and keep people's numbers out of sight.

A relation (a view, a part after WITH, a subquery) is known by its columns; each column is either the
person or a value, and a value remembers the (view, column) pairs it was made from. See `locking` for the three rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from sqlglot import exp

from infotrust.core.questions.language import AGGREGATES, JOIN_KINDS, JOIN_SIDES, NAME, PERIOD, PERSON, QueryRefused

Sources = frozenset[tuple[str, str]]
MOST_DIMENSIONS = 4


@dataclass(frozen=True)
class Trait:
    """What a column is: the person, or a value whose labels come from `labels`."""

    person: bool
    labels: Sources = frozenset()


Relation = Mapping[str, Trait]


@dataclass
class Understood:
    """What a statement reads and shows. `periods`: for each view those it is limited to, None where it is not."""

    reads: Sources
    periods: dict[str, frozenset[str] | None]
    by_period: frozenset[str]
    dimensions: tuple[str, ...]
    measure: str
    labels: dict[str, Sources]


def understand(tree: exp.Expression, permitted: Mapping[str, Collection[str]]) -> Understood:
    """Return what the qualified statement `tree` reads and shows; raise `QueryRefused` if a rule is not kept."""
    return _Reader(permitted).final(tree)


def _refuse(rule: str, what: str, next_step: str, word: str = "") -> NoReturn:
    raise QueryRefused(rule, what, word=word, next_step=next_step)


def _plain(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Paren | exp.Alias):
        node = node.this
    return node


def _conjuncts(node: exp.Expression | None) -> Iterator[exp.Expression]:
    if node is None:
        return
    plain = _plain(node)
    if isinstance(plain, exp.And):
        yield from _conjuncts(plain.this)
        yield from _conjuncts(plain.expression)
    else:
        yield plain


def _periods(alias: str, conditions: list[exp.Expression]) -> frozenset[str] | None:
    """The periods that `conditions`, all of which must hold, leave of the view `alias`; None where they name none."""
    named = [found for each in conditions if (found := _periods_named(alias, each)) is not None]
    return frozenset.intersection(*named) if named else None


def _periods_named(alias: str, condition: exp.Expression) -> frozenset[str] | None:
    """Read `alias.period = 'a'` or `alias.period IN ('a', 'b')`; None for anything else."""
    if isinstance(condition, exp.EQ):
        sides = [_plain(condition.this), _plain(condition.expression)]
        column, values = (sides[0], sides[1:]) if isinstance(sides[0], exp.Column) else (sides[1], sides[:1])
    elif isinstance(condition, exp.In) and not condition.args.get("query"):
        column, values = _plain(condition.this), [_plain(each) for each in condition.expressions]
    else:
        return None
    if not isinstance(column, exp.Column) or (column.table, column.name) != (alias, PERIOD):
        return None
    if not all(isinstance(value, exp.Literal) and value.is_string for value in values):
        return None
    return frozenset(str(value.this) for value in values)


def _has_aggregate(node: exp.Expression) -> bool:
    """Whether `node` aggregates itself (aggregates inside a subquery of it are that subquery's)."""
    if isinstance(node, AGGREGATES):
        return True
    if isinstance(node, exp.Query | exp.Exists):
        return False
    return any(_has_aggregate(child) for child in node.iter_expressions())


@dataclass
class _Frame:
    """The tables a SELECT can see: its own (`near`), and for EXISTS those around it (`far`)."""

    near: dict[str, Relation] = field(default_factory=dict)
    far: Mapping[str, Relation] = field(default_factory=dict)


class _Reader:
    def __init__(self, permitted: Mapping[str, Collection[str]]) -> None:
        self.permitted = permitted
        self.parts: dict[str, Relation] = {}
        self.touched: set[str] = set()
        self.reads: set[tuple[str, str]] = set()
        self.periods: dict[str, frozenset[str] | None] = {}
        self.by_period: set[str] = set()

    # The whole statement

    def final(self, tree: exp.Expression) -> Understood:
        if not isinstance(tree, exp.Select):
            _refuse(
                "one-table",
                "The output is one table: the last SELECT may not be a UNION.",
                "Put the UNION after WITH, and count once.",
                "UNION",
            )
        for part in tree.args["with_"].expressions if tree.args.get("with_") else []:
            self.parts[part.alias] = self._rows_of(part.this)
        shown = self._final_select(tree)
        unread = sorted(self.touched - {view for view, _ in self.reads})
        if unread:
            # Being in a dataset at all is information: a field must be named so that permission is asked for it.
            _refuse(
                "membership",
                f"The statement uses {unread[0]} only to see who is in it.",
                f"Say what makes a record of {unread[0]} count, by naming a field of it.",
                unread[0],
            )
        return shown

    def _final_select(self, query: exp.Select) -> Understood:
        frame = self._tables(query)
        if query.args.get("having") or query.args.get("distinct"):
            _refuse(
                "final-filter",
                "The last SELECT may not use HAVING or DISTINCT: small counts are dealt with by the disclosure check.",
                "Leave it out, or move it into a part after WITH.",
                "HAVING" if query.args.get("having") else "DISTINCT",
            )
        keys = [_plain(key) for key in self._keys(query)]
        for key in keys:
            self._value(key, frame)
        dimensions: dict[str, Sources] = {}
        measures: list[str] = []
        for shown in query.expressions:
            if self._is_measure(shown, frame):
                measures.append(shown.alias_or_name)
            else:
                dimensions[shown.alias_or_name] = self._dimension(shown, keys, frame)
        self._check_shape(query, keys, dimensions, measures)
        return Understood(
            frozenset(self.reads),
            self.periods,
            frozenset(self.by_period),
            tuple(dimensions),
            measures[0],
            dimensions,
        )

    def _check_shape(
        self, query: exp.Select, keys: list[exp.Expression], dimensions: dict[str, Sources], measures: list[str]
    ) -> None:
        names = [shown.alias_or_name for shown in query.expressions]
        if len(measures) != 1:
            # Two counts in one row can be subtracted from each other, behind the disclosure check's back.
            _refuse(
                "one-count",
                f"The last SELECT must have exactly one count(DISTINCT {PERSON}); it has {len(measures)}.",
                "Make what you compare a category, so that each count is a row of its own.",
                f"count(DISTINCT {PERSON})",
            )
        if len(set(names)) != len(names) or not all(NAME.fullmatch(name) for name in names):
            _refuse("name", "An output column has no name of its own.", "Give each column a name of its own with AS.")
        if len(dimensions) > MOST_DIMENSIONS:
            _refuse(
                "dimensions",
                f"The output has {len(dimensions)} categories side by side; at most {MOST_DIMENSIONS} are allowed.",
                "Leave categories out.",
            )
        visible = [_plain(shown) for shown in query.expressions]
        if any(key not in visible for key in keys):
            _refuse(
                "group", "The output groups by something that it does not show.", "Show every category it groups by."
            )
        for ordered in query.args["order"].expressions if query.args.get("order") else []:
            if not (isinstance(ordered.this, exp.Column) and not ordered.this.table and ordered.this.name in names):
                _refuse("order", "The output may be ordered by its own columns only.", "ORDER BY a column it shows.")

    def _is_measure(self, shown: exp.Expression, frame: _Frame) -> bool:
        count = _plain(shown)
        if isinstance(count, exp.Filter):
            self._value(count.expression.this, frame)
            count = count.this
        if self._counts_people(count, frame):
            return True
        if _has_aggregate(shown):
            _refuse(
                "count-people",
                "A count in the output counts people, each once.",
                f"Write count(DISTINCT {PERSON}), with FILTER (WHERE ...) if needed.",
                _plain(shown).sql("duckdb", comments=False)[:60],
            )
        return False

    def _counts_people(self, node: exp.Expression, frame: _Frame) -> bool:
        return (
            isinstance(node, exp.Count)
            and isinstance(node.this, exp.Distinct)
            and len(node.this.expressions) == 1
            and self._is_person(node.this.expressions[0], frame)
        )

    def _dimension(self, shown: exp.Expression, keys: list[exp.Expression], frame: _Frame) -> Sources:
        plain = _plain(shown)
        labels = self._value(plain, frame)
        if plain not in keys and any(True for _ in plain.find_all(exp.Column)):
            _refuse(
                "group",
                f"The output shows {shown.alias_or_name} without grouping by it.",
                "The last SELECT must aggregate: add it to GROUP BY.",
                shown.alias_or_name,
            )
        return labels

    # Parts and subqueries: each row belongs to one person

    def _rows_of(self, query: exp.Expression) -> Relation:
        """Return the columns of a part or subquery; each of its rows must belong to one person and say to whom."""
        if isinstance(query, exp.Subquery):
            return self._rows_of(query.this)
        if isinstance(query, exp.SetOperation):
            return self._merged(self._rows_of(query.this), self._rows_of(query.expression))
        if not isinstance(query, exp.Select):
            _refuse("word", "A part of the statement is not a SELECT.", "Write it as a SELECT.")
        frame = self._tables(query)
        self._check_inner(query, frame)
        relation = {shown.alias_or_name: self._trait(_plain(shown), frame) for shown in query.expressions}
        if len(relation) != len(query.expressions):
            _refuse("name", "Two columns of a part have the same name.", "Give each a name of its own with AS.")
        if sum(trait.person for trait in relation.values()) != 1:
            _refuse(
                "whose-row",
                f"A part of the statement must show {PERSON} exactly once, so that each row belongs to one person.",
                f"Add {PERSON} to the part that starts {query.sql('duckdb', comments=False)[:40]!r}.",
                PERSON,
            )
        return relation

    def _check_inner(self, query: exp.Select, frame: _Frame) -> None:
        if query.args.get("order"):
            _refuse("order", "Only the last SELECT may be ordered.", "Remove the inner ORDER BY.", "ORDER BY")
        keys = self._keys(query)
        for key in keys:
            if not self._is_person(key, frame):
                self._value(key, frame)
        having = query.args.get("having")
        if having:
            self._value(having.this, frame, aggregates=True)
        aggregated = bool(keys or having) or any(_has_aggregate(shown) for shown in query.expressions)
        if aggregated and not any(self._is_person(key, frame) for key in keys):
            _refuse(
                "group-by-person",
                "A part of the statement that aggregates must do so person by person.",
                f"Add GROUP BY {PERSON}.",
                "GROUP BY",
            )

    def _trait(self, node: exp.Expression, frame: _Frame) -> Trait:
        if self._is_person(node, frame):
            return Trait(person=True)
        return Trait(person=False, labels=self._value(node, frame, aggregates=True))

    def _merged(self, left: Relation, right: Relation) -> Relation:
        pairs = list(zip(left.items(), right.values(), strict=False))
        if len(left) != len(right) or any(one.person != other.person for (_, one), other in pairs):
            _refuse(
                "union",
                "The sides of a UNION have different columns.",
                f"Show the same columns on both sides, {PERSON} in the same place.",
                "UNION",
            )
        return {name: Trait(one.person, one.labels | other.labels) for (name, one), other in pairs}

    # FROM and JOIN

    def _tables(self, query: exp.Select, far: Mapping[str, Relation] | None = None) -> _Frame:
        start = query.args.get("from_")
        if start is None:
            _refuse("from", "A SELECT must say FROM which view.", "Add FROM.", "FROM")
        if query.args.get("with_") and query.parent is not None:
            _refuse("with", "WITH may stand only at the start of the statement.", "Move it there.", "WITH")
        frame = _Frame(far=far or {})
        self._add_table(start.this, frame)
        for join in query.args.get("joins") or []:
            self._join(join, frame)
        where = query.args.get("where")
        if where:
            self._value(where.this, frame)
        self._note_periods(query, frame)
        return frame

    def _note_periods(self, query: exp.Select, frame: _Frame) -> None:
        """Note which periods of each view this SELECT is limited to; a view it limits nowhere is read whole."""
        where = query.args.get("where")
        everywhere = list(_conjuncts(where.this if where else None))
        matched: dict[str, list[exp.Expression]] = {}
        for join in query.args.get("joins") or []:
            # What ON says about the table it adds limits that table, unless its unmatched rows are kept too.
            if str(join.args.get("side") or "").upper() in ("", "LEFT"):
                matched[join.this.alias_or_name] = list(_conjuncts(join.args.get("on")))
        for alias, relation in frame.near.items():
            if isinstance(relation, _View):
                self._note_period(relation.view, _periods(alias, [*everywhere, *matched.get(alias, [])]))

    def _note_period(self, view: str, chosen: frozenset[str] | None) -> None:
        if view in self.periods:
            before = self.periods[view]
            chosen = None if chosen is None or before is None else chosen | before
        self.periods[view] = chosen

    def _add_table(self, table: exp.Expression, frame: _Frame) -> str:
        alias = table.alias_or_name
        if not alias or alias in frame.near or alias in frame.far:
            _refuse("alias", "Two tables have the same name.", "Give each a name of its own with AS.", alias)
        if isinstance(table, exp.Subquery):
            frame.near[alias] = self._rows_of(table.this)
        elif table.name in self.parts:
            frame.near[alias] = self.parts[table.name]
        elif isinstance(table, exp.Table) and table.name in self.permitted:
            view = table.name
            self.touched.add(view)
            values = {name: Trait(False, frozenset({(view, name)})) for name in self.permitted[view]}
            frame.near[alias] = _View(view, {PERSON: Trait(True), PERIOD: Trait(False), **values})
        else:
            _refuse("view", "A table of the statement is not a permitted view.", "Name a permitted view.", alias)
        return alias

    def _join(self, join: exp.Join, frame: _Frame) -> None:
        if str(join.args.get("side") or "").upper() not in JOIN_SIDES or str(join.kind).upper() not in JOIN_KINDS:
            _refuse("join", "This kind of JOIN is not allowed.", "Use JOIN, LEFT, RIGHT or FULL JOIN.", "JOIN")
        before = set(frame.near)
        added = self._add_table(join.this, frame)
        condition = join.args.get("on")
        if not any(self._same_person(each, {added}, before, frame) for each in _conjuncts(condition)):
            _refuse(
                "join-person",
                f"The table {added} is not joined person to person.",
                f"Add ON {added}.{PERSON} = (the other table).{PERSON}.",
                added,
            )
        self._value(condition, frame)

    def _same_person(self, node: exp.Expression, one: Collection[str], other: Collection[str], frame: _Frame) -> bool:
        """Whether `node` equates the person of a table in `one` with the person of a table in `other`."""
        if not isinstance(node, exp.EQ):
            return False
        sides = (_plain(node.this), _plain(node.expression))
        if not all(self._is_person(side, frame) for side in sides):
            return False
        tables = [{column.table for column in side.find_all(exp.Column)} for side in sides]
        return any(a <= set(one) and b <= set(other) for a, b in (tables, tables[::-1]))

    # Expressions

    def _keys(self, query: exp.Select) -> list[exp.Expression]:
        group = query.args.get("group")
        return list(group.expressions) if group else []

    def _lookup(self, column: exp.Column, frame: _Frame) -> Trait:
        table, name = column.table, column.name
        relation = frame.near.get(table) or frame.far.get(table)
        if not table and any(name in known for known in (*frame.near.values(), *frame.far.values())):
            _refuse("name", f"It is not clear which table {name} belongs to.", f"Write table.{name}.", name)
        if relation is None or name not in relation:
            _refuse("column", f"There is no permitted column {name}.", "See the list of permitted fields.", name)
        trait = relation[name]
        if isinstance(relation, _View) and name == PERIOD:
            # Not a field: it needs no permission, and naming it alone does not say what makes a record count.
            self.by_period.add(relation.view)
        elif isinstance(relation, _View) and not trait.person:
            self.reads.add((relation.view, name))
        return trait

    def _is_person(self, node: exp.Expression, frame: _Frame) -> bool:
        node = _plain(node)
        if isinstance(node, exp.Column):
            return self._lookup(node, frame).person
        if isinstance(node, exp.Coalesce):
            return all(self._is_person(each, frame) for each in (node.this, *node.expressions))
        return False

    def _value(self, node: exp.Expression | None, frame: _Frame, *, aggregates: bool = False) -> Sources:
        """Check an expression that must not reveal a person's number; return where its labels come from."""
        if node is None:
            return frozenset()
        if isinstance(node, exp.Column):
            return self._value_column(node, frame)
        if isinstance(node, exp.EQ | exp.Is) and self._is_person(node.this, frame):
            return self._person_compared(node, frame)
        if isinstance(node, exp.In) and node.args.get("query"):
            return self._person_among(node, frame)
        if isinstance(node, exp.Exists):
            return self._exists(node, frame)
        if isinstance(node, exp.Query | exp.Subquery):
            _refuse("subquery", "A subquery may stand after FROM, IN and EXISTS only.", "Join it instead.", "SELECT")
        if isinstance(node, AGGREGATES):
            if not aggregates:
                _refuse(
                    "aggregate", "An aggregate stands where none may.", "Move it into a part.", node.sql("duckdb")[:40]
                )
            if self._counts_people(node, frame) or isinstance(node.this, exp.Star):
                return frozenset()
        if isinstance(node, exp.Case):
            return self._case(node, frame, aggregates)
        labels: Sources = frozenset()
        for child in node.iter_expressions():
            # An aggregate inside an aggregate has no meaning.
            labels |= self._value(child, frame, aggregates=aggregates and not isinstance(node, AGGREGATES))
        return labels if _keeps_labels(node) else frozenset()

    def _value_column(self, node: exp.Column, frame: _Frame) -> Sources:
        trait = self._lookup(node, frame)
        if trait.person:
            _refuse(
                "person",
                f"{PERSON} may only be counted, or compared with another {PERSON}.",
                f"Use count(DISTINCT {PERSON}), or join on {PERSON}.",
                node.sql("duckdb"),
            )
        return trait.labels

    def _person_compared(self, node: exp.EQ | exp.Is, frame: _Frame) -> Sources:
        other = _plain(node.expression)
        if isinstance(node, exp.Is) and isinstance(other, exp.Null):
            return frozenset()
        if isinstance(node, exp.EQ) and self._is_person(other, frame):
            return frozenset()
        return _refuse(
            "person", f"{PERSON} may be compared with another {PERSON} only.", "Compare a field instead.", PERSON
        )

    def _person_among(self, node: exp.In, frame: _Frame) -> Sources:
        relation = self._rows_of(node.args["query"])
        if not self._is_person(node.this, frame) or len(relation) != 1:
            _refuse(
                "subquery",
                f"Before IN (SELECT ...) stands {PERSON}.",
                f"Write {PERSON} IN (SELECT {PERSON} ...).",
                "IN",
            )
        return frozenset()

    def _exists(self, node: exp.Exists, frame: _Frame) -> Sources:
        query = node.this
        if not isinstance(query, exp.Select) or query.args.get("group") or query.args.get("having"):
            _refuse("exists", "EXISTS takes one plain SELECT.", "Leave GROUP BY and UNION out of it.", "EXISTS")
        inner = self._tables(query, far={**frame.far, **frame.near})
        for shown in query.expressions:
            if not self._is_person(_plain(shown), inner):
                self._value(_plain(shown), inner)
        where = query.args.get("where")
        conditions = _conjuncts(where.this if where else None)
        if not any(self._same_person(each, set(inner.near), set(frame.near), inner) for each in conditions):
            _refuse(
                "exists",
                "EXISTS must look at the same person.",
                f"Add WHERE (inner table).{PERSON} = (outer table).{PERSON}.",
                "EXISTS",
            )
        return frozenset()

    def _case(self, node: exp.Case, frame: _Frame, aggregates: bool) -> Sources:
        """The labels of a CASE are those of its results; its conditions only choose among them."""
        self._value(node.this, frame, aggregates=aggregates)
        labels = self._value(node.args.get("default"), frame, aggregates=aggregates)
        for branch in node.args["ifs"]:
            self._value(branch.this, frame, aggregates=aggregates)
            labels |= self._value(branch.args["true"], frame, aggregates=aggregates)
        return labels


class _View(dict[str, Trait]):
    """A permitted view, which remembers its name."""

    def __init__(self, view: str, columns: dict[str, Trait]) -> None:
        super().__init__(columns)
        self.view = view


def _keeps_labels(node: exp.Expression) -> bool:
    """A comparison is yes or no and a count is a number: neither shows the value it looked at."""
    return not isinstance(node, (*AGGREGATES, exp.Predicate, exp.Connector, exp.Not))
