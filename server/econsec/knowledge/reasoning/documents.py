"""Reason over documents: an ontology and data, read into a store of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

from econsec.knowledge.manifest import INFERRED, ONTOLOGY
from econsec.knowledge.reading import Document
from econsec.knowledge.reasoning.clashes import Clash, find_clashes
from econsec.knowledge.reasoning.materialisation import materialise
from econsec.rdf.formats import Format
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Reasoned", "inferred_triples", "reason_over"]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A saturated store, how much was inferred, and what contradicts itself."""

    store: Store
    inferred: int
    clashes: tuple[Clash, ...]


def reason_over(ontology: Iterable[Document], data: Iterable[Document]) -> Reasoned:
    """Merge the documents, draw what follows, and look for contradictions.

    Named graphs of the documents are merged. Raises `InvalidInput` where a
    document cannot be read, and as `materialise` does.
    """
    store = Store()
    for document in ontology:
        quads = tuple(document.quads())
        store.extend(_into(ONTOLOGY, quads))
        store.extend(_into(DefaultGraph(), quads))
    for document in data:
        store.extend(_into(DefaultGraph(), tuple(document.quads())))
    drawn = materialise(store, tbox=ONTOLOGY, into=INFERRED)
    return Reasoned(store, drawn.inferred, find_clashes(store, tbox=ONTOLOGY))


def inferred_triples(store: Store, format: Format) -> bytes:
    """The inferred graph as a document, sorted: the same bytes for the same triples."""
    quads = store.quads_for_pattern(None, None, None, INFERRED)
    triples = sorted((quad.triple for quad in quads), key=str)
    return cast(bytes, serialize(triples, format=cast(RdfFormat, format.engine), prefixes=PREFIXES))


def _into(graph: NamedNode | DefaultGraph, quads: Iterable[Quad]) -> Iterable[Quad]:
    return (Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
