"""The pace at which a request comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum, auto

from econsec.web.limits import ConnectionLimits

__all__ = ["Awaited", "ReceiveWatch"]


class Awaited(Enum):
    """What the client is to send; `REQUEST` is a head of which nothing has come."""

    NOTHING = auto()
    REQUEST = auto()
    HEAD = auto()
    BODY = auto()


class ReceiveWatch:
    """Calls `on_late` when what is awaited has not come in time.

    The time in which `is_our_turn()` holds, because we do not read, is no fault of the client.
    """

    def __init__(
        self,
        limits: ConnectionLimits,
        *,
        is_our_turn: Callable[[], bool],
        on_late: Callable[[], None],
    ) -> None:
        self._limits = limits
        self._is_our_turn = is_our_turn
        self._on_late = on_late
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.awaited = Awaited.REQUEST
        self._since = self._loop.time()
        self._body_bytes = 0

    def expect(self, awaited: Awaited) -> None:
        """From now on, this is what is awaited."""
        if awaited is not Awaited.HEAD or self.awaited is not Awaited.REQUEST:
            self._since = self._loop.time()
        self.awaited = awaited
        self._body_bytes = 0

    def note_body(self, size: int) -> None:
        """Bytes of a body have come, and give time for more."""
        self._body_bytes += size

    def start(self) -> None:
        """Watch, if anything is awaited: called only when a request did not come in one piece."""
        if self._timer is None and self.awaited is not Awaited.NOTHING:
            self._timer = self._loop.call_at(self._deadline(), self._check)

    def stop(self) -> None:
        """Nothing is awaited any more."""
        self.awaited = Awaited.NOTHING
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _deadline(self) -> float:
        if self.awaited is not Awaited.BODY:
            return self._since + self._limits.head_seconds
        earned = self._body_bytes / self._limits.body_bytes_per_second
        return self._since + self._limits.body_seconds + earned

    def _check(self) -> None:
        self._timer = None
        if self.awaited is Awaited.NOTHING:
            return
        if self._is_our_turn():
            self._since = self._loop.time()
        elif self._loop.time() >= self._deadline():
            self._on_late()
        self.start()
