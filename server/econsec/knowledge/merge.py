"""The default graph as a materialised merge: each triple of the merged graphs once.

The engine's own union of graphs is no RDF merge: a statement that two sections
make would count twice in it.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from econsec.knowledge.manifest import INFERRED, ROLES, VOID_GRAPH, Role
from econsec.rdf.namespaces import ES

__all__ = ["graph_sizes", "merge", "mergeable_graphs", "triples_in_default_graph"]

_AT_ONCE = 50_000
"""Triples of a large graph that are in memory at a time."""

_LARGE = 200_000
"""Triples from which on a graph is large: an update keeps all that it changes in memory."""

_DEFAULT_SIZE = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"
_NAMED_SIZES = "SELECT ?g (COUNT(*) AS ?triples) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


def merge(store: Store, graphs: Collection[NamedNode]) -> int:
    """Replace the default graph by the merge of `graphs`; returns its number of triples."""
    store.clear_graph(DefaultGraph())
    large = [graph for graph in graphs if _is_large(store, graph)]
    # N-Quads and SPARQL spell an IRI alike, and the engine has checked these ones.
    store.update(
        ";".join(f"ADD SILENT {graph} TO DEFAULT" for graph in graphs if graph not in large)
    )
    for graph in large:
        _add_in_blocks(store, graph)
    return triples_in_default_graph(store)


def _is_large(store: Store, graph: NamedNode) -> bool:
    beyond = f"SELECT ?s {{ GRAPH {graph} {{ ?s ?p ?o }} }} OFFSET {_LARGE} LIMIT 1"
    return any(True for _ in cast(QuerySolutions, store.query(beyond)))


def _add_in_blocks(store: Store, graph: NamedNode) -> None:
    quads = store.quads_for_pattern(None, None, None, graph)
    triples = (Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    while block := list(islice(triples, _AT_ONCE)):
        store.bulk_extend(block)


def mergeable_graphs(store: Store) -> tuple[NamedNode, ...]:
    """The named graphs of a store that belong into its default graph.

    These are all but the ones that the manifest in `graph/void` keeps apart, so
    that a graph which the manifest does not know is seen by every query.
    """
    apart = {
        quad.subject
        for role, meaning in ROLES.items()
        if meaning is not Role.MERGED
        for quad in store.quads_for_pattern(None, ES("graphRole"), role, VOID_GRAPH)
    }
    named = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return tuple(sorted((g for g in named if g not in {*apart, INFERRED, VOID_GRAPH}), key=str))


def triples_in_default_graph(store: Store) -> int:
    """How many triples the default graph holds."""
    solution = next(cast(QuerySolutions, store.query(_DEFAULT_SIZE)))
    return int(cast(Literal, solution["triples"]).value)


def graph_sizes(store: Store) -> dict[NamedNode, int]:
    """Each named graph and its number of triples, in the order of their IRIs."""
    sizes = {graph: 0 for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    for solution in cast(QuerySolutions, store.query(_NAMED_SIZES)):
        if isinstance(solution["g"], NamedNode):
            sizes[solution["g"]] = int(cast(Literal, solution["triples"]).value)
    return dict(sorted(sizes.items(), key=lambda item: item[0].value))
