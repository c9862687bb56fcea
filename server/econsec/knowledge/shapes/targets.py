"""Which nodes a shape is applied to (SHACL, 2.1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode

from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.trees import TARGETS
from econsec.rdf.namespaces import RDF, RDFS, SH

__all__ = ["focus_nodes", "shapes_with_targets", "target_classes"]


def shapes_with_targets(shapes: ShapesGraph) -> list[Node]:
    """The shapes that choose focus nodes by themselves, sorted."""
    found = {shape for target in TARGETS for shape in shapes.subjects(target)}
    kinds = {SH("NodeShape"), SH("PropertyShape")}
    for shape in shapes.subjects(RDF("type")):
        if not kinds.isdisjoint(shapes.objects(shape, RDF("type"))) and shapes.is_class(shape):
            found.add(shape)
    return sorted(found, key=str)


def target_classes(shapes: ShapesGraph, shape: Node) -> tuple[Node, ...]:
    """The classes whose members a shape is applied to."""
    named = shapes.nodes(shape, SH("targetClass"))
    return (*named, shape) if shapes.is_class(shape) else named


def focus_nodes(data: Data, *, shapes: ShapesGraph, shape: Node) -> set[Term]:
    """The nodes of `data` that the targets of `shape` choose, subclasses by `data` included."""
    nodes: set[Term] = set(shapes.objects(shape, SH("targetNode")))
    for named in target_classes(shapes, shape):
        for included in _included(data, named):
            nodes.update(data.subjects(RDF("type"), included))
    for predicate in shapes.nodes(shape, SH("targetSubjectsOf")):
        nodes.update(data.subjects(cast(NamedNode, predicate), None))
    for predicate in shapes.nodes(shape, SH("targetObjectsOf")):
        nodes.update(_objects(data, cast(NamedNode, predicate)))
    return nodes


def _included(data: Data, named: Node) -> set[Node]:
    """A class and its subclasses."""
    found = {named}
    waiting = [named]
    while waiting:
        for subclass in data.subjects(RDFS("subClassOf"), waiting.pop()):
            if subclass not in found:
                found.add(subclass)
                waiting.append(subclass)
    return found


def _objects(data: Data, predicate: NamedNode) -> Iterator[Term]:
    found = [
        cast(Term, quad.object)
        for quad in data.store.quads_for_pattern(None, predicate, None, DefaultGraph())
    ]
    if any(isinstance(term, Literal) for term in found) and data.rewritten:
        found = [cast(Term, t.object) for t in data.triples if t.predicate == predicate]
    yield from found
