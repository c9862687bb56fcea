"""Graphs of a store to judge, and those that stand behind what is judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TypeAlias

from pyoxigraph import Quad

from econsec.engine.store import Query, Store
from econsec.engine.writing.failures import GraphNotFound
from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.manifest import (
    INFERRED,
    ONTOLOGY,
    VOID_GRAPH,
    Manifest,
    default_manifest,
    graph_name,
)
from econsec.knowledge.reading import document, read_document
from econsec.rdf.formats import JSON, N_TRIPLES
from econsec.rdf.namespaces import ES, GRAPH

__all__ = [
    "BACKGROUND",
    "SOURCES",
    "UNNAMED",
    "Quads",
    "background_of",
    "evidence_of",
    "graph_quads",
    "is_background",
    "judged_graphs",
    "sources_and_evidence",
    "surroundings_of",
]

Quads: TypeAlias = Sequence[Quad]

BACKGROUND = tuple(GRAPH + name for name in ("ontology", "vocab", "reference", "alignment", "law/"))
"""What stands behind data from outside: these graphs, and those below one that ends in `/`."""

SOURCES = GRAPH + "source/"
"""Below it are the graphs of what the sources of the data set say."""


def judged_graphs(store: Store) -> list[str]:
    """The named graphs of a store that the default graph is the merge of, what is inferred aside.

    These are all but those that the manifest in `graph/void` keeps apart.
    """
    apart = f"GRAPH {VOID_GRAPH} {{ ?g {ES('graphRole')} ?r FILTER(?r != {ES('MergedGraph')}) }}"
    kept = f"FILTER(?g NOT IN ({INFERRED}, {VOID_GRAPH})) FILTER NOT EXISTS {{ {apart} }}"
    return _graphs(store, kept)


def surroundings_of(store: Store, graphs: Iterable[str]) -> list[Quad]:
    """What stands behind graphs of a store: its background, and what its sources say.

    A document from outside may be a later text of a source, and so is judged without.
    """
    left_out = set(graphs)
    named = (name for name in _sources(store) if name not in left_out)
    sources = (quad for name in named for quad in graph_quads(store, name))
    return [*background_of(store, without=left_out), *sources]


def evidence_of(store: Store) -> list[Quad]:
    """The graphs that say where each thing stands in its source."""
    names = (name for name in _graphs(store) if name.endswith("/evidence"))
    return [quad for name in names for quad in graph_quads(store, name)]


def sources_and_evidence(store: Store) -> list[Quad]:
    """What stands beside data from outside, to be named where those are explained.

    As with the background, it is that of the package for a store without an ontology.
    """
    if not _has_graph(store, ONTOLOGY.value):
        return [*_packaged_sources()]
    sources = (quad for name in _sources(store) for quad in graph_quads(store, name))
    return [*sources, *evidence_of(store)]


def is_background(graph: str) -> bool:
    """Whether a named graph stands behind the data that are judged."""
    return any(
        graph.startswith(each) if each.endswith("/") else graph == each for each in BACKGROUND
    )


def background_of(store: Store, *, without: Iterable[str] = ()) -> list[Quad]:
    """The ontology, code lists, law and reference data of a store.

    A store without an ontology is judged before the background of the package.
    """
    if not _has_graph(store, ONTOLOGY.value):
        return [*_packaged_background()]
    left_out = set(without)
    return [
        quad
        for name in _graphs(store)
        if is_background(name) and name not in left_out
        for quad in graph_quads(store, name)
    ]


def graph_quads(store: Store, graph: str | None) -> list[Quad]:
    """What a store holds in a named graph, or in the default graph (`None`).

    Raises `GraphNotFound`, and `InvalidInput` on a name that is no IRI.
    """
    pattern = "{ ?s ?p ?o }"
    if graph is None:
        name, query = UNNAMED, Query(f"CONSTRUCT WHERE {pattern}")
    else:
        name = graph_name(graph)
        if not _has_graph(store, graph):
            raise GraphNotFound(f"there is no graph {graph}")
        query = Query(f"CONSTRUCT {pattern} WHERE {{ GRAPH {name} {pattern} }}")
    content = BytesIO()
    store.query(query).write(content, N_TRIPLES)
    found = document(content.getvalue(), name=name.value, format=N_TRIPLES)
    return [*found.quads(graph=name)]


def _sources(store: Store) -> list[str]:
    """The graphs of the store's merge that hold what sources say."""
    return [name for name in judged_graphs(store) if name.startswith(SOURCES)]


def _graphs(store: Store, kept: str = "") -> list[str]:
    content = BytesIO()
    # To count what is in them, as `graphs` of a store does, takes long where there is much.
    store.query(Query(f"SELECT ?g {{ GRAPH ?g {{}} {kept} }}")).write(content, JSON)
    rows = json.loads(content.getvalue())["results"]["bindings"]
    return sorted(row["g"]["value"] for row in rows if row["g"]["type"] == "uri")


def _has_graph(store: Store, graph: str) -> bool:
    return store.query(Query(f"ASK {{ GRAPH {graph_name(graph)} {{}} }}")).truth() is True


@lru_cache(maxsize=1)
def _packaged_sources() -> tuple[Quad, ...]:
    # Only who explains waits for what comes with it.
    from econsec.knowledge.conformance import sources_and_evidence

    return (*sources_and_evidence(Manifest.read(default_manifest())),)


@lru_cache(maxsize=1)
def _packaged_background() -> tuple[Quad, ...]:
    return tuple(
        quad
        for entry in Manifest.read(default_manifest()).graphs
        if is_background(entry.iri.value)
        for dump in entry.files
        for quad in read_document(dump.path, base=dump.iri).quads(graph=entry.iri)
    )
