"""The quads that a write may change, known beforehand, so that the graphs need not be compared."""

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
from econsec.engine.writing.templates import Modification
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
        """Of a write of nothing but data without blank nodes, or by templates; `None` of others."""
        quads = _quads(store, write)
        if quads is None:
            return None
        graphs = {quad.graph_name for quad in quads}
        if isinstance(write, GraphWrite):
            graphs.add(_target(write))
        absent = (
            graph
            for graph in graphs
            if isinstance(graph, NamedNode) and not store.contains_named_graph(graph)
        )
        return cls(quads, _present(quads, store), frozenset(absent))

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


def _quads(store: ox.Store, write: UpdateWrite | GraphWrite) -> frozenset[Quad] | None:
    """The quads of a write, as the engine keeps them: it rewrites numbers and dates."""
    if isinstance(write, UpdateWrite) and len(write.text) > _MOST_BYTES:
        return None
    try:
        if isinstance(write, GraphWrite):
            return _posted(write)
        inserting = _inserting(write)
        if inserting is not None:
            return _inserted(write, inserting)
        modification = Modification.of(write)
        return None if modification is None else modification.quads(store)
    except (SyntaxError, ValueError, RuntimeError, EconSecError):
        return None  # whoever carries it out says what is wrong


def _posted(write: GraphWrite) -> frozenset[Quad] | None:
    if write.method is not GraphMethod.POST or not _is_short(write.content):
        return None
    memory = ox.Store()
    memory.load(path=write.content, format=RdfFormat.N_TRIPLES, to_graph=_target(write))
    return _ground(memory)


def _inserted(write: UpdateWrite, text: str) -> frozenset[Quad] | None:
    memory = ox.Store()
    memory.update(text, base_iri=write.base, prefixes=PREFIXES)
    return _ground(memory)


def _ground(memory: ox.Store) -> frozenset[Quad] | None:
    """What has been read, `None` where blank nodes are in it."""
    quads = frozenset(memory)
    is_renamed = any(_is_renamed(term) for quad in quads for term in quad.triple)
    return None if is_renamed else quads


def _inserting(write: UpdateWrite) -> str | None:
    """The text of an update of data, with all that it deletes inserted; `None` of any other."""
    text = write.text
    if write.using_graphs or write.using_named:
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
