"""What a shape reads of the data, so that a change can be traced back to its focus nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pyoxigraph import NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.shapes.capability import plan
from econsec.knowledge.shapes.constraints import Constraint, is_true, read_constraint
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.keys import Keyed
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
from econsec.knowledge.shapes.queries import CORE
from econsec.knowledge.shapes.trees import TARGETS, grow
from econsec.knowledge.shapes.vocabulary import Vocabulary, vocabulary
from econsec.rdf.namespaces import RDF, SH

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

    @property
    def are_given(self) -> bool:
        """Whether it chooses nothing but nodes that it names."""
        by_data = self.classes | self.subjects_of | self.objects_of
        return not by_data and all(isinstance(node, NamedNode) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape with targets; `has_core` says whether it has any but SPARQL constraints.

    `keyed` are the SPARQL constraints that may be asked about single values; `queries`
    says what the others can match, `None` where it has none. Where one of them
    is `nested` in a shape that this one only asks whether a node conforms to, they
    cannot be judged apart from core constraints.
    """

    shape: Node
    targets: Targets
    reads: frozenset[Read]
    has_core: bool
    queries: Vocabulary | None
    keyed: tuple[Keyed, ...]
    nested: bool

    @property
    def asks(self) -> bool:
        """Whether it has SPARQL constraints."""
        return self.queries is not None or bool(self.keyed)


def rules(graph: ShapesGraph, *, keys: bool = True) -> tuple[Rule, ...]:
    """The shapes with targets, and what each of them reads. Raises `InvalidInput`.

    Without `keys`, no constraint counts as one that may be asked about single values.
    """
    aiming = [shape for target in TARGETS for shape in graph.subjects(target)]
    typed = [s for s in graph.subjects(RDF("type")) if _is_class_and_shape(graph, s)]
    return tuple(_rule(graph, shape, keys=keys) for shape in dict.fromkeys((*aiming, *typed)))


def _is_class_and_shape(graph: ShapesGraph, node: Node) -> bool:
    return graph.is_class(node) and any(k in graph.objects(node, RDF("type")) for k in _SHAPES)


def _rule(graph: ShapesGraph, shape: Node, *, keys: bool) -> Rule:
    reading = _Reading(graph)
    reading.shape(shape, HERE, nested=False)
    targets = _targets(graph, shape)
    read = (read_constraint(graph, node, part) for part, node in reading.constraints)
    constraints = [constraint for constraint in read if constraint is not None]
    nested = reading.nested or _declares_components(graph)
    keys = keys and not nested and targets.are_given
    keyed = _keyed(graph, shape, targets.nodes, constraints) if keys else ()
    asked = {each.constraint for each in keyed}
    return Rule(
        shape=shape,
        targets=targets,
        reads=frozenset(reading.reads),
        has_core=reading.has_core,
        queries=_vocabulary(graph, [each for each in constraints if each not in asked]),
        keyed=keyed,
        nested=nested,
    )


def _keyed(
    graph: ShapesGraph, shape: Node, nodes: frozenset[Term], constraints: Iterable[Constraint]
) -> tuple[Keyed, ...]:
    """The constraints that may be asked about single values, by the fast engine."""
    found = (Keyed.of(constraint) for constraint in constraints)
    keyed = [each for each in found if each is not None]
    if not keyed:
        return ()
    planned = plan(graph, grow(graph, shape), Data(()), focus=nodes)
    return tuple(k for k in keyed if planned is not None and k.constraint in planned.constraints)


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


def _vocabulary(graph: ShapesGraph, constraints: Iterable[Constraint]) -> Vocabulary | None:
    if _declares_components(graph):  # any shape may use them
        return Vocabulary(frozenset(), has_variable=True)
    found = [vocabulary(constraint.text) for constraint in constraints]
    return Vocabulary.joint(found) if found else None


def _declares_components(graph: ShapesGraph) -> bool:
    typed = graph.subjects(RDF("type"))
    return any(SH("ConstraintComponent") in graph.objects(each, RDF("type")) for each in typed)


class _Reading:
    """Follows a shape into the shapes that it refers to, and notes what they read."""

    def __init__(self, graph: ShapesGraph) -> None:
        self.reads: set[Read] = set()
        self.constraints: set[tuple[Node, Node]] = set()
        self.nested = False
        self.has_core = False
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
        self.has_core |= not CORE.isdisjoint(graph.predicates(shape))
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
