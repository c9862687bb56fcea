"""Merge and inferences, drawn in memory and carried over to the store on disk.

On disk they take four times as long, and every commit would write all of them
anew; in memory only what has changed is copied before, and written after.
"""

from __future__ import annotations

from collections.abc import Collection

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode

from econsec.engine.writing.changes import lines_of, quads_of
from econsec.knowledge import reasoning
from econsec.knowledge.build import Inconsistent, derive
from econsec.knowledge.manifest import INFERRED
from econsec.knowledge.merge import mergeable_graphs

__all__ = ["Mirror", "bring_up"]


def bring_up(store: ox.Store) -> None:
    """Merge the named graphs and draw the inferences anew, in place. Raises `Inconsistent`."""
    derived = derive(store, mergeable_graphs(store), reasoner=reasoning)
    if derived.clashes:
        raise Inconsistent(derived.clashes)


class Mirror:
    """A copy in memory of a store that only one process changes."""

    def __init__(self) -> None:
        self._memory: ox.Store | None = None

    def forget(self) -> None:
        """The store was thrown away."""
        self._memory = None

    def bring_up(self, store: ox.Store, touched: Collection[str | None] | None) -> None:
        """Bring up the store, of which `touched` (`None`: any graph) changed since the last time.

        Raises `Inconsistent`; the store is then as it was.
        """
        memory, self._memory = self._memory, None
        if memory is None or touched is None:
            memory, touched = ox.Store(), [str(name)[1:-1] for name in store.named_graphs()]
        for name in touched:
            if name is not None and name != INFERRED.value:
                _copy(store, memory, NamedNode(name))
        bring_up(memory)
        for graph in (DefaultGraph(), INFERRED):
            _carry_over(memory, store, graph)
        self._memory = memory


def _copy(store: ox.Store, memory: ox.Store, graph: NamedNode) -> None:
    memory.remove_graph(graph)
    if store.contains_named_graph(graph):
        memory.add_graph(graph)
        memory.bulk_extend(store.quads_for_pattern(None, None, None, graph))


def _carry_over(memory: ox.Store, store: ox.Store, graph: NamedNode | DefaultGraph) -> None:
    wanted, found = lines_of(memory, graph), lines_of(store, graph)
    for quad in quads_of(found - wanted, graph):
        store.remove(quad)
    store.extend(quads_of(wanted - found, graph))
    if isinstance(graph, NamedNode) and memory.contains_named_graph(graph):
        store.add_graph(graph)
