"""A data set held against its own shapes, for one thing of it to be explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from econsec.errors import UsageError
from econsec.knowledge.explanation.explaining import explain
from econsec.knowledge.manifest import SHAPES
from econsec.knowledge.reports import Explanation, Report, Term
from econsec.knowledge.shapes import validate
from econsec.knowledge.shapes.profiles import read_profiles, select, shapes_of
from econsec.rdf.namespaces import ES, RDF
from econsec.rdf.notation import long_iri

__all__ = ["explain_all", "explain_in", "is_evidence", "things_of"]

_MOST = 200
"""Designations that are explained at once; those with results come first."""


def explain_in(store: Store, name: str, *, profile: str) -> tuple[Explanation, ...]:
    """What there is to say of the thing `name` (an IRI, or as Turtle writes it) in a data set.

    `store` holds the merge with its inferences, the shapes, and the evidence in named
    graphs; the shapes of `profile` judge it. Raises `UsageError` for what is no IRI, an
    unknown profile, and a thing that the data do not know.
    """
    this = _node(name)
    if next(store.quads_for_pattern(this, None, None, DefaultGraph()), None) is None:
        raise UsageError(f"the data say nothing of {name}")
    shapes = list(store.quads_for_pattern(None, None, None, SHAPES))
    chosen = select(shapes, shapes_of(profile, read_profiles(shapes)))
    data = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    return explain(store, this, report=validate(data, shapes=chosen))


def explain_all(
    store: Store,
    *,
    shapes: Iterable[Quad | Triple],
    report: Report,
    within: Callable[[Term], bool],
    beside: Iterable[Quad] = (),
) -> tuple[Explanation, ...]:
    """The designations of a data set for which `within` holds, those with results first.

    `store` holds the merge with its inferences; the shapes are put into a graph of it,
    and what stands `beside` what was judged, such as labels, criteria and evidence, into
    the merge or its own graph. At most 200 are explained.
    """
    for quad in beside:
        store.add(quad if is_evidence(quad) else Quad(*quad.triple))
    store.extend(Quad(each.subject, each.predicate, each.object, SHAPES) for each in shapes)
    quads = store.quads_for_pattern(None, RDF("type"), ES("Designation"), DefaultGraph())
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    faulty = {result.focus for result in report.results}
    chosen = sorted(filter(within, found), key=lambda node: (node not in faulty, node.value))
    return tuple(
        explanation
        for node in chosen[:_MOST]
        for explanation in explain(store, node, report=report)
    )


def things_of(store: Store) -> list[NamedNode]:
    """All that the merge of a data set describes."""
    quads = store.quads_for_pattern(None, None, None, DefaultGraph())
    return sorted({quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}, key=str)


def is_evidence(quad: Quad) -> bool:
    """Whether it is of a graph that says where things stand in their source."""
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value.endswith("/evidence")


def _node(name: str) -> NamedNode:
    bare = name.removeprefix("<").removesuffix(">")
    try:
        return NamedNode(long_iri(bare))
    except ValueError as error:
        raise UsageError(
            f"{name} is no IRI", remedy="write it in full, or as designation:…"
        ) from error
