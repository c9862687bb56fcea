"""Makes one commit after the other of what waits, with a process that may end at any time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from econsec.engine.publication import Publication
from econsec.engine.workers.failures import decoded
from econsec.engine.writing.audit import Tip
from econsec.engine.writing.child import Child, Ended, Overdue
from econsec.engine.writing.failures import DiskFull, NotConforming, is_disk_full
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.group import Group
from econsec.engine.writing.history import History, reconciled
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.process import ApplyIt, CommitIt
from econsec.engine.writing.publishing import Step
from econsec.engine.writing.queue import Member, Queue
from econsec.engine.writing.records import Commit, Deed
from econsec.errors import EconSecError, NotAvailable
from econsec.knowledge.build import Inconsistent

__all__ = ["Committer", "Counts", "Plan"]

_log = logging.getLogger(__name__)
_PATIENCE = 0.25
"""The part of the deadline after which a slow request gives way, once, to those that wait."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a committer is given. `on_publish` hears of each commit before anybody else does."""

    generations: Generations
    limits: WriteLimits
    lock: int
    on_publish: Callable[[Publication], None]
    in_use: Callable[[], Collection[int]]
    on_step: Callable[[Step], None]


@dataclass(slots=True)
class Counts:
    """What happened since the start; `last_seconds` is how long the last commit took."""

    commits: int = 0
    aborted: int = 0
    starts: int = 0
    last_seconds: float = 0.0


class _Void(Exception):
    """The group has come to nothing; its members wait again, or were told why."""


