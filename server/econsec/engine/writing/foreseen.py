"""The quads that a write names in its own text, so that the graphs need not be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from econsec.engine.writing.changes import Changes
from econsec.engine.writing.operations import operations
from econsec.engine.writing.requests import GraphMethod, GraphWrite, UpdateWrite
from econsec.errors import EconSecError
from econsec.knowledge.manifest import graph_name
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Foreseen"]

_DATA = re.compile(r"(INSERT|DELETE)\s+DATA\b", re.IGNORECASE)
_INSERT = "INSERT"
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The quads that a write may add or remove, those that are there already, and their graphs."""

    quads: frozenset[Quad]
    existing: frozenset[Quad]
    absent: frozenset[NamedNode]

    @classmethod
    def of(cls, store: ox.Store, write: UpdateWrite | GraphWrite) -> Foreseen | None:
        """Of a write of nothing but data without blank nodes; `None` of any other."""
        named = _named(write)
        if named is None or any(_is_renamed(term) for quad in named for term in quad.triple):
            return None
        graphs = {quad.graph_name for quad in named}
        if isinstance(write, GraphWrite):
            graphs.add(_target(write))
        absent = (
            graph
            for graph in graphs
            if isinstance(graph, NamedNode) and not store.contains_named_graph(graph)
        )
        return cls(named, _present(named, store), frozenset(absent))

    def changes(self, store: ox.Store) -> Changes:
        """What has become of them."""
        present = _present(self.quads, store)
        return Changes(
            added=tuple(present - self.existing),
            removed=tuple(self.existing - present),
            made=frozenset(graph for graph in self.absent if store.contains_named_graph(graph)),
        )


def _present(quads: Iterable[Quad], store: ox.Store) -> frozenset[Quad]:
    return frozenset(quad for quad in quads if quad in store)


def _named(write: UpdateWrite | GraphWrite) -> frozenset[Quad] | None:
    """The data of a write, as the engine keeps them: it rewrites numbers and dates."""
    memory = ox.Store()
    try:
        if isinstance(write, UpdateWrite):
            inserting = _inserting(write)
            if inserting is None:
                return None
            memory.update(inserting, base_iri=write.base, prefixes=PREFIXES)
        elif write.method is GraphMethod.POST and _is_short(write.content):
            memory.load(path=write.content, format=RdfFormat.N_TRIPLES, to_graph=_target(write))
        else:
            return None
    except (SyntaxError, RuntimeError, UnicodeEncodeError, EconSecError):
        return None  # whoever carries it out says what is wrong
    return frozenset(memory)


def _inserting(write: UpdateWrite) -> str | None:
    """The text of an update of data, with all that it deletes inserted; `None` of any other."""
    text = write.text
    if write.using_graphs or write.using_named or len(text) > _MOST_BYTES:
        return None
    prologue, found = operations(text, base=write.base)
    pieces, at = [text[:prologue]], prologue
    for operation in found:
        if _DATA.match(text, operation.start) is None:
            return None
        pieces += [text[at : operation.start], _INSERT]
        at = operation.start + len(_INSERT)
    return "".join((*pieces, text[at:]))


def _target(write: GraphWrite) -> NamedNode | DefaultGraph:
    return DefaultGraph() if write.graph is None else graph_name(write.graph)


def _is_short(content: Path | None) -> bool:
    return content is not None and content.stat().st_size <= _MOST_BYTES


def _is_renamed(term: NamedNode | BlankNode | Literal | Triple) -> bool:
    """Whether the engine may give it another name each time that it reads it."""
    return isinstance(term, BlankNode | Triple)
