"""Loading documents into a location: all of them or none, in one generation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from econsec.engine.location import Location
from econsec.errors import InvalidInput, Refused, UsageError
from econsec.knowledge import reasoning
from econsec.knowledge.build import Built, Derived, Inconsistent, Reasoner, derive
from econsec.knowledge.literals import rewritten_literals
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH, graph_name
from econsec.knowledge.merge import mergeable_graphs
from econsec.knowledge.reading import Document

__all__ = ["PROTECTED", "Loaded", "install", "load"]

PROTECTED = (INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH)
"""The graphs that only a build writes, beside the default graph."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the triples read for each graph, and what follows from them.

    `rewritten` counts the literals of which the engine keeps the value, but
    not the text.
    """

    triples: Mapping[str, int]
    rewritten: int
    derived: Derived


def load(
    location: Location,
    documents: Iterable[Document],
    *,
    graph: str | None = None,
    infer: bool = True,
    reasoner: Reasoner = reasoning,
) -> Loaded:
    """Add documents to the named graphs of a location and publish the result.

    Triples that name no graph go to `graph`. The default graph and the inferred
    graph are brought up to the new state. Raises `InvalidInput` on what cannot
    be read, `UsageError` on triples without a graph, `Refused` on a protected
    graph, and `Inconsistent`; in each case the location stays as it was.
    """
    target = None if graph is None else graph_name(graph)
    quads = [quad for document in documents for quad in _quads(document, target)]

    def fill(store: ox.Store) -> Derived:
        store.extend(quads)
        derived = derive(store, mergeable_graphs(store), reasoner=reasoner if infer else None)
        if derived.clashes:
            raise Inconsistent(derived.clashes)
        return derived

    return Loaded(
        triples=Counter(str(quad.graph_name)[1:-1] for quad in quads),
        rewritten=rewritten_literals(quads),
        derived=location.publish(fill),
    )


def install(location: Location, built: Built, *, drop_others: bool = False) -> None:
    """Publish a built data set as the whole content of a location.

    Raises `UsageError` where the location holds graphs that the manifest does
    not know, unless `drop_others`.
    """
    known = {entry.iri for entry in built.manifest.graphs} | {*built.store.named_graphs()}
    others = [] if drop_others else [g for g in _graphs(location) if g not in known]
    if others:
        raise UsageError(
            f"the location holds graphs that the manifest does not list: "
            f"{', '.join(str(graph) for graph in others)}",
            source=str(location.root),
            remedy="add them to the manifest, or drop them with --drop-others",
        )

    def fill(store: ox.Store) -> None:
        store.bulk_extend(built.store)
        for graph in built.store.named_graphs():
            store.add_graph(graph)

    location.publish(fill, afresh=True)


def _graphs(location: Location) -> list[NamedNode | ox.BlankNode]:
    return [] if location.current() is None else [*location.open_current().named_graphs()]


def _quads(document: Document, graph: NamedNode | None) -> Iterator[Quad]:
    """The quads of a document, each in a named graph that may be written to.

    Blank nodes are named after the content: a document that is loaded again
    says nothing new.
    """
    seed = hashlib.sha256(document.data).hexdigest()
    for quad in replace(document, seed=seed).quads(graph=graph):
        match quad.graph_name:
            case NamedNode() as name if name in PROTECTED:
                raise Refused(
                    f"the graph {name} is written by a build alone",
                    source=document.name,
                    remedy="name a graph of your own",
                )
            case NamedNode():
                yield quad
            case ox.DefaultGraph():
                raise UsageError(
                    "the document has triples that stand in no named graph",
                    source=document.name,
                    remedy="say with --graph which graph they belong to",
                )
            case name:
                raise InvalidInput(f"{name} names a graph, but is no IRI", source=document.name)
