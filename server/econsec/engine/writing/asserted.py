"""The asserted data as one graph in memory, and what a write changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Quad, Triple

from econsec.engine.writing.changes import Changes
from econsec.knowledge.manifest import INFERRED, ROLES, VOID_GRAPH, Role
from econsec.rdf.namespaces import ES

__all__ = ["Delta", "Scope", "merged"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which graphs count as asserted data."""

    apart: frozenset[object]

    @classmethod
    def of(cls, store: ox.Store, *, merges: bool) -> Scope:
        """All but what is inferred, and what the description keeps out of the merge."""
        named_only = (
            quad.subject
            for role, meaning in ROLES.items()
            if meaning is not Role.MERGED
            for quad in store.quads_for_pattern(None, ES("graphRole"), role, VOID_GRAPH)
        )
        derived = (DefaultGraph(),) if merges else ()
        return cls(frozenset((*named_only, INFERRED, VOID_GRAPH, *derived)))

    def quads(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Those that count."""
        return (quad for quad in quads if quad.graph_name not in self.apart)


def merged(store: ox.Store, scope: Scope) -> ox.Store:
    """The asserted data in the default graph of a store in memory, each triple once."""
    memory = ox.Store()
    memory.bulk_extend(
        Quad(*quad.triple) for quad in scope.quads(store.quads_for_pattern(None, None, None, None))
    )
    return memory


@dataclass(frozen=True, slots=True)
class Delta:
    """What a write has changed in the merge."""

    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]

    @classmethod
    def of(cls, changes: Changes, store: ox.Store, *, merge: ox.Store, scope: Scope) -> Delta:
        """A triple that stands in several graphs is gone with the last of them."""
        added = {quad.triple for quad in scope.quads(changes.added)}
        removed = {quad.triple for quad in scope.quads(changes.removed)}
        gone = (t for t in removed if not any(scope.quads(_standing(store, t))))
        return cls(tuple(t for t in added if Quad(*t) not in merge), tuple(gone))

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def apply(self, merge: ox.Store) -> None:
        """Bring the merge up to the write."""
        _remove(merge, self.removed)
        merge.extend(Quad(*triple) for triple in self.added)

    def undo(self, merge: ox.Store) -> None:
        """Take it back."""
        _remove(merge, self.added)
        merge.extend(Quad(*triple) for triple in self.removed)

    @contextmanager
    def undone(self, merge: ox.Store) -> Iterator[None]:
        """For a while, the merge as it was before the write."""
        self.undo(merge)
        yield
        self.apply(merge)

    @contextmanager
    def united(self, merge: ox.Store) -> Iterator[None]:
        """For a while, the merge with all that was there before or is there now."""
        merge.extend(Quad(*triple) for triple in self.removed)
        yield
        _remove(merge, self.removed)


def _remove(merge: ox.Store, triples: Iterable[Triple]) -> None:
    for triple in triples:
        merge.remove(Quad(*triple))


def _standing(store: ox.Store, triple: Triple) -> Iterator[Quad]:
    """The quads that make a statement, in whichever graphs."""
    return store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
