"""The data set of a query (SPARQL 1.1 Query, 13; Protocol, 2.1.4), and stores made for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from econsec.engine import guard
from econsec.engine.store import Query
from econsec.knowledge.manifest import INFERRED, graph_name
from econsec.settings import Settings

__all__ = ["Dataset", "asserted", "dataset_of", "merged"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query names: those of its default graph, and its named graphs."""

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]


def dataset_of(query: Query, settings: Settings) -> Dataset | None:
    """The data set of the request, else of FROM and FROM NAMED, else `None`: the store's own.

    Raises `InvalidInput` on a name that is no IRI.
    """
    default, named = query.default_graphs, query.named_graphs
    if not default and not named and "FROM" in query.text.upper():
        traits = guard.read(query.text, settings, base=query.base)
        default, named = traits.from_graphs, traits.from_named
    if not default and not named:
        return None
    return Dataset(default=_graphs(default), named=_graphs(named))


def merged(store: Store, dataset: Dataset) -> Store:
    """A private store whose default graph is the RDF merge of `dataset.default`.

    The engine would take the union: a triple of two graphs would count twice.
    """
    private = Store()
    private.bulk_extend(
        Quad(quad.subject, quad.predicate, quad.object) for quad in _quads(store, dataset.default)
    )
    private.bulk_extend(_quads(store, dataset.named))
    return private


def asserted(store: Store) -> Store:
    """A copy without the inferred graph and without its triples in the default graph."""
    inferred = {quad.triple for quad in _quads(store, (INFERRED,))}
    copy = Store()
    for graph in store.named_graphs():
        if graph != INFERRED:
            copy.add_graph(graph)
    copy.bulk_extend(
        quad
        for quad in store
        if quad.graph_name != INFERRED
        and not (isinstance(quad.graph_name, DefaultGraph) and quad.triple in inferred)
    )
    return copy


def _graphs(names: Iterable[str]) -> tuple[NamedNode, ...]:
    # Each once: the engine reads a graph twice that is named twice.
    return tuple(graph_name(name) for name in dict.fromkeys(names))


def _quads(store: Store, graphs: Iterable[NamedNode]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph)
