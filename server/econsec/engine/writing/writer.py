"""The writer as the service sees it: writes go in, and come back durable and visible."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from econsec.engine.location import Location
from econsec.engine.publication import DERIVED, Publication
from econsec.engine.writing.committer import Committer, Plan
from econsec.engine.writing.failures import DiskFull, is_disk_full
from econsec.engine.writing.history import History, reconciled
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.process import DERIVE
from econsec.engine.writing.publishing import Step, pass_by
from econsec.engine.writing.queue import Member, Queue
from econsec.engine.writing.records import Deed, deed_of
from econsec.engine.writing.requests import Receipt, Write
from econsec.engine.writing.upkeep import check_graphs
from econsec.errors import EconSecError, NotAvailable, UsageError
from econsec.knowledge.merge import triples_in_default_graph

__all__ = ["Statistics", "Writer"]

_log = logging.getLogger(__name__)
_AGENT = "econsec"
_FIRST_SECONDS = 60.0
_DERIVE_SECONDS = 3_600.0
_QUIET_SECONDS = 0.5
_PAUSE_SECONDS = 1.0


def _none() -> tuple[int, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """The writer as it is now, and what happened since its start.

    `aborted` counts groups that came to nothing and were applied again without
    who was to blame, `restarts` the processes after the first, and
    `last_seconds` is how long the last commit took.
    """

    queued: int
    commits: int
    aborted: int
    restarts: int
    last_seconds: float
    pid: int | None


class Writer:
    """Belongs to one event loop, on a thread that lives as long as the writer does.

    `on_publish` is called on the loop before any request of a commit is
    acknowledged; `in_use` names the commits whose generations must stay, beside
    those that the limits keep. `on_step` is called in the writer's process (it
    is pickled) after each step of a commit.
    """

    def __init__(
        self,
        location: Location,
        limits: WriteLimits,
        on_publish: Callable[[Publication], None],
        *,
        in_use: Callable[[], Collection[int]] = _none,
        on_step: Callable[[Step], None] = pass_by,
    ) -> None:
        self._location = location
        self._limits = limits
        self._on_publish = on_publish
        self._in_use = in_use
        self._on_step = on_step
        self._held = ExitStack()
        self._queue = Queue(limits.write_queue_length)
        self._committer: Committer | None = None
        self._task: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._closing = False
        self._failure: EconSecError | None = None
        self._not_derivable = 0

    async def start(self) -> Publication:
        """Take the lock, put right what an earlier writer left, and start the process.

        Where there is no data set, an empty first commit makes one. Raises
        `Locked`, `InvalidInput` on a damaged log, `UsageError` where the default
        graph holds data that a merge would replace, and `NotAvailable`.
        """
        try:
            return await self._start()
        except BaseException:
            await self._end()
            raise

    async def _start(self) -> Publication:
        generations = self._location.generations
        try:
            lock = self._held.enter_context(generations.locked())
            history = await asyncio.to_thread(reconciled, generations, reason="the writer ended")
            await asyncio.to_thread(_empty, generations.spool)
        except OSError as error:
            kind = DiskFull if is_disk_full(error) else NotAvailable
            raise kind(f"the data set cannot be written: {error}") from error
        self._check_mode(history)
        plan = Plan(generations, self._limits, lock, self._on_publish, self._in_use, self._on_step)
        committer = self._committer = Committer(plan, self._queue, history)
        await committer.child()
        if history.publication.commit == 0:
            await committer.own(Deed(kind="create", agent=_AGENT), seconds=_FIRST_SECONDS)
        self._task = asyncio.create_task(self._work(committer))
        return committer.history.publication

    async def submit(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Have a write carried out within `deadline` seconds from now, the queue included.

        It is durable and visible when this returns. Whatever is raised, nothing
        of it was done: `InvalidInput`, `Protected`, `PreconditionFailed`,
        `GraphNotFound`, `Inconsistent`, `WriteQueueFull`, `WriteDeadlineExceeded`,
        `WriteMemoryExceeded`, `WriterLost`, `DiskFull` and `NotAvailable`.
        """
        if self._closing or self._task is None:
            raise _closing()
        check_graphs(write, self._limits)
        seconds = self._limits.update_deadline_seconds if deadline is None else deadline
        expiry = asyncio.get_running_loop().time() + seconds
        member = Member(write, deed_of(write), seconds=seconds, expiry=expiry)
        self._queue.add(member)
        self._idle.clear()
        return await member.turn

    async def close(self, *, drain_seconds: float = 10) -> None:
        """Take nothing new, let what waits be carried out for a while, then end."""
        self._closing = True
        if self._task is not None and not self._task.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), drain_seconds)
        await self._end()

    @property
    def ready(self) -> bool:
        """Whether a write would be carried out now."""
        running = self._task is not None and not self._task.done()
        return running and not self._closing and self._failure is None

    @property
    def statistics(self) -> Statistics:
        """The writer as it is now."""
        committer = self._committer
        if committer is None:
            return Statistics(len(self._queue), 0, 0, 0, 0.0, None)
        counts = committer.counts
        return Statistics(
            queued=len(self._queue),
            commits=counts.commits,
            aborted=counts.aborted,
            restarts=max(counts.starts - 1, 0),
            last_seconds=counts.last_seconds,
            pid=committer.pid,
        )

    async def _work(self, committer: Committer) -> None:
        while True:
            try:
                if await self._somebody_waits(committer):
                    await committer.round()
                else:
                    await self._derive(committer)
                self._failure = None
            except EconSecError as error:
                await self._pause(committer, error)
            except Exception as error:
                _log.exception("the writer failed")
                await self._pause(committer, NotAvailable(f"the writer failed: {error}"))

    async def _pause(self, committer: Committer, error: EconSecError) -> None:
        """Tell all who wait that nothing can be written now, and try again a little later."""
        self._failure = error
        _log.warning("nothing can be written: %s", error)
        while (member := self._queue.take(joins=False)) is not None:
            member.fail(error)
        with suppress(EconSecError):
            await committer.drop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._queue.filled(), _PAUSE_SECONDS)

    async def _somebody_waits(self, committer: Committer) -> bool:
        """Wait for a request; `False` when there is none and merge and inferences are due."""
        if not len(self._queue):
            self._idle.set()
        timeout = _QUIET_SECONDS if self._owes(committer.history.publication) else None
        try:
            await asyncio.wait_for(self._queue.filled(), timeout)
        except TimeoutError:
            return False
        return True

    def _owes(self, publication: Publication) -> bool:
        is_due = self._limits.merges and publication.inferred_at < publication.commit
        return is_due and publication.commit != self._not_derivable

    async def _derive(self, committer: Committer) -> None:
        """Bring up merge and inferences, unless a request comes: it goes first."""
        deed = Deed(kind=DERIVE, agent=_AGENT, graphs=DERIVED)
        commit = committer.history.publication.commit
        deriving = asyncio.ensure_future(committer.own(deed, seconds=_DERIVE_SECONDS))
        arrival = asyncio.ensure_future(self._queue.filled())
        try:
            await asyncio.wait({deriving, arrival}, return_when=asyncio.FIRST_COMPLETED)
            if deriving.done():
                deriving.result()
        except EconSecError as error:
            self._not_derivable = commit
            _log.warning("merge and inferences stay as they were: %s", error)
        finally:
            is_done = deriving.done()
            for task in (deriving, arrival):
                task.cancel()
            await asyncio.wait({deriving, arrival})
            if not is_done:
                await committer.drop()

    def _check_mode(self, history: History) -> None:
        number = history.publication.commit
        if not (history.plain and self._limits.merges and number):
            return
        if triples_in_default_graph(self._location.generations.open(number)):
            raise UsageError(
                "the default graph of the location holds data, which a merge would replace",
                source=str(self._location.root),
                remedy="serve it with default_graph=plain, or move the data to a named graph",
            )

    async def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._committer is not None:
            with suppress(EconSecError):
                await self._committer.close()
        while (member := self._queue.take(joins=False)) is not None:
            member.fail(_closing())
        self._held.close()


def _empty(folder: Path) -> None:
    rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)


def _closing() -> NotAvailable:
    return NotAvailable("the service is shutting down", remedy="write again in a moment")
