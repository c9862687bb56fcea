"""What a shape reads of the data, so that a change can be traced back to its focus nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pyoxigraph import NamedNode, Triple

from econsec.errors import InvalidInput
from econsec.knowledge.shapes.constraints import is_true, read_constraint
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.neighbourhood import (
    HERE,
    Choice,
    Path,
    Repeat,
    Sequence,
    Step,
    Term,
    inverted,
    joined,
)
from econsec.knowledge.shapes.trees import TARGETS
from econsec.knowledge.shapes.vocabulary import Vocabulary, vocabulary
from econsec.rdf.namespaces import RDF, RDFS, SH

__all__ = ["Read", "Rule", "Targets", "rules"]

_SHAPES = (SH("NodeShape"), SH("PropertyShape"))
_TYPE = Step(RDF("type"))
_PAIRS = tuple(map(SH, ("equals", "disjoint", "lessThan", "lessThanOrEquals")))
_JUDGED = tuple(map(SH, ("node", "not", "qualifiedValueShape")))
_LISTS = tuple(map(SH, ("and", "or", "xone")))
_REPEATS = {
    SH("zeroOrMorePath"): (0, True),
    SH("oneOrMorePath"): (1, True),
    SH("zeroOrOnePath"): (0, False),
}
_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Read:
    """A shape reads triples where `prefix` leads to from a focus node: by `step`, or all of it."""

    prefix: Path
    step: Step | None


@dataclass(frozen=True, slots=True)
class Targets:
    """How a shape chooses its focus nodes (SHACL, 2.1.3)."""

    nodes: frozenset[Term]
    classes: frozenset[NamedNode]
    subjects_of: frozenset[NamedNode]
    objects_of: frozenset[NamedNode]


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape with targets.

    `queries` says which predicates its SPARQL constraints name, `None` where it
    has none. Where one of them is `nested` in a shape that this one only asks
    whether a node conforms to, they cannot be judged apart from core constraints.
    `text` are the statements of the shapes graph that define it.
    """

    shape: Node
    targets: Targets
    reads: frozenset[Read]
    queries: Vocabulary | None
    nested: bool
    text: tuple[Triple, ...]


def rules(graph: ShapesGraph) -> tuple[Rule, ...]:
    """The shapes with targets, and what each of them reads. Raises `InvalidInput`."""
    aiming = [shape for target in TARGETS for shape in graph.subjects(target)]
    typed = [s for s in graph.subjects(RDF("type")) if _is_class_and_shape(graph, s)]
    return tuple(_rule(graph, shape) for shape in dict.fromkeys((*aiming, *typed)))


def _is_class_and_shape(graph: ShapesGraph, node: Node) -> bool:
    return graph.is_class(node) and any(k in graph.objects(node, RDF("type")) for k in _SHAPES)


def _rule(graph: ShapesGraph, shape: Node) -> Rule:
    reading = _Reading(graph)
    reading.shape(shape, HERE, nested=False)
    return Rule(
        shape=shape,
        targets=_targets(graph, shape),
        reads=frozenset(reading.reads),
        queries=_vocabulary(graph, reading.constraints),
        nested=reading.nested or _declares_components(graph),
        text=_text(graph, shape),
    )


def _targets(graph: ShapesGraph, shape: Node) -> Targets:
    def named(target: str) -> set[NamedNode]:
        return {cast(NamedNode, each) for each in graph.objects(shape, SH(target))}

    own = {shape} if graph.is_class(shape) and isinstance(shape, NamedNode) else set()
    return Targets(
        nodes=frozenset(graph.objects(shape, SH("targetNode"))),
        classes=frozenset(named("targetClass") | own),
        subjects_of=frozenset(named("targetSubjectsOf")),
        objects_of=frozenset(named("targetObjectsOf")),
    )


def _vocabulary(graph: ShapesGraph, constraints: set[tuple[Node, Node]]) -> Vocabulary | None:
    if _declares_components(graph):  # any shape may use them
        return Vocabulary(frozenset(), has_variable=True)
    read = (read_constraint(graph, node, shape=shape) for shape, node in constraints)
    found = [vocabulary(constraint.text) for constraint in read if constraint is not None]
    if not found:
        return None
    predicates = frozenset[NamedNode]().union(*(each.predicates for each in found))
    return Vocabulary(predicates, any(each.has_variable for each in found))


def _declares_components(graph: ShapesGraph) -> bool:
    typed = graph.subjects(RDF("type"))
    return any(SH("ConstraintComponent") in graph.objects(each, RDF("type")) for each in typed)


