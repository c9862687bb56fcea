"""Validation of a change: only what it can have affected is judged again.

Where shapes are applied, what they read of the data is known from their paths, so
that a changed triple leads back to the focus nodes whose verdict may differ, and
only what is read from these has to be handed to the engine. A SPARQL constraint may read
anything: it is judged anew for all its focus nodes, on all data, unless no triple
that a pattern of it matches has changed, or it judges each value by itself: then it
is asked about the values that the changed triples mention.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from econsec.knowledge.reports import Report, Result
from econsec.knowledge.shapes.aims import Aims, Targeted
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.dependencies import Rule, rules
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.keys import Keyed
from econsec.knowledge.shapes.neighbourhood import (
    SUBCLASS,
    Term,
    ends,
    superclasses,
    triples,
)
from econsec.knowledge.shapes.queries import Queries, Question
from econsec.knowledge.shapes.readers import Readers
from econsec.knowledge.shapes.validation import Engine, judge
from econsec.rdf.namespaces import RDF, SH, SKOS

__all__ = ["Affected", "Key", "Rules", "key"]

_TYPE = RDF("type")
_MOST_VALUES = 200
"""Of so many values at most, one after the other, a query is asked sooner than about all."""


@dataclass(frozen=True, slots=True)
class Key:
    """By what a result is known again after a change."""

    focus: Term
    shape: Node
    constraint: Node | None
    component: NamedNode
    path: str | None
    value: Term | None


def key(result: Result) -> Key:
    """The key of a result."""
    path = None if result.path is None else result.path.text
    return Key(result.focus, result.shape, result.constraint, result.component, path, result.value)


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change may have made differ.

    `near` are nodes for whose verdict only their neighbourhood counts, `far`
    those that are to be judged on all data, `None` for all focus nodes of the
    shape, and `keyed` the values that single constraints are asked about.
    `everything` stands for all shapes and nodes.
    """

    near: Mapping[Node, frozenset[Term]] = field(default_factory=dict)
    far: Mapping[Node, frozenset[Term] | None] = field(default_factory=dict)
    keyed: Mapping[Node, Mapping[Keyed, frozenset[NamedNode]]] = field(default_factory=dict)
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to judge."""
        return self.everything or bool(self.near or self.far or self.keyed)


class Rules:
    """Shapes made ready, to be asked again and again about data that change little.

    Data are the default graph of a store. Raises `InvalidInput` on shapes whose
    paths or queries cannot be read.
    """

    def __init__(self, shapes: Iterable[Quad | Triple], *, engine: Engine = Engine.FAST) -> None:
        self._graph = ShapesGraph(shapes)
        self._engine = engine
        # Of the same triples each time, so that they are made ready once.
        self._whole = tuple(self._graph)
        self._core = tuple(t for t in self._whole if t.predicate != SH("sparql"))
        self._queries = Queries(self._graph)
        self._rules = {rule.shape: rule for rule in rules(self._graph, keys=engine is Engine.FAST)}
        self._targeted = Targeted(self._rules.values())
        self._readers = Readers(self._rules.values())

    @property
    def has_targets(self) -> bool:
        """Whether any shape is applied to anything."""
        return bool(self._rules)

    def affected(
        self,
        union: Store,
        changed: Collection[Triple],
        *,
        described: Collection[Term] = (),
        mentioned: Mapping[Term, Collection[Term]] | None = None,
    ) -> Affected:
        """What the triples `changed` can have affected, and what is asked for besides.

        `union` holds the data before and after the change, so that what is
        reached in either is found. All results about the nodes `described` are asked
        for, and those about a node in `mentioned` that have one of its terms as value.
        """
        if any(triple.predicate == SUBCLASS.predicate for triple in changed):
            return Affected(everything=True)
        aims = Aims(union, self._targeted)
        chosen = _chosen(aims, changed)
        read = self._readers.of(changed, union)
        near: dict[Node, frozenset[Term]] = {}
        far: dict[Node, frozenset[Term] | None] = {}
        keyed: dict[Node, Mapping[Keyed, frozenset[NamedNode]]] = {}
        for shape, rule in self._rules.items():
            fresh = chosen.get(shape, set()) | {n for n in described if shape in aims.at(n)}
            terms = {n: t for n, t in (mentioned or {}).items() if t and shape in aims.at(n)}
            met = fresh | {*terms} | read.get(shape, set())
            nodes = frozenset(n for n in met if shape in aims.at(n))
            values = _values(rule, changed, chain.from_iterable(terms.values()))
            is_known = rule.queries is None or not rule.queries.meets(changed)
            is_known &= all(len(each) <= _MOST_VALUES for each in values.values())
            whole = fresh if rule.queries is None else fresh | {*terms}
            if not is_known:
                far[shape] = None
            elif rule.nested and rule.queries is not None and nodes:
                far[shape] = nodes
            elif rule.asks and whole:
                far[shape] = frozenset(whole)
            if is_known and values:
                keyed[shape] = values
            if nodes and rule.has_core and not (rule.queries is not None and rule.nested):
                near[shape] = nodes
        return Affected(near, far, keyed)

    def judge(self, data: Store, affected: Affected) -> tuple[Result, ...]:
        """The results for what is affected, as the data are now."""
        if affected.everything:
            return self._judged(_all(data), self._whole).results
        found: dict[Key, Result] = {}
        aims = Aims(data, self._targeted)
        for judged in (self._near, self._far, self._about):
            found.update((key(result), result) for result in judged(data, affected, aims))
        return tuple(found.values())

    def _near(self, data: Store, affected: Affected, aims: Aims) -> Iterable[Result]:
        focus: dict[Node, set[Term]] = {}
        neighbourhood: set[Triple] = set()
        for shape, nodes in affected.near.items():
            rule = self._rules[shape]
            chosen = {node for node in nodes if shape in aims.at(node)}
            if chosen:
                focus[shape] = chosen
                _gather(data, rule, chosen, neighbourhood)
        if not focus:
            return ()
        kinds = {cast(Term, t.object) for t in neighbourhood if t.predicate == _TYPE}
        neighbourhood |= superclasses(data, kinds)
        return self._judged(Data(neighbourhood), self._core, focus).results

    def _far(self, data: Store, affected: Affected, aims: Aims) -> Iterable[Result]:
        apart: dict[Node, set[Term]] = {}
        whole: dict[Node, set[Term]] = {}
        for shape, nodes in affected.far.items():
            rule = self._rules[shape]
            chosen = aims.all(rule) if nodes is None else {n for n in nodes if shape in aims.at(n)}
            if chosen:
                (whole if rule.nested else apart)[shape] = chosen
        questions: list[Question] = []
        for shape, chosen in apart.items():
            asked = self._queries.of(shape, chosen) if self._engine is Engine.FAST else None
            if asked is None:
                whole[shape] = chosen
            else:
                questions += asked
        yield from self._queries.results(data, questions)
        if whole:
            yield from self._judged(_all(data), self._whole, whole).results

    def _about(self, data: Store, affected: Affected, aims: Aims) -> Iterable[Result]:
        """What constraints find that are asked about single values."""
        questions = (
            Question(keyed.question, shape, self._rules[shape].targets.nodes, values)
            for shape, asked in affected.keyed.items()
            for keyed, values in asked.items()
        )
        return self._queries.results(data, questions)

    def _judged(
        self, data: Data, shapes: Collection[Triple], focus: Mapping[Node, set[Term]] | None = None
    ) -> Report:
        return judge(data, shapes=shapes, engine=self._engine, focus=focus)


def _chosen(aims: Aims, changed: Collection[Triple]) -> dict[Node, set[Term]]:
    """The nodes that a change itself may make focus nodes of a shape."""
    found: dict[Node, set[Term]] = defaultdict(set)
    for triple in changed:
        for node, shapes in aims.by(triple).items():
            for shape in shapes:
                found[shape].add(node)
    return found


def _values(
    rule: Rule, changed: Collection[Triple], mentioned: Iterable[Term]
) -> Mapping[Keyed, frozenset[NamedNode]]:
    """The values that each keyed constraint of a shape is to be asked about."""
    besides = frozenset(term for term in mentioned if isinstance(term, NamedNode))
    found = {keyed: keyed.values(changed) | besides for keyed in rule.keyed}
    return {keyed: values for keyed, values in found.items() if values}


def _gather(data: Store, rule: Rule, nodes: set[Term], neighbourhood: set[Triple]) -> None:
    """Add what a shape reads from `nodes`, and what they are called."""
    reached: dict[object, set[Term]] = {}
    for read in rule.reads:
        if read.prefix not in reached:
            reached[read.prefix] = ends(data, nodes, read.prefix)
        for start in reached[read.prefix]:
            if read.step is None:
                neighbourhood.update(triples(data, start, None))
            else:
                ends(data, (start,), read.step, trace=neighbourhood)
    for node in nodes:
        neighbourhood.update(triples(data, node, SKOS("prefLabel")))
        if isinstance(node, BlankNode):  # the engine knows only those that stand somewhere
            standing = chain(triples(data, node, None), triples(data, None, None, node))
            neighbourhood.update(islice(standing, 1))


def _all(data: Store) -> Data:
    return Data(triples(data, None, None), store=data)
