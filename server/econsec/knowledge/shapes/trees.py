"""A shape with targets and all shapes in it, as a tree of its own.

An engine says which shape raised a result, but not by way of which target it came
there. Every shape with targets is therefore handed over as a copy of itself and of
the shapes that it uses, under names that tell copy from copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH

__all__ = ["TARGETS", "Copies", "Tree", "grow", "parts_of", "refuse_recursion"]

TARGETS = tuple(
    SH(target) for target in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)

_COPY = "urn:x-econsec:shape:"
_NESTING = tuple(SH(name) for name in ("property", "node", "not", "qualifiedValueShape"))
_LISTING = tuple(SH(name) for name in ("and", "or", "xone"))
_CLASSES = frozenset({RDFS("Class"), OWL("Class")})


@dataclass(frozen=True, slots=True)
class Tree:
    """A shape with targets, and every shape that it is defined by, itself first."""

    root: Node
    nodes: tuple[Node, ...]


def grow(shapes: ShapesGraph, root: Node) -> Tree:
    """The tree of a shape; `refuse_recursion` has seen that it is one."""
    nodes: dict[Node, None] = {root: None}
    waiting = [root]
    while waiting:
        for part in parts_of(shapes, waiting.pop()):
            if part not in nodes:
                nodes[part] = None
                waiting.append(part)
    return Tree(root, tuple(nodes))


def parts_of(shapes: ShapesGraph, shape: Node) -> Iterator[Node]:
    """The shapes that a shape is directly defined by (SHACL, 2.1, "refers to")."""
    for predicate in _NESTING:
        yield from shapes.nodes(shape, predicate)
    for predicate in _LISTING:
        for members in shapes.objects(shape, predicate):
            for member in shapes.members(members):
                if not isinstance(member, Literal):
                    yield member


def refuse_recursion(shapes: ShapesGraph) -> None:
    """Raise `InvalidInput` for a shape that is defined by means of itself (SHACL, 3.4.3)."""
    done: set[Node] = set()
    using = (shape for predicate in (*_NESTING, *_LISTING) for shape in shapes.subjects(predicate))
    for root in dict.fromkeys(using):
        if root in done:
            continue
        open: dict[Node, Iterator[Node]] = {root: parts_of(shapes, root)}
        while open:
            shape = next(reversed(open))
            part = next(open[shape], None)
            if part is None:
                done.add(shape)
                del open[shape]
            elif part in open:
                raise InvalidInput(
                    f"the shape {_called(shapes, part, open)} is defined by means of itself",
                    remedy="SHACL leaves open what recursive shapes mean; they are not run",
                )
            elif part not in done:
                open[part] = parts_of(shapes, part)


def _called(shapes: ShapesGraph, part: Node, open: Mapping[Node, object]) -> str:
    """A shape that recurs; for one without a name, one with a name on the same circle."""
    circle = list(open)[list(open).index(part) :]
    named = next((node for node in circle if isinstance(node, NamedNode)), part)
    return spelt(named)


class Copies:
    """Trees under names of their own, and what the names stand for."""

    def __init__(self) -> None:
        self._originals: list[tuple[Node, Node]] = []

    def of(self, shapes: ShapesGraph, tree: Tree, *, leave: frozenset[NamedNode]) -> list[Triple]:
        """The statements of a tree, except those of the predicates `leave`, without targets."""
        names: dict[Term, NamedNode] = {}
        for node in tree.nodes:
            names[node] = self.name(self.latest)
            self._originals.append((tree.root, node))
        found: dict[Triple, None] = {}
        for node in tree.nodes:
            for triple in shapes.about(node):
                if triple.predicate not in leave and not _aims(triple):
                    found.update(dict.fromkeys(self._copied(shapes, triple, names)))
        return list(found)

    def original(self, copy: Term) -> tuple[Node, Node] | None:
        """The root and the shape that a name stands for, `None` for any other term."""
        if not isinstance(copy, NamedNode) or not copy.value.startswith(_COPY):
            return None
        return self._originals[int(copy.value.removeprefix(_COPY))]

    @staticmethod
    def name(number: int) -> NamedNode:
        """The name that is given after `number` others."""
        return NamedNode(f"{_COPY}{number}")

    @property
    def latest(self) -> int:
        """How many names have been given."""
        return len(self._originals)

    def _copied(
        self, shapes: ShapesGraph, triple: Triple, names: Mapping[Term, NamedNode]
    ) -> Iterator[Triple]:
        subject, object = cast(Term, triple.subject), cast(Term, triple.object)
        if triple.predicate in _NESTING:
            yield Triple(names[subject], triple.predicate, names.get(object, object))
        elif triple.predicate in _LISTING:
            head, cells = _relisted(shapes.members(object), names)
            yield Triple(names[subject], triple.predicate, head)
            yield from cells
        else:
            yield Triple(names[subject], triple.predicate, object)
            if isinstance(object, BlankNode):
                yield from shapes.closure(object)


def _relisted(
    members: Sequence[Term], names: Mapping[Term, NamedNode]
) -> tuple[Node, list[Triple]]:
    """A list of the copies of shapes."""
    head: Node = RDF("nil")
    cells: list[Triple] = []
    for member in reversed(members):
        cell = BlankNode()
        cells += [
            Triple(cell, RDF("first"), names.get(member, member)),
            Triple(cell, RDF("rest"), head),
        ]
        head = cell
    return head, cells


def _aims(triple: Triple) -> bool:
    return triple.predicate in TARGETS or (
        triple.predicate == RDF("type") and triple.object in _CLASSES
    )