class Committer:
    """One commit at a time, in one task."""

    def __init__(self, plan: Plan, queue: Queue, history: History) -> None:
        self._plan = plan
        self._queue = queue
        self._child: Child | None = None
        self._group: Group | None = None
        self.history = history
        self.counts = Counts()

    @property
    def pid(self) -> int | None:
        """The writer's process, `None` while there is none."""
        return None if self._child is None else self._child.pid

    async def child(self) -> Child:
        """The process, started where there is none. Raises `NotAvailable`, `DiskFull`."""
        if self._child is None:
            await self._reconcile("the writer's process ended")
            plan = self._plan
            self._child = await Child.start(
                plan.generations.root,
                plan.limits,
                tip=self.history.tip,
                lock=plan.lock,
                on_step=plan.on_step,
            )
            self.counts.starts += 1
        return self._child

    async def round(self) -> None:
        """Apply what waits, as much as goes together, and commit it.

        Raises `NotAvailable` where there is no process to do so; all wait on then.
        """
        child = await self.child()
        number = self.history.next_number
        group = self._group = Group.after(self.history.publication, number=number)
        try:
            await self._gather(child, group)
            if group.accepted:
                await self._commit(child, group)
            else:
                group.settle()
        except _Void:
            self.counts.aborted += 1
            self._queue.put_back(group.members)
        except EconSecError:
            self._queue.put_back(group.members)
            raise
        self._group = None

    async def own(self, deed: Deed, *, seconds: float) -> None:
        """Commit a deed of the service's own; raises what keeps it from that."""
        child = await self.child()
        order = CommitIt(self.history.next_number, seconds, self._in_use(), own=deed)
        started = perf_counter()
        try:
            expiry = asyncio.get_running_loop().time() + seconds
            outcome = await child.ask(order, expiry=expiry)
        except (Overdue, Ended) as error:
            await self.drop()
            raise NotAvailable(f"{deed.kind} came to nothing: {error}") from error
        if "error" in outcome:
            raise await self._failed(outcome)
        self._publish(order.number, (deed,), outcome, started)

    async def drop(self) -> None:
        """End the process, and see what it has left."""
        child, self._child = self._child, None
        if child is not None:
            if log := child.log():
                _log.warning("the writer's process %d said: %s", child.pid, log)
            await child.dispose()
        await self._reconcile("the writer's process was ended")

    async def close(self) -> None:
        """End the process; whatever it was at is undone, or acknowledged if it is visible."""
        try:
            await self.drop()
        finally:
            group, self._group = self._group, None
            if group is not None:
                if self._is_published(group):
                    group.settle()
                else:
                    self._queue.put_back(group.members)

    async def _gather(self, child: Child, group: Group) -> None:
        while len(group) < self._plan.limits.max_group:
            member = self._queue.take(joins=bool(group.accepted))
            if member is None or not await self._apply(child, group, member) or member.alone:
                return

    async def _apply(self, child: Child, group: Group, member: Member) -> bool:
        """Have a request applied; whether others may follow in this group. Raises `_Void`."""
        seconds = member.expiry - asyncio.get_running_loop().time()
        if seconds <= 0:
            member.fail(member.overdue())
            return True
        order = ApplyIt(member.write, member.deed, tag=group.tag(member), seconds=seconds)
        group.pending = member
        try:
            outcome = await self._patiently(child, order, member)
        except Overdue as error:
            await self._give_way(group, member)
            raise _Void from error
        except Ended as error:
            await self.drop()
            self._blame(group, member, error.failure)
            raise _Void from error
        group.pending = None
        if outcome.get("needs_commit"):
            self._queue.put_back([member])
            return False
        if "error" not in outcome:
            group.accept(member, created=outcome["created"], report=outcome.get("report"))
            return True
        failure = decoded(outcome["error"].encode())
        if isinstance(failure, NotConforming):
            failure.report = outcome["report"]
        if not outcome["spoiled"]:
            group.reject(member, failure)
            return True
        self._blame(group, member, failure)
        raise _Void

    async def _patiently(self, child: Child, order: ApplyIt, member: Member) -> dict[str, Any]:
        """Wait for the outcome, but not for long while others wait too."""
        asking = asyncio.ensure_future(child.ask(order, expiry=member.expiry))
        if member.alone:
            return await asking
        waiting = asyncio.ensure_future(self._somebody_waits_long(order.seconds * _PATIENCE))
        try:
            await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise Overdue
            return asking.result()
        finally:
            for task in (asking, waiting):
                task.cancel()
            await asyncio.wait({asking, waiting})

    async def _somebody_waits_long(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._queue.filled()

    async def _give_way(self, group: Group, member: Member) -> None:
        await self.drop()
        group.pending = None
        if asyncio.get_running_loop().time() >= member.expiry:
            member.fail(member.overdue())
        else:
            member.alone = True
            self._queue.set_back(member)

    def _blame(self, group: Group, member: Member, failure: EconSecError) -> None:
        """Who fails with others before him in the group is tried again without them."""
        group.pending = None
        if group.accepted:
            member.alone = True
            self._queue.put_back([member])
        else:
            member.fail(failure)

    async def _commit(self, child: Child, group: Group) -> None:
        loop, started = asyncio.get_running_loop(), perf_counter()
        order = CommitIt(group.number, group.expiry - loop.time(), self._in_use())
        failure: EconSecError | None = None
        try:
            outcome = await child.ask(order, expiry=group.expiry)
        except Overdue:
            await self.drop()
        except Ended as error:
            await self.drop()
            failure = error.failure
        else:
            if "error" not in outcome:
                deeds = tuple(each.member.deed for each in group.accepted)
                self._publish(group.number, deeds, outcome, started)
                group.settle()
                if outcome["retiring"]:
                    await self.drop()
                return
            failure = await self._failed(outcome)
        if self._is_published(group):
            group.settle()
            return
        self._split(group, failure)
        raise _Void

    async def _failed(self, outcome: dict[str, Any]) -> EconSecError:
        failure = decoded(outcome["error"].encode())
        if not isinstance(failure, Inconsistent):  # it may have come after the record
            await self.drop()
        return failure

    def _split(self, group: Group, failure: EconSecError | None) -> None:
        """Let each be tried alone, so that only who is to blame is told so."""
        everybody = len(group) == 1 or isinstance(failure, DiskFull)
        for accepted in group.accepted:
            if everybody:
                accepted.member.fail(failure or accepted.member.overdue())
            accepted.member.alone = True

    def _publish(
        self, number: int, deeds: tuple[Deed, ...], outcome: dict[str, Any], started: float
    ) -> None:
        commit = Commit(
            number=number,
            time=datetime.fromisoformat(outcome["time"]),
            deeds=deeds,
            inferred=outcome["inferred"],
            plain=not self._plan.limits.merges,
        )
        tip = Tip(*outcome["tip"])
        self.history = History(
            self.history.publication.after(commit, digest=tip.hash or ""),
            tip,
            next_number=number + 1,
            plain=commit.plain,
        )
        self.counts.last_seconds = perf_counter() - started
        self._announce()

    def _announce(self) -> None:
        self.counts.commits += 1
        try:
            self._plan.on_publish(self.history.publication)
        except Exception:  # the commit is there, whoever cannot hear of it
            _log.exception("commit %d was not announced", self.history.publication.commit)

    def _is_published(self, group: Group) -> bool:
        return self.history.publication.commit >= group.number

    async def _reconcile(self, reason: str) -> None:
        """See what the folder holds, and announce what came to be published."""
        before = self.history
        try:
            after = await asyncio.to_thread(
                reconciled, self._plan.generations, reason=reason, since=before
            )
        except OSError as error:
            kind = DiskFull if is_disk_full(error) else NotAvailable
            raise kind(f"the data set cannot be written: {error}") from error
        self.history = after
        if after.publication.commit > before.publication.commit:
            self._announce()

    def _in_use(self) -> tuple[int, ...]:
        return tuple(self._plan.in_use())
