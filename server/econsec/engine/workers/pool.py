"""Queries answered by killable processes, a bounded number at a time; the rest wait their turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from econsec.engine.store import Query
from econsec.engine.workers.failures import DeadlineInQueue, QueueFull
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.lease import Lease
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.nursery import Nursery
from econsec.engine.workers.reply import Reply, received
from econsec.engine.workers.roster import Roster
from econsec.engine.workers.worker import Job
from econsec.errors import NotAvailable
from econsec.rdf.formats import Format

__all__ = ["Pool", "Statistics"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The state of a pool, and what happened since its start.

    `kills` counts the ends of workers by reason: deadline, memory, lost (crashed
    or killed from outside), cancelled, retired (too much memory left behind), closed.
    """

    waiting: int
    working: int
    idle: int
    pids: tuple[int, ...]
    zygote: int | None
    kills: Mapping[str, int]
    forks: int
    failed_forks: int
    zygote_starts: int


class Pool:
    """A pool belongs to one event loop, on a thread that lives as long as the pool does.

    When the process that holds the data ends, its workers end with it: their
    queries raise `WorkerLost`, and the data is loaded again while new ones wait.
    """

    def __init__(self, source: Source, limits: Limits) -> None:
        self._limits = limits
        self._nursery = Nursery(source, limits)
        size = limits.workers + limits.spares
        self._roster = Roster(self._nursery, size=size, on_free=self._dispatch)
        self._waiting: deque[asyncio.Future[WorkerHandle]] = deque()
        self._leases: set[Lease] = set()
        self._granted = 0
        self._quiet = asyncio.Event()
        self._closing = False

    async def start(self) -> None:
        """Load the data and fork the workers.

        Raises `EconSecError` where the data cannot be loaded or no worker started.
        """
        try:
            await self._roster.start()
        except (OSError, EOFError) as error:
            await self._nursery.close()
            raise NotAvailable(f"the workers cannot be started: {error}") from error
        except BaseException:
            await self._nursery.close()
            raise

    async def run(self, query: Query, format: Format, *, deadline: float | None = None) -> Reply:
        """Answer within `deadline` seconds from now, the wait in the queue included.

        Raises what the store raises, and the failures of this package.
        """
        seconds = self._limits.deadline_seconds if deadline is None else deadline
        expiry = asyncio.get_running_loop().time() + seconds
        handle = await self._acquired(expiry, seconds)
        lease = Lease(handle, self._settle, expiry=expiry, seconds=seconds)
        self._leases.add(lease)
        try:
            remaining = expiry - asyncio.get_running_loop().time()
            await lease.ask(Job(query, format.name, remaining))
            return await received(lease, format, buffer_bytes=self._limits.buffer_bytes)
        except BaseException:
            lease.abandon()
            raise

    async def close(self, *, drain_seconds: float = 10.0) -> None:
        """Take no new query, let the others end for a while, then end every process."""
        self._closing = True
        if self._granted or self._waiting:
            self._quiet.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), drain_seconds)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(_closing())
        await self._roster.stop()
        for lease in tuple(self._leases):
            lease.abandon("closed")
        await self._nursery.close()

    @property
    def ready(self) -> bool:
        """Whether a worker is there, at work or idle."""
        return not self._closing and bool(self._roster.pids)

    @property
    def network(self) -> str | None:
        """What keeps the workers off the network: a `Network`; `None` before the start."""
        return self._nursery.network

    @property
    def statistics(self) -> Statistics:
        """The pool as it is now."""
        roster = self._roster
        return Statistics(
            waiting=len(self._waiting),
            working=self._granted,
            idle=roster.idle,
            pids=roster.pids,
            zygote=self._nursery.pid,
            kills=dict(roster.kills),
            forks=roster.forks,
            failed_forks=roster.failed_forks,
            zygote_starts=self._nursery.starts,
        )

    async def _acquired(self, expiry: float, seconds: float) -> WorkerHandle:
        self._check_available()
        if not self._waiting and (handle := self._granted_now()) is not None:
            return handle
        if len(self._waiting) >= self._limits.queue_length:
            raise QueueFull(f"{len(self._waiting)} queries wait already (limit queue_length)")
        return await self._queued(expiry, seconds)

    def _check_available(self) -> None:
        if self._closing:
            raise _closing()
        failure = self._roster.failure
        if failure is not None and not self._roster.pids:
            raise NotAvailable(f"there are no workers: {failure}") from failure

    async def _queued(self, expiry: float, seconds: float) -> WorkerHandle:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[WorkerHandle] = loop.create_future()

        def expire() -> None:
            if not turn.done():
                detail = f"no worker was free within {seconds:g} s (limit deadline_seconds)"
                turn.set_exception(DeadlineInQueue(detail))

        timer = loop.call_at(expiry, expire)
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._free(turn.result(), None)
            raise
        finally:
            timer.cancel()
            with suppress(ValueError):
                self._waiting.remove(turn)
            self._note_quiet()

    def _granted_now(self) -> WorkerHandle | None:
        """A worker for who asks now; spares are no more than that."""
        if self._granted >= self._limits.workers:
            return None
        handle = self._roster.take()
        self._granted += handle is not None
        return handle

    def _dispatch(self) -> None:
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()
                continue
            handle = self._granted_now()
            if handle is None:
                return
            self._waiting.popleft().set_result(handle)

    def _settle(self, lease: Lease, reason: str | None) -> None:
        self._leases.discard(lease)
        self._free(lease.handle, reason)

    def _free(self, handle: WorkerHandle, reason: str | None) -> None:
        self._granted -= 1
        if reason is None:
            self._roster.give_back(handle)
        else:
            self._roster.discard(handle, reason)
        self._dispatch()
        self._note_quiet()

    def _note_quiet(self) -> None:
        if not self._granted and not self._waiting:
            self._quiet.set()


def _closing() -> NotAvailable:
    return NotAvailable("the service is shutting down", remedy="ask again in a moment")
