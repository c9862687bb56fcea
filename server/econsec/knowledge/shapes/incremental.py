"""Validation of a change: only what it can have affected is judged again.

Where shapes are applied, what they read of the data is known from their paths, so
that a changed triple leads back to the focus nodes whose verdict may differ, and
only what is read from these has to be handed to the engine. A SPARQL constraint may read
anything: it is judged anew for all its focus nodes, on all data, unless no triple
with a predicate that it names has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from pyoxigraph import NamedNode, Quad, Store, Triple

from econsec.knowledge.reports import Report, Result
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.dependencies import Read, Rule, rules
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.neighbourhood import (
    SUBCLASS,
    Term,
    ends,
    inverted,
    subclasses,
    superclasses,
    triples,
)
from econsec.knowledge.shapes.trees import TARGETS
from econsec.knowledge.shapes.validation import Engine, judge
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH, SKOS

__all__ = ["Affected", "Key", "Rules", "key"]

_REFERENCE = "pyshacl"
_TYPE = RDF("type")
_CLASSES = (RDFS("Class"), OWL("Class"))
_AIMS = frozenset(TARGETS)
_CORE_NAMES = """
and class closed datatype disjoint equals flags hasValue ignoredProperties in languageIn
lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength minCount minExclusive
minInclusive minLength node nodeKind not or pattern qualifiedMaxCount qualifiedMinCount
qualifiedValueShape qualifiedValueShapesDisjoint uniqueLang xone
"""
_CORE = frozenset(SH(name) for name in _CORE_NAMES.split())
"""The parameters of the core constraints."""


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
    shape. `everything` stands for all shapes and nodes.
    """

    near: Mapping[Node, frozenset[Term]] = field(default_factory=dict)
    far: Mapping[Node, frozenset[Term] | None] = field(default_factory=dict)
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to judge."""
        return self.everything or bool(self.near or self.far)


class Rules:
    """Shapes made ready, to be asked again and again about data that change little.

    Data are the default graph of a store. Raises `InvalidInput` on shapes whose
    paths or queries cannot be read.
    """

    def __init__(self, shapes: Iterable[Quad | Triple], *, engine: Engine = Engine.FAST) -> None:
        self._graph = ShapesGraph(shapes)
        self._engine = engine
        self._rules = {rule.shape: rule for rule in rules(self._graph)}
        self._readers: dict[NamedNode | None, list[tuple[Node, Read]]] = defaultdict(list)
        for rule in self._rules.values():
            for read in rule.reads:
                predicate = None if read.step is None else read.step.predicate
                self._readers[predicate].append((rule.shape, read))

    def affected(self, union: Store, changed: Collection[Triple]) -> Affected:
        """What the triples `changed` can have affected.

        `union` holds the data before and after the change, so that what is
        reached in either is found.
        """
        predicates = {triple.predicate for triple in changed}
        if SUBCLASS.predicate in predicates:
            return Affected(everything=True)
        aims = _Aims(union)
        chosen = self._chosen(aims, changed)
        read = self._read(union, changed)
        near: dict[Node, frozenset[Term]] = {}
        far: dict[Node, frozenset[Term] | None] = {}
        for shape, rule in self._rules.items():
            fresh = chosen.get(shape, set())
            nodes = frozenset(n for n in fresh | read.get(shape, set()) if aims.has(rule, n))
            if rule.queries is not None and rule.queries.meets(predicates):
                far[shape] = None
            elif rule.queries is not None and (fresh or (rule.nested and nodes)):
                far[shape] = nodes if rule.nested else frozenset(fresh)
            if nodes and not (rule.queries is not None and rule.nested):
                near[shape] = nodes
        return Affected(near, far)

    def judge(self, data: Store, affected: Affected) -> tuple[Result, ...]:
        """The results for what is affected, as the data are now."""
        if affected.everything:
            return self._judged(_all(data), self._graph).results
        found: dict[Key, Result] = {}
        aims = _Aims(data)
        for results in (self._near(data, affected, aims), self._far(data, affected, aims)):
            found.update((key(result), result) for result in results)
        return tuple(found.values())

    def _chosen(self, aims: _Aims, changed: Collection[Triple]) -> dict[Node, set[Term]]:
        """The nodes that a change itself may make focus nodes of a shape."""
        found: dict[Node, set[Term]] = defaultdict(set)
        for shape, rule in self._rules.items():
            targets = rule.targets
            kinds = aims.kinds(rule)
            for triple in changed:
                subject, object = cast(Term, triple.subject), cast(Term, triple.object)
                is_kind = triple.predicate == _TYPE and object in kinds
                if is_kind or triple.predicate in targets.subjects_of:
                    found[shape].add(subject)
                if triple.predicate in targets.objects_of:
                    found[shape].add(object)
        return found

    def _read(self, union: Store, changed: Collection[Triple]) -> dict[Node, set[Term]]:
        """The nodes from which a shape reads one of the triples."""
        starts: dict[tuple[Node, Read], set[Term]] = defaultdict(set)
        for triple in changed:
            for reader in (*self._readers[triple.predicate], *self._readers[None]):
                step = reader[1].step
                end = triple.object if step is not None and step.inverse else triple.subject
                starts[reader].add(cast(Term, end))
        found: dict[Node, set[Term]] = defaultdict(set)
        for (shape, read), nodes in starts.items():
            found[shape] |= ends(union, nodes, inverted(read.prefix))
        return found

    def _near(self, data: Store, affected: Affected, aims: _Aims) -> Iterable[Result]:
        focus: dict[Node, set[Term]] = {}
        neighbourhood: set[Triple] = set()
        for shape, nodes in affected.near.items():
            rule = self._rules[shape]
            chosen = {node for node in nodes if aims.has(rule, node)}
            if chosen:
                focus[shape] = chosen
                _gather(data, rule, chosen, neighbourhood)
        if not focus:
            return ()
        kinds = {cast(Term, t.object) for t in neighbourhood if t.predicate == _TYPE}
        neighbourhood |= superclasses(data, kinds)
        return self._judged(Data(neighbourhood), self._aimed(focus, without={SH("sparql")})).results

    def _far(self, data: Store, affected: Affected, aims: _Aims) -> Iterable[Result]:
        apart: dict[Node, set[Term]] = {}
        whole: dict[Node, set[Term]] = {}
        for shape, nodes in affected.far.items():
            rule = self._rules[shape]
            chosen = aims.all(rule) if nodes is None else {n for n in nodes if aims.has(rule, n)}
            if chosen:
                (whole if rule.nested else apart)[shape] = chosen
        if apart:  # nothing but queries, which are asked of the store itself
            report = self._judged(Data((), store=data), self._aimed(apart, without=_CORE))
            if any(_REFERENCE in audit.engine for audit in report.audit):  # it reads no store
                whole |= apart
            else:
                yield from report.results
        if whole:
            yield from self._judged(_all(data), self._aimed(whole)).results

    def _judged(self, data: Data, shapes: Iterable[Triple]) -> Report:
        return judge(data, shapes=shapes, engine=self._engine)

    def _aimed(
        self, focus: Mapping[Node, Iterable[Term]], *, without: Collection[NamedNode] = ()
    ) -> list[Triple]:
        """The shapes in `focus`, each applied to the nodes chosen for it."""
        text = dict.fromkeys(t for shape in focus for t in self._rules[shape].text)
        aimed = [t for t in text if t.predicate not in _AIMS and t.predicate not in without]
        aimed = [t for t in aimed if t.predicate != _TYPE or t.object not in _CLASSES]
        targets = (
            Triple(shape, SH("targetNode"), node) for shape in focus for node in focus[shape]
        )
        return [*aimed, *targets]


class _Aims:
    """Which nodes are focus nodes, by the data of a store."""

    def __init__(self, data: Store) -> None:
        self._data = data
        self._kinds: dict[frozenset[NamedNode], frozenset[Term]] = {}

    def kinds(self, rule: Rule) -> frozenset[Term]:
        """The classes of the targets, and all below them."""
        classes = rule.targets.classes
        if classes not in self._kinds:
            self._kinds[classes] = subclasses(self._data, classes)
        return self._kinds[classes]

    def has(self, rule: Rule, node: Term) -> bool:
        """Whether a node is a focus node of a shape."""
        data, targets = self._data, rule.targets
        if node in targets.nodes:
            return True
        kinds = self.kinds(rule)
        return (
            any(t.object in kinds for t in triples(data, node, _TYPE))
            or any(True for p in targets.subjects_of for _ in triples(data, node, p))
            or any(True for p in targets.objects_of for _ in triples(data, None, p, node))
        )

    def all(self, rule: Rule) -> set[Term]:
        """All focus nodes of a shape."""
        data, targets = self._data, rule.targets
        found: set[Term] = set(targets.nodes)
        for kind in self.kinds(rule):
            found.update(cast(Term, t.subject) for t in triples(data, None, _TYPE, kind))
        for predicate in targets.subjects_of:
            found.update(cast(Term, t.subject) for t in triples(data, None, predicate))
        for predicate in targets.objects_of:
            found.update(cast(Term, t.object) for t in triples(data, None, predicate))
        return found


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


def _all(data: Store) -> Data:
    return Data(triples(data, None, None), store=data)
