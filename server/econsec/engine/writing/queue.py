"""The requests that wait for the writer, each until its deadline."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from econsec.engine.writing.failures import WriteDeadlineExceeded, WriteQueueFull
from econsec.engine.writing.records import Deed
from econsec.engine.writing.requests import Receipt, Write
from econsec.errors import EconSecError

__all__ = ["Member", "Queue"]


@dataclass(eq=False, slots=True)
class Member:
    """A request on its way. One that is `alone` shares its commit with no other."""

    write: Write
    deed: Deed
    seconds: float
    expiry: float
    turn: asyncio.Future[Receipt] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    alone: bool = False

    def succeed(self, receipt: Receipt) -> None:
        """Tell who asked, unless he has gone."""
        if not self.turn.done():
            self.turn.set_result(receipt)

    def fail(self, error: EconSecError) -> None:
        """Tell who asked why it came to nothing."""
        if not self.turn.done():
            self.turn.set_exception(error)

    def overdue(self) -> WriteDeadlineExceeded:
        """That the deadline has come."""
        return WriteDeadlineExceeded(
            f"the write was not carried out within {self.seconds:g} s "
            "(limit update_deadline_seconds); nothing was changed"
        )


class Queue:
    """First come, first served; who has given up or is overdue is not served."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._members: deque[Member] = deque()
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._members)

    def add(self, member: Member) -> None:
        """Let a request wait. Raises `WriteQueueFull`."""
        if len(self._members) >= self._length:
            raise WriteQueueFull(f"{len(self)} writes wait already (limit write_queue_length)")
        loop = asyncio.get_running_loop()
        timer = loop.call_at(member.expiry, self._expire, member)
        member.turn.add_done_callback(lambda _: self._forget(member, timer))
        self.set_back(member)

    def set_back(self, member: Member) -> None:
        """Let it wait behind all others."""
        self._members.append(member)
        self._filled.set()

    def put_back(self, members: Iterable[Member]) -> None:
        """Let them wait before all others, in their order."""
        waiting = [member for member in members if not member.turn.done()]
        self._members.extendleft(reversed(waiting))
        if waiting:
            self._filled.set()

    def take(self, *, joins: bool) -> Member | None:
        """The next request; `None` where there is none, or none that `joins` others."""
        if not self._members or (joins and self._members[0].alone):
            return None
        member = self._members.popleft()
        self._note_empty()
        return member

    async def filled(self) -> None:
        """Wait until somebody waits."""
        await self._filled.wait()

    def _expire(self, member: Member) -> None:
        # One that is being carried out is seen to by who does it.
        if member in self._members:
            member.fail(member.overdue())

    def _forget(self, member: Member, timer: asyncio.TimerHandle) -> None:
        timer.cancel()
        if member in self._members:
            self._members.remove(member)
            self._note_empty()

    def _note_empty(self) -> None:
        if not self._members:
            self._filled.clear()
