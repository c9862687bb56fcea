"""What a write has changed: the engine does not say, so that it is seen from before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from econsec.knowledge.manifest import INFERRED

__all__ = ["Changes", "Earlier", "Graph", "Snapshot", "lines_of", "quads_of", "written_graphs"]

Graph: TypeAlias = NamedNode | DefaultGraph


@dataclass(frozen=True, slots=True)
class Changes:
    """The quads that a write has added and removed, and the graphs that it made and dropped."""

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()
    made: frozenset[NamedNode] = field(default_factory=frozenset)
    dropped: frozenset[NamedNode] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def undo(self, store: ox.Store) -> None:
        """Put the store back to what it was."""
        for quad in self.added:
            store.remove(quad)
        store.extend(self.removed)
        for graph in self.made:
            store.remove_graph(graph)
        for graph in self.dropped:
            store.add_graph(graph)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A store as it was before a change."""

    store: ox.Store
    added: frozenset[Quad]
    removed: ox.Store

    @classmethod
    def than(cls, changes: Changes, store: ox.Store) -> Earlier:
        """Before `changes`, which `store` has undergone."""
        removed = ox.Store()
        removed.extend(changes.removed)
        return cls(store, frozenset(changes.added), removed)

    def quads_for_pattern(self, *pattern: Any) -> Iterator[Quad]:
        """As the store gives them."""
        yield from self.removed.quads_for_pattern(*pattern)
        for quad in self.store.quads_for_pattern(*pattern):
            if quad not in self.added:
                yield quad


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of the graphs that a write may change, each triple as the engine writes it."""

    lines: Mapping[Graph, frozenset[bytes]]
    existing: frozenset[Graph]
    is_open: bool
    with_default: bool

    @classmethod
    def of(
        cls, store: ox.Store, graphs: Collection[str | None] | None, *, with_default: bool
    ) -> Snapshot:
        """Of `graphs` (`None`: all that clients write; `with_default`, the default graph too)."""
        names = _named(graphs) if graphs is not None else written_graphs(store, with_default)
        existing = frozenset(name for name in names if _exists(store, name))
        lines = {name: lines_of(store, name) for name in names}
        return cls(lines, existing, graphs is None, with_default)

    def changes(self, store: ox.Store) -> Changes:
        """What has changed since. The order of quads means nothing."""
        names = set(self.lines)
        if self.is_open:
            names |= set(written_graphs(store, self.with_default))
        added: list[Quad] = []
        removed: list[Quad] = []
        for name in names:
            before = self.lines.get(name, frozenset())
            after = lines_of(store, name)
            added += quads_of(after - before, name)
            removed += quads_of(before - after, name)
        made, dropped = self._differing(store, names)
        return Changes(tuple(added), tuple(removed), made, dropped)

    def _differing(
        self, store: ox.Store, names: Iterable[Graph]
    ) -> tuple[frozenset[NamedNode], frozenset[NamedNode]]:
        """Empty graphs are graphs, too."""
        named = {name for name in names if isinstance(name, NamedNode)}
        now = {name for name in named if _exists(store, name)}
        return frozenset(now - self.existing), frozenset((named & self.existing) - now)


def written_graphs(store: ox.Store, with_default: bool) -> tuple[Graph, ...]:
    """The graphs of a store, what is inferred aside."""
    named = (name for name in store.named_graphs() if isinstance(name, NamedNode))
    found = tuple(name for name in named if name != INFERRED)
    return (*found, DefaultGraph()) if with_default else found


def _named(graphs: Collection[str | None]) -> tuple[Graph, ...]:
    return tuple(DefaultGraph() if name is None else NamedNode(name) for name in graphs)


def _exists(store: ox.Store, graph: Graph) -> bool:
    return isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)


def lines_of(store: ox.Store, graph: Graph) -> frozenset[bytes]:
    """The triples of a graph, each as the engine writes it: compared so, they cost the least."""
    content = BytesIO()
    if _exists(store, graph):
        store.dump(content, RdfFormat.N_TRIPLES, from_graph=graph)
    return frozenset(content.getvalue().split(b"\n"))


def quads_of(lines: Iterable[bytes], graph: Graph) -> list[Quad]:
    """The quads of such lines."""
    parsed = ox.parse(b"\n".join(lines), RdfFormat.N_TRIPLES)
    return [Quad(each.subject, each.predicate, each.object, graph) for each in parsed]
