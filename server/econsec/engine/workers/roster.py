"""The workers there are: as many as there should be, each replaced when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.nursery import Nursery
from econsec.errors import EconSecError

__all__ = ["Roster"]

_log = logging.getLogger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
"""Seconds between attempts to fork; each failure doubles the pause."""


class Roster:
    """Keeps `size` workers alive. `on_free` is called when one of them can be taken."""

    def __init__(self, nursery: Nursery, *, size: int, on_free: Callable[[], None]) -> None:
        self._nursery = nursery
        self._size = size
        self._on_free = on_free
        self._idle: list[WorkerHandle] = []
        self._alive: set[WorkerHandle] = set()
        self._short = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._stopped = False
        self.failure: Exception | None = None
        self.kills: Counter[str] = Counter()
        self.forks = 0
        self.failed_forks = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are alive, as far as is known."""
        return tuple(sorted(handle.pid for handle in self._alive))

    @property
    def idle(self) -> int:
        """How many workers wait for a query."""
        return len(self._idle)

    async def start(self) -> None:
        """Fork all workers, then keep their number. Raises what `Nursery.worker` raises."""
        while len(self._alive) < self._size:
            await self._add()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Replace none any more; end those that are idle, and the others as they come back."""
        self._stopped = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        for handle in tuple(self._idle):
            self.discard(handle, "closed")

    def take(self) -> WorkerHandle | None:
        """An idle worker, the one that was used last: its memory is warm."""
        return self._idle.pop() if self._idle else None

    def give_back(self, handle: WorkerHandle) -> None:
        """A worker is free again."""
        if handle.ended or self._stopped:
            self.discard(handle, "lost" if handle.ended else "closed")
        else:
            self._idle.append(handle)

    def discard(self, handle: WorkerHandle, reason: str) -> None:
        """End a worker that nobody reads from; another takes its place."""
        self._alive.discard(handle)
        if handle in self._idle:
            self._idle.remove(handle)
        self.kills[reason] += 1
        handle.dispose()
        self._short.set()

    def _ended(self, handle: WorkerHandle) -> None:
        # One that is working is missed by whoever reads its answer.
        if handle in self._idle:
            self.discard(handle, "lost")

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._short.wait()
            if len(self._alive) >= self._size:
                self._short.clear()
                continue
            try:
                await self._add()
            except (OSError, EOFError, EconSecError) as error:
                self.failure = error
                self.failed_forks += 1
                _log.warning("no worker could be forked: %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE

    async def _add(self) -> None:
        handle = await self._nursery.worker()
        self.failure = None
        self.forks += 1
        self._alive.add(handle)
        self._idle.append(handle)
        handle.watch(self._ended)
        self._on_free()
