"""How shapes hang together: what they refer to, what applies them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, advice, error
from econsec.knowledge.shapes.linting.shape_roles import PARAMETERS, Shapes
from econsec.rdf.namespaces import SH

__all__ = ["structure_faults"]

_MAX_DEPTH = 64
"""Shapes within shapes; the engines descend by recursion."""

_HELD = tuple(SH(name) for name in ("parameter", "sparql", "shape"))
_SPEAKING = frozenset(PARAMETERS) - {
    SH(name) for name in ("property", "flags", "ignoredProperties", "sparql")
}
"""Parameters that make results of their own."""


def structure_faults(shapes: Shapes) -> Iterator[Fault]:
    """Dangling references, shapes that recur, and those that nothing applies."""
    yield from _dangling(shapes)
    yield from _recursion(shapes)
    yield from _idle(shapes)
    yield from _speechless(shapes)


def _dangling(shapes: Shapes) -> Iterator[Fault]:
    for subject, used in shapes.references.items():
        for node in used:
            if isinstance(node, NamedNode) and not shapes.graph.predicates(node):
                yield error(
                    subject,
                    f"refers to the shape {spelt(node)}, of which nothing is said",
                    "describe it, give the file that does, or correct its IRI",
                )


def _recursion(shapes: Shapes) -> Iterator[Fault]:
    depths: dict[Term, int] = {}
    for root in shapes.references:
        yield from _descend(shapes, root, depths)


def _descend(shapes: Shapes, root: Node, depths: dict[Term, int]) -> Iterator[Fault]:
    """Go through all that a shape uses; `depths` are the shapes that have been gone through."""
    if root in depths:
        return
    trail: dict[Term, Iterator[Term]] = {root: iter(_used(shapes, root))}
    while trail:
        shape = next(reversed(trail))
        below = next(trail[shape], None)
        if below is None:
            del trail[shape]
            deepest = max((depths.get(each, 0) for each in _used(shapes, shape)), default=0)
            depths[shape] = deepest + 1
            if depths[shape] == _MAX_DEPTH + 1 and not isinstance(shape, Literal):
                yield error(shape, f"has shapes in it more than {_MAX_DEPTH} deep")
        elif below in trail:
            yield _cycle(shapes, [*trail][[*trail].index(below) :])
        elif below not in depths:
            trail[below] = iter(_used(shapes, below))


def _used(shapes: Shapes, shape: Term) -> tuple[Term, ...]:
    return () if isinstance(shape, Literal) else shapes.references.get(shape, ())


def _cycle(shapes: Shapes, cycle: list[Term]) -> Fault:
    names = [shapes.name(node) for node in (*cycle, cycle[0])]
    named = next((node for node in cycle if isinstance(node, NamedNode)), cycle[0])
    assert isinstance(named, NamedNode | BlankNode)
    return error(
        named,
        f"recurs: {' uses '.join(names)}",
        "SHACL leaves open what that means; end it with a shape that does not refer back",
    )


def _idle(shapes: Shapes) -> Iterator[Fault]:
    referred: set[Term] = {node for used in shapes.references.values() for node in used}
    for predicate in _HELD:
        for subject in shapes.graph.subjects(predicate):
            referred.update(shapes.graph.objects(subject, predicate))
    for shape in shapes.all:
        if shape not in referred and not shapes.is_targeted(shape):
            yield advice(
                shape,
                "has no target, and no shape refers to it, so that it is never applied",
                "add a target such as sh:targetClass, or refer to it",
            )


def _speechless(shapes: Shapes) -> Iterator[Fault]:
    for shape in _sources_of_results(shapes):
        said = set(shapes.graph.predicates(shape))
        if said & _SPEAKING and SH("message") not in said:
            yield _no_message(shape)
        for constraint in shapes.graph.nodes(shape, SH("sparql")):
            if not any(shapes.graph.objects(n, SH("message")) for n in (constraint, shape)):
                yield _no_message(constraint)


def _no_message(node: Node) -> Fault:
    return advice(node, "has no sh:message", "say in a sentence what is wrong and what to do")


def _sources_of_results(shapes: Shapes) -> Mapping[Node, None]:
    """Shapes that results name: those with targets, and their property shapes."""
    found: dict[Node, None] = {}
    waiting = [shape for shape in shapes.all if shapes.is_targeted(shape)]
    while waiting:
        shape = waiting.pop()
        if shape not in found:
            found[shape] = None
            waiting.extend(shapes.graph.nodes(shape, SH("property")))
    return found
