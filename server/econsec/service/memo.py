"""What is read once for each state of the data, for all who ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from econsec.engine.backends import Backend
from econsec.engine.publication import Publication
from econsec.rdf.statements import Iri

__all__ = ["Memo"]

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _At(Generic[_Value]):
    """What a reading came to, and the state that it read."""

    state: object
    value: _Value


class Memo(Generic[_Value]):
    """Keeps what `read` gave for the last commit; where a `graph` is named, for its last version.

    `read` is given the number of the commit. It runs once at a time: who asks meanwhile
    waits, and shares what comes of it, be it an error. An error is not kept: who asks
    later has it read again. Where the reader is cancelled, the next who waits reads.
    """

    def __init__(
        self,
        backend: Backend,
        read: Callable[[int], Awaitable[_Value]],
        *,
        graph: Iri | None = None,
    ) -> None:
        self._backend = backend
        self._read = read
        self._graph = graph
        self._lock = asyncio.Lock()
        self._known: _At[_Value] | None = None
        self._failed: _At[Exception] | None = None

    @property
    def last(self) -> _Value | None:
        """What was read last, even where the data have changed since; `None` before the first."""
        return None if self._known is None else self._known.value

    async def value(self) -> _Value:
        """What holds now. Raises what `read` raises."""
        before = self._failed
        async with self._lock:
            publication = self._backend.publication
            state = self._state(publication)
            if self._known is not None and self._known.state == state:
                return self._known.value
            failed = self._failed
            if failed is not None and failed is not before and failed.state == state:
                # Without its traceback, to which each who waits would add his frames.
                raise failed.value.with_traceback(None)
            try:
                value = await self._read(publication.commit)
            except Exception as error:
                self._failed = _At(state, error)
                raise
            self._known, self._failed = _At(state, value), None
            return value

    def _state(self, publication: Publication) -> object:
        if self._graph is None:
            return publication.digest, publication.commit
        return publication.digest, publication.version(self._graph.value)
