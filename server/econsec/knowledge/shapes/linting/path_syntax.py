"""Property paths that are none (SHACL, 2.3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode

from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.namespaces import RDF, SH

__all__ = ["path_faults"]

_MAX_DEPTH = 16
_FIRST, _REST = RDF("first"), RDF("rest")
_ALTERNATIVE = SH("alternativePath")
_STEPS = frozenset(
    {SH("inversePath"), SH("zeroOrMorePath"), SH("oneOrMorePath"), SH("zeroOrOnePath")}
)
_EXAMPLES = "a path is an IRI, ( ex:a ex:b ), or one of [ sh:inversePath … ] and its like"


def path_faults(shapes: Shapes) -> Iterator[Fault]:
    """Property shapes that have no path, several, or one that is malformed."""
    having = dict.fromkeys(shapes.graph.subjects(SH("path")))
    having.update(dict.fromkeys(shapes.instances("PropertyShape")))
    for subject in shapes.graph.subjects(SH("property")):
        having.update(dict.fromkeys(shapes.graph.nodes(subject, SH("property"))))
    for shape in having:
        paths = shapes.graph.objects(shape, SH("path"))
        if len(paths) > 1:
            yield error(
                shape,
                f"has {len(paths)} values of sh:path",
                "make it two property shapes, or one alternative path",
            )
        elif not paths and shapes.graph.predicates(shape):
            yield error(shape, "is a property shape without sh:path", "add a path")
        for path in paths:
            problem = _problem(shapes, path)
            if problem is not None:
                yield error(shape, f"has a sh:path that {problem}", _EXAMPLES)
    for shape in shapes.instances("NodeShape"):
        if shapes.graph.is_property_shape(shape):
            yield error(shape, "is a node shape, but has sh:path", "make it a sh:PropertyShape")


def _problem(shapes: Shapes, path: Term) -> str | None:
    """What is wrong with a path, as the rest of a sentence."""
    waiting: list[tuple[Term, tuple[Term, ...]]] = [(path, ())]
    while waiting:
        node, above = waiting.pop()
        if isinstance(node, NamedNode):
            continue
        if not isinstance(node, BlankNode):
            return "has a literal in it"
        if node in above:
            return "leads back into itself"
        if len(above) >= _MAX_DEPTH:
            return f"is nested more than {_MAX_DEPTH} deep"
        parts = _parts(shapes, node)
        if isinstance(parts, str):
            return parts
        waiting.extend((part, (*above, node)) for part in parts)
    return None


def _parts(shapes: Shapes, node: Node) -> tuple[Term, ...] | str:
    """The paths that a path is made of, or what is wrong with it."""
    said = shapes.graph.predicates(node)
    if _FIRST in said or _REST in said:
        return _several(shapes, node, "sequence")
    steps = [step for step in said if step in _STEPS or step == _ALTERNATIVE]
    if not steps:
        return "is empty" if not said else "is none of the kinds of path"
    values = shapes.graph.objects(node, steps[0])
    if len(said) > 1 or len(values) > 1:
        return "says more than one thing"
    if steps[0] == _ALTERNATIVE:
        return _several(shapes, values[0], "alternative")
    return values


def _several(shapes: Shapes, head: Term, kind: str) -> tuple[Term, ...] | str:
    members = shapes.members(head)
    if members is None:
        return f"has a broken list as its {kind}"
    return members if len(members) > 1 else f"has a {kind} of fewer than two paths"
