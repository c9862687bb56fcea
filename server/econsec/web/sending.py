"""The pace at which a client takes what it asked for."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from fcntl import ioctl
from termios import TIOCOUTQ

__all__ = ["SendWatch"]

_LEAST_TAKEN = 16_384
"""Bytes that a client takes within the time, unless that is all there is."""


class SendWatch:
    """Calls `on_stall` when a client leaves lying what was written for it."""

    def __init__(
        self, transport: asyncio.Transport, *, seconds: float, on_stall: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._seconds = seconds
        self._on_stall = on_stall
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._untaken = 0

    def start(self) -> None:
        """Look again in a while, if there is anything that the client has not taken."""
        self._untaken = self._count_untaken()
        if self._untaken == 0:
            self.stop()
        elif self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._check)

    def stop(self) -> None:
        """The client has kept up."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self) -> None:
        self._timer = None
        untaken = self._count_untaken()
        if untaken > 0 and self._untaken - untaken < _LEAST_TAKEN:
            self._on_stall()
        else:
            self.start()

    def _count_untaken(self) -> int:
        """The bytes that wait here and in the kernel, which takes on some of them only by the MB.

        0 when none wait here: what the kernel has is its own concern.
        """
        waiting = self._transport.get_write_buffer_size()
        if waiting == 0:
            return 0
        descriptor = self._transport.get_extra_info("socket").fileno()
        (queued,) = struct.unpack("i", ioctl(descriptor, TIOCOUTQ, bytes(4)))
        return waiting + int(queued)
