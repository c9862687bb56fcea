"""What a data set holds, in numbers, read from the data set itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from econsec.knowledge.manifest import ONTOLOGY, VOID_GRAPH
from econsec.knowledge.merge import graph_sizes, triples_in_default_graph
from econsec.rdf.namespaces import BASE, DCTERMS, ES, OWL, VOID

__all__ = ["GraphSummary", "Summary", "summarise"]

_ENTITIES = f"""
SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}id/")) }}
"""
_TERMS = f"""
SELECT (COUNT(DISTINCT ?s) AS ?n) FROM {ONTOLOGY}
WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ES}")) }}
"""


@dataclass(frozen=True, slots=True)
class GraphSummary:
    """A named graph, its triples and its titles as far as the manifest knows it."""

    iri: str
    triples: int
    title_en: str | None
    title_ja: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """`entities` are the things under `/id/`, `terms` those of the ontology's namespace."""

    version: str | None
    modified: str | None
    triples: int
    entities: int
    terms: int
    graphs: tuple[GraphSummary, ...]


def summarise(store: Store) -> Summary:
    """Count what `store` holds; version and titles come from the manifest in `graph/void`."""
    return Summary(
        version=_dataset_says(store, OWL("versionInfo")),
        modified=_dataset_says(store, DCTERMS("modified")),
        triples=triples_in_default_graph(store),
        entities=_count(store, _ENTITIES),
        terms=_count(store, _TERMS),
        graphs=tuple(
            GraphSummary(
                iri=graph.value,
                triples=triples,
                title_en=_text(store, graph, DCTERMS("title"), language="en"),
                title_ja=_text(store, graph, DCTERMS("title"), language="ja"),
            )
            for graph, triples in graph_sizes(store).items()
        ),
    )


def _dataset_says(store: Store, predicate: NamedNode) -> str | None:
    for quad in store.quads_for_pattern(None, VOID("subset"), None, VOID_GRAPH):
        if isinstance(quad.subject, NamedNode):
            return _text(store, quad.subject, predicate, language=None)
    return None


def _text(
    store: Store, subject: NamedNode, predicate: NamedNode, *, language: str | None
) -> str | None:
    for quad in store.quads_for_pattern(subject, predicate, None, VOID_GRAPH):
        if isinstance(quad.object, Literal) and quad.object.language == language:
            return quad.object.value
    return None


def _count(store: Store, query: str) -> int:
    return int(cast(Literal, next(cast(QuerySolutions, store.query(query)))["n"]).value)
