"""Queries answered by killable processes, a bounded number at a time; the rest wait their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from econsec.engine.workers.failures import DeadlineInQueue, QueueFull
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.lease import Lease
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.nursery import Nursery
from econsec.engine.workers.reply import Reply, received
from econsec.engine.workers.roster import Roster
from econsec.engine.workers.turns import Turn, Turns
from econsec.engine.workers.worker import Job, Task
from econsec.errors import NotAvailable
from econsec.rdf.formats import Format

__all__ = ["Pool", "Spend", "Statistics"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The state of a pool, and what happened since its start.

    `kills` counts the ends of workers by reason: deadline, memory, lost (crashed
    or killed from outside), cancelled, retired (too much memory left behind),
    reniced (its query had lost priority), closed.
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


Spend = Callable[[str, float], None]


def _ignore(client: str, seconds: float) -> None:
    pass


class Pool:
    """A pool belongs to one event loop, on a thread that lives as long as the pool does.

    `on_spent` hears the client of each task that ended, and the seconds that a
    worker was at it.

    When the process that holds the data ends, its workers end with it: their
    queries raise `WorkerLost`, and the data is loaded again while new ones wait.
    """

    def __init__(self, source: Source, limits: Limits, *, on_spent: Spend = _ignore) -> None:
        self._limits = limits
        self.on_spent = on_spent
        self._nursery = Nursery(source, limits)
        size = limits.workers + limits.spares
        self._roster = Roster(self._nursery, size=size, on_free=self._dispatch)
        self._turns = Turns(limits)
        self._leases: dict[Lease, Turn] = {}
        self._quiet = asyncio.Event()
        self._closing = False

    def launch(self) -> None:
        """Begin to load the data now, on the thread that will run the event loop.

        Raises `NotAvailable` where worker processes are not possible.
        """
        try:
            self._nursery.launch()
        except OSError as error:
            raise NotAvailable(f"the workers cannot be started: {error}") from error

    async def start(self) -> None:
        """Load the data, unless that was begun, and fork the workers.

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

    async def run(
        self,
        task: Task,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
        reserved: bool = False,
    ) -> Reply:
        """Answer within `deadline` seconds from now, the wait in the queue included.

        The answer is that of `commit`, where the source keeps several. What a
        `client` asks counts towards its share; a `reserved` task has a worker kept
        for it. Raises what the store raises, and the failures of this package.
        """
        seconds = self._limits.deadline_seconds if deadline is None else deadline
        expiry = asyncio.get_running_loop().time() + seconds
        turn = Turn(client, reserved, commit)
        handle = await self._acquired(turn, expiry, seconds)
        lease = Lease(
            handle,
            self._settle,
            expiry=expiry,
            seconds=seconds,
            renice_seconds=self._limits.renice_seconds,
        )
        self._leases[lease] = turn
        try:
            remaining = expiry - asyncio.get_running_loop().time()
            await lease.ask(Job(task, format.name, remaining, commit))
            return await received(lease, format, buffer_bytes=self._limits.buffer_bytes)
        except BaseException:
            lease.abandon()
            raise

    async def close(self, *, drain_seconds: float = 10.0) -> None:
        """Take no new query, let the others end for a while, then end every process."""
        self._closing = True
        if self._turns:
            self._quiet.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), drain_seconds)
        for turn in self._turns:
            if not turn.worker.done():
                turn.worker.set_exception(_closing())
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
    def commits(self) -> frozenset[int]:
        """The commits that tasks read, or wait to read."""
        return self._turns.commits

    @property
    def statistics(self) -> Statistics:
        """The pool as it is now."""
        roster = self._roster
        return Statistics(
            waiting=self._turns.waiting,
            working=self._turns.working,
            idle=roster.idle,
            pids=roster.pids,
            zygote=self._nursery.pid,
            kills=dict(roster.kills),
            forks=roster.forks,
            failed_forks=roster.failed_forks,
            zygote_starts=self._nursery.starts,
        )

    async def _acquired(self, turn: Turn, expiry: float, seconds: float) -> WorkerHandle:
        self._check_available()
        # Nobody who waits could start: else he would have been given the worker.
        if self._turns.may_start(turn) and (handle := self._roster.take()) is not None:
            self._turns.start(turn)
            return handle
        if self._turns.waiting >= self._limits.queue_length and not turn.reserved:
            self._make_room(turn)
        return await self._queued(turn, expiry, seconds)

    def _make_room(self, turn: Turn) -> None:
        """Let the client who has most in the queue give way, unless it is this one."""
        full = QueueFull(f"{self._turns.waiting} queries wait already (limit queue_length)")
        crowder = self._turns.crowder(turn)
        if crowder is None:
            raise full
        self._turns.leave(crowder)
        if not crowder.worker.done():
            crowder.worker.set_exception(full)

    def _check_available(self) -> None:
        if self._closing:
            raise _closing()
        failure = self._roster.failure
        if failure is not None and not self._roster.pids:
            raise NotAvailable(f"there are no workers: {failure}") from failure

    async def _queued(self, turn: Turn, expiry: float, seconds: float) -> WorkerHandle:
        def expire() -> None:
            if not turn.worker.done():
                detail = f"no worker was free within {seconds:g} s (limit deadline_seconds)"
                turn.worker.set_exception(DeadlineInQueue(detail))

        timer = asyncio.get_running_loop().call_at(expiry, expire)
        self._turns.wait(turn)
        try:
            return await turn.worker
        except asyncio.CancelledError:
            if not turn.worker.cancelled() and turn.worker.exception() is None:
                self._free(turn, turn.worker.result(), None)
            raise
        finally:
            timer.cancel()
            self._turns.leave(turn)
            self._note_quiet()

    def _dispatch(self) -> None:
        while (turn := self._turns.next()) is not None:
            handle = self._roster.take()
            if handle is None:
                return
            self._turns.leave(turn)
            self._turns.start(turn)
            turn.worker.set_result(handle)

    def _settle(self, lease: Lease, reason: str | None) -> None:
        self._free(self._leases.pop(lease), lease.handle, reason)

    def _free(self, turn: Turn, handle: WorkerHandle, reason: str | None) -> None:
        self._turns.end(turn)
        if turn.client is not None:
            self.on_spent(turn.client, asyncio.get_running_loop().time() - turn.started)
        if reason is None:
            self._roster.give_back(handle)
        else:
            self._roster.discard(handle, reason)
        self._dispatch()
        self._note_quiet()

    def _note_quiet(self) -> None:
        if not self._turns:
            self._quiet.set()


def _closing() -> NotAvailable:
    return NotAvailable("the service is shutting down", remedy="ask again in a moment")
