"""Which nodes a shape is applied to (SHACL, 2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import OWL, RDF, RDFS, SH, Graph
from rdflib.term import Node

__all__ = ["aimed_at", "focus_nodes", "shapes_with_targets"]

_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_CLASSES = (RDFS.Class, OWL.Class)


def shapes_with_targets(shapes: Graph) -> list[Node]:
    """The shapes that choose focus nodes by themselves, sorted."""
    found = {shape for target in _TARGETS for shape in shapes.subjects(target)}
    for kind in (SH.NodeShape, SH.PropertyShape):
        found.update(s for s in shapes.subjects(RDF.type, kind) if _is_class(shapes, s))
    return sorted(found, key=str)


def focus_nodes(data: Graph, *, shapes: Graph, shape: Node) -> set[Node]:
    """The nodes of `data` that the targets of `shape` choose, subclasses by `data` included."""
    nodes: set[Node] = set(shapes.objects(shape, SH.targetNode))
    classes = {*shapes.objects(shape, SH.targetClass)}
    if _is_class(shapes, shape):
        classes.add(shape)
    for named in classes:
        for included in data.transitive_subjects(RDFS.subClassOf, named):
            nodes.update(data.subjects(RDF.type, included))
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        nodes.update(data.subjects(predicate))
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        nodes.update(data.objects(predicate=predicate))
    return nodes


def aimed_at(shapes: Graph, chosen: Mapping[Node, Iterable[Node]]) -> Graph:
    """The same shapes, each applied to the nodes chosen for it instead of its own targets."""
    aimed = Graph() + shapes
    for target in _TARGETS:
        aimed.remove((None, target, None))
    for shape, nodes in chosen.items():
        for kind in _CLASSES:
            aimed.remove((shape, RDF.type, kind))
        for node in nodes:
            aimed.add((shape, SH.targetNode, node))
    return aimed


def _is_class(shapes: Graph, shape: Node) -> bool:
    return any((shape, RDF.type, kind) in shapes for kind in _CLASSES)