def _text(graph: ShapesGraph, shape: Node) -> tuple[Triple, ...]:
    """All that the shapes graph says of a shape and of what it refers to."""
    found: dict[Triple, None] = {}
    pending: list[Term] = [shape]
    seen = set[Term]()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        about = list(graph.about(node))
        found.update(dict.fromkeys(about))
        pending += [cast(Term, t.object) for t in about if t.predicate not in _ASIDE]
        if _is_set(graph, node, SH("qualifiedValueShapesDisjoint")):
            pending += _parents(graph, node)
    return tuple(found)


_ASIDE = (RDFS("isDefinedBy"), RDF("type"), *TARGETS)


class _Reading:
    """Follows a shape into the shapes that it refers to, and notes what they read."""

    def __init__(self, graph: ShapesGraph) -> None:
        self.reads: set[Read] = set()
        self.constraints: set[tuple[Node, Node]] = set()
        self.nested = False
        self._graph = graph
        self._entered: list[Term] = []

    def shape(self, shape: Term, at: Path, *, nested: bool) -> None:
        """A shape that is applied to the nodes where `at` leads to from the focus node."""
        graph = self._graph
        if shape in self._entered or _is_set(graph, shape, SH("deactivated")):
            return
        self._entered.append(shape)
        values = at
        for path in graph.objects(shape, SH("path")):
            followed = _path(graph, path)
            self._follow(followed, at)
            values = joined(at, followed)
        self._own(shape, at=at, values=values)
        if found := graph.nodes(shape, SH("sparql")):
            self.constraints.update((cast(Node, shape), constraint) for constraint in found)
            self.nested |= nested
        for property in graph.objects(shape, SH("property")):
            self.shape(property, values, nested=nested)
        for judged in self._judged(shape):
            self.shape(judged, values, nested=True)
        self._entered.pop()

    def _own(self, shape: Term, *, at: Path, values: Path) -> None:
        graph = self._graph
        for pair in _PAIRS:
            for predicate in graph.objects(shape, pair):
                self._follow(Step(cast(NamedNode, predicate)), at)
        if graph.objects(shape, SH("class")):
            self._follow(_TYPE, values)
        if _is_set(graph, shape, SH("closed")):
            self.reads.add(Read(values, None))

    def _judged(self, shape: Term) -> Iterator[Term]:
        graph = self._graph
        for predicate in _JUDGED:
            yield from graph.objects(shape, predicate)
        for predicate in _LISTS:
            for head in graph.objects(shape, predicate):
                yield from graph.members(head)
        if _is_set(graph, shape, SH("qualifiedValueShapesDisjoint")):
            for parent in _parents(graph, shape):
                for sibling in graph.objects(parent, SH("property")):
                    yield from graph.objects(sibling, SH("qualifiedValueShape"))

    def _follow(self, path: Path, at: Path) -> None:
        """Note each step that a path takes, and where it starts."""
        match path:
            case Step():
                self.reads.add(Read(at, path))
            case Sequence(parts):
                for part in parts:
                    self._follow(part, at)
                    at = joined(at, part)
            case Choice(parts):
                for part in parts:
                    self._follow(part, at)
            case Repeat(part, _, unbounded):
                self._follow(part, joined(at, Repeat(part, 0, True)) if unbounded else at)


def _path(graph: ShapesGraph, node: Term, *, depth: int = 0) -> Path:
    """The property path that a node stands for (SHACL, 2.3.1). Raises `InvalidInput`."""
    if isinstance(node, NamedNode):
        return Step(node)
    if depth > _MAX_DEPTH:
        raise InvalidInput("a property path of the shapes is too deep")

    def each(members: Iterable[Term]) -> tuple[Path, ...]:
        return tuple(_path(graph, member, depth=depth + 1) for member in members)

    if graph.objects(node, RDF("first")):
        return Sequence(each(graph.members(node)))
    for value in graph.objects(node, SH("inversePath")):
        return inverted(each((value,))[0])
    for value in graph.objects(node, SH("alternativePath")):
        return Choice(each(graph.members(value)))
    for predicate, (at_least, unbounded) in _REPEATS.items():
        for value in graph.objects(node, predicate):
            return Repeat(each((value,))[0], at_least, unbounded)
    raise InvalidInput("a property path of the shapes is malformed")


def _is_set(graph: ShapesGraph, subject: Term, flag: NamedNode) -> bool:
    return any(is_true(value) for value in graph.objects(subject, flag))


def _parents(graph: ShapesGraph, property: Term) -> list[Node]:
    """The shapes that a property shape is a property of."""
    holding = graph.subjects(SH("property"))
    return [shape for shape in holding if property in graph.objects(shape, SH("property"))]
