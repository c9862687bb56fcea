"""Which graphs are under validation, and by what: part of each committed state.

The settings stand in the description of the data set, `graph/void`, which the
service alone writes: a backup has them, a restart finds them, a query shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from econsec.knowledge.manifest import VOID_GRAPH, graph_name
from econsec.knowledge.reading import Document
from econsec.rdf.namespaces import ESH

__all__ = [
    "BY_PROFILE",
    "BY_SHAPES",
    "Setting",
    "put",
    "remove",
    "setting_by",
    "setting_of",
    "settings",
]

BY_PROFILE = ESH("validatedByProfile")
BY_SHAPES = ESH("validatedByShapes")


@dataclass(frozen=True, slots=True)
class Setting:
    """A graph under validation: by a profile, by shapes of its own (N-Triples), or by both."""

    graph: NamedNode
    profile: str | None = None
    shapes: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"graph": self.graph.value, "profile": self.profile, "shapes": self.shapes}


def setting_by(
    graph: str, *, profile: str | None = None, documents: Collection[Document] = ()
) -> Setting:
    """The setting that names a profile and the shapes of documents. Raises `InvalidInput`."""
    shapes = [quad.triple for each in documents for quad in each.quads()]
    written = ox.serialize(shapes, format=RdfFormat.N_TRIPLES) if documents else None
    return Setting(graph_name(graph), profile, None if written is None else written.decode())


def settings(store: ox.Store) -> tuple[Setting, ...]:
    """The graphs under validation, in the order of their IRIs."""
    named = {
        cast(NamedNode, quad.subject)
        for predicate in (BY_PROFILE, BY_SHAPES)
        for quad in store.quads_for_pattern(None, predicate, None, VOID_GRAPH)
    }
    return tuple(_setting(store, graph) for graph in sorted(named, key=str))


def setting_of(store: ox.Store, graph: NamedNode) -> Setting | None:
    """The setting of a graph, `None` where it is not under validation."""
    found = _setting(store, graph)
    return None if found == Setting(graph) else found


def put(store: ox.Store, setting: Setting) -> None:
    """Put a graph under validation; what it was under before counts no longer."""
    remove(store, setting.graph)
    store.extend(_quads(setting))


def remove(store: ox.Store, graph: NamedNode) -> None:
    """Let a graph be written without validation."""
    for quad in _quads(_setting(store, graph)):
        store.remove(quad)


def _quads(setting: Setting) -> Iterator[Quad]:
    for predicate, value in ((BY_PROFILE, setting.profile), (BY_SHAPES, setting.shapes)):
        if value is not None:
            yield Quad(setting.graph, predicate, Literal(value), VOID_GRAPH)


def _setting(store: ox.Store, graph: NamedNode) -> Setting:
    return Setting(graph, _value(store, graph, BY_PROFILE), _value(store, graph, BY_SHAPES))


def _value(store: ox.Store, graph: NamedNode, predicate: NamedNode) -> str | None:
    found = store.quads_for_pattern(graph, predicate, None, VOID_GRAPH)
    return next((cast(Literal, quad.object).value for quad in found), None)
