"""The watch over graphs under validation, as the writer's process keeps it.

What judges imports for a while, and is only there where something is to be judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from econsec.engine.writing.changes import Snapshot
from econsec.engine.writing.failures import GraphNotFound
from econsec.engine.writing.foreseen import Foreseen
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.protection import Setting, put, remove, setting_of, settings
from econsec.engine.writing.requests import GraphWrite, ProtectionWrite, UpdateWrite
from econsec.errors import EconSecError
from econsec.knowledge.manifest import graph_name

if TYPE_CHECKING:
    from econsec.engine.writing.validation import Validator

__all__ = ["Watch", "check_protectable"]

Graphs: TypeAlias = Collection[str | None] | None
"""The graphs that a write may change; `None` where it may change any."""


class Watch:
    """Over one private store."""

    def __init__(self, limits: WriteLimits) -> None:
        self._limits = limits
        self._loaded: Validator | None = None

    def forget(self) -> None:
        """The store was thrown away."""
        if self._loaded is not None:
            self._loaded.forget()

    def begin(self, store: ox.Store) -> None:
        """Be ready for the first write, where graphs are under validation."""
        for setting in settings(store):
            with suppress(EconSecError):  # the first write says that the shapes cannot be used
                self._validator().prepare(store, setting)

    @contextmanager
    def over(
        self, store: ox.Store, write: UpdateWrite | GraphWrite, *, graphs: Graphs
    ) -> Iterator[None]:
        """Judge what is written meanwhile to `graphs`, and take it back where it is refused.

        Raises what `Validator.check` raises.
        """
        if not settings(store):
            # What is written now, nobody keeps up with.
            self.forget()
            yield
            return
        self._validator().prepare(store)
        before = Foreseen.of(store, write) or Snapshot.of(
            store, graphs, with_default=not self._limits.merges
        )
        yield
        changes = before.changes(store)
        try:
            self._validator().check(store, changes)
        except EconSecError:
            changes.undo(store)
            raise

    def carry_out(self, store: ox.Store, write: ProtectionWrite) -> dict[str, Any] | None:
        """Put a graph under validation, or let it go; what violates its shapes already.

        Raises `GraphNotFound`, `UsageError` on an unknown profile, and what
        `Rules` raises on shapes that cannot be used; nothing is changed then.
        """
        graph = graph_name(write.graph)
        if not write.protects:
            if setting_of(store, graph) is None:
                raise GraphNotFound(f"the graph {graph} is not under validation")
            remove(store, graph)
            return None
        check_protectable(store, graph)
        setting = Setting(graph, write.profile, write.shapes)
        report = self._validator().report(store, setting)
        put(store, setting)
        return report

    def _validator(self) -> Validator:
        if self._loaded is None:
            from econsec.engine.writing.validation import Validator

            self._loaded = Validator(self._limits)
        return self._loaded


def check_protectable(store: ox.Store, graph: ox.NamedNode) -> None:
    """Raise `GraphNotFound` where there is no such graph: its name may be misspelt."""
    if not store.contains_named_graph(graph):
        raise GraphNotFound(
            f"there is no graph {graph}", remedy="put it there first; it may be empty"
        )
