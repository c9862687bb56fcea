"""A worker as the process sees it that asks."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from econsec.engine.workers.frames import FrameReader
from econsec.engine.workers.worker import OUT_OF_MEMORY

__all__ = ["WorkerHandle"]

_LOG_BYTES = 64 * 1024
_CPU_CLOCK = 2
"""With a process's number, the kernel's name for the clock of its CPU time."""


class WorkerHandle:
    """The socket, the pidfd and the log of a worker. The pid is for logs and tests only."""

    def __init__(self, pid: int, *, sock: socket.socket, pidfd: int, log: int) -> None:
        sock.setblocking(False)
        self.pid = pid
        self.sock = sock
        self.frames = FrameReader(sock)
        self.ended = False
        self._pidfd = pidfd
        self._log = log
        self._open = True

    def watch(self, on_end: Callable[[WorkerHandle], None]) -> None:
        """Call `on_end` when the process has ended, for whatever reason."""

        def ended() -> None:
            asyncio.get_running_loop().remove_reader(self._pidfd)
            self.ended = True
            on_end(self)

        asyncio.get_running_loop().add_reader(self._pidfd, ended)

    def kill(self) -> None:
        """End the process, and wake whoever reads from it with the end of the stream."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def cpu_seconds(self) -> float:
        """The CPU time that it has used, 0 where the system does not say."""
        try:
            return time.clock_gettime((~self.pid << 3) | _CPU_CLOCK)
        except OSError:
            return 0.0

    def stand_back(self) -> bool:
        """Let others go first from now on; whether that could be done.

        A process of the idle class makes way as soon as another wakes up; the
        lowest priority of the usual class would first use up its slice.
        """
        return self._schedule(os.SCHED_IDLE)

    def step_forward(self) -> bool:
        """Take its turn as others again; whether that could be done, which needs a privilege."""
        return self._schedule(os.SCHED_OTHER)

    def _schedule(self, policy: int) -> bool:
        if self.ended:
            return False
        try:
            os.sched_setscheduler(self.pid, policy, os.sched_param(0))
        except OSError:
            return False
        return True

    def log(self) -> str:
        """What it wrote to its standard error."""
        return os.pread(self._log, _LOG_BYTES, 0).decode(errors="replace").strip()

    def ran_out_of_memory(self) -> bool:
        """Whether its last words say so."""
        return OUT_OF_MEMORY.decode() in self.log()

    def dispose(self) -> None:
        """Kill it and let go of it; nobody may be reading from it. Twice is harmless."""
        if not self._open:
            return
        self._open = False
        self.kill()
        asyncio.get_running_loop().remove_reader(self._pidfd)
        self.sock.close()
        os.close(self._pidfd)
        os.close(self._log)
