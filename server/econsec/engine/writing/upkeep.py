"""What the service alone writes, and how it sees that somebody else would."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import IO, cast

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, RdfFormat

from econsec.engine.writing.failures import Protected
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.requests import UpdateWrite, Write
from econsec.knowledge.manifest import EXAMPLES, INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH

__all__ = ["PROTECTED", "check_graphs", "fingerprint", "is_small"]

PROTECTED = (EXAMPLES, INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH)
"""The graphs that only a build writes, beside a default graph that is a merge."""


def is_small(store: ox.Store, limit: int) -> bool:
    """Whether the named graphs hold at most `limit` triples; it counts no further than that."""
    rows = f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {limit + 1}"
    counted = cast(QuerySolutions, store.query(f"SELECT (COUNT(*) AS ?n) {{ {{ {rows} }} }}"))
    return int(cast(Literal, next(counted)["n"]).value) <= limit


def check_graphs(write: Write, limits: WriteLimits) -> None:
    """Refuse a write that names a graph of the service. Raises `Protected`."""
    if isinstance(write, UpdateWrite):
        graphs: Collection[str | None] = write.graphs or ()
    else:
        graphs = (write.graph,)
    for graph in graphs:
        if graph is None and limits.merges:
            raise Protected(
                "the default graph is the merge of the named graphs, written by the service",
                remedy="name the graph that the triples belong to",
            )
        if graph in _NAMES:
            raise Protected(
                f"the graph <{graph}> is written by a build alone",
                remedy="name a graph of your own",
            )


def fingerprint(store: ox.Store, limits: WriteLimits) -> tuple[str, ...]:
    """What the graphs hold that the service writes; equal where they are equal."""
    graphs: tuple[NamedNode | DefaultGraph, ...] = PROTECTED
    if limits.merges:
        graphs = (*graphs, DefaultGraph())
    return tuple(_hash(store, graph) for graph in graphs)


def _hash(store: ox.Store, graph: NamedNode | DefaultGraph) -> str:
    if isinstance(graph, NamedNode) and not store.contains_named_graph(graph):
        return "absent"
    # The engine keeps quads in the order of their keys, so equal graphs are written alike.
    digest = _Digest()
    store.dump(cast("IO[bytes]", digest), RdfFormat.N_TRIPLES, from_graph=graph)
    return digest.hash.hexdigest()


class _Digest:
    """A file that keeps nothing but the hash of what is written to it."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""


_NAMES = frozenset(graph.value for graph in PROTECTED)
