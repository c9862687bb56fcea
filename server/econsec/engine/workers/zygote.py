"""The process that holds the data, runs no query, and forks a worker when it is asked to.

It is started afresh, not forked: whoever starts it may have threads, and it may
have to be started again at any time.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from econsec.engine.store import Store
from econsec.engine.workers import confinement
from econsec.engine.workers.failures import encoded
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.worker import Worker, confined
from econsec.errors import EconSecError, NotAvailable

__all__ = ["COMMAND", "FAILED", "FORK", "READY", "WORKER", "Start", "main"]

_SEND_BYTES = 1 << 20

FORK = b"f"
READY, FAILED, WORKER = b"r", b"e", b"w"
"""What goes over the control socket, the first byte of each message."""

COMMAND = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from econsec.engine.workers.zygote import main; main(sys.stdin.buffer)"
)


@dataclass(frozen=True, slots=True)
class Start:
    """What a zygote reads first; `control` is a descriptor that it inherits."""

    source: Source
    limits: Limits
    control: int
    parent: int

    def pickled(self) -> bytes:
        """For the standard input of `COMMAND`."""
        return pickle.dumps(sys.path) + pickle.dumps(self)


def main(stream: BinaryIO) -> None:
    """Load, then fork on request until the parent ends or hangs up."""
    start: Start = pickle.load(stream)
    confinement.die_with(start.parent)
    confinement.default_signals()
    with socket.socket(fileno=start.control) as control:
        try:
            store = _loaded(start.source) if start.source.is_shared else None
        except EconSecError as error:
            control.send(FAILED + encoded(error))
            return
        except Exception as error:
            traceback.print_exc()
            control.send(FAILED + encoded(NotAvailable(f"the data cannot be loaded: {error}")))
            return
        control.send(READY)
        with suppress(ConnectionError):
            _Zygote(control, start, store).serve()


def _loaded(source: Source) -> Store:
    # On the thread that queries, what loading leaves of the C library's heap would
    # make every small query slower (glibc arenas).
    with ThreadPoolExecutor(1) as side:
        return side.submit(source.load).result()


class _Zygote:
    def __init__(self, control: socket.socket, start: Start, store: Store | None) -> None:
        self._control = control
        self._start = start
        self._store = store
        self._pid = os.getpid()
        self._deaths, wakeup = socket.socketpair()
        for end in (self._deaths, wakeup):
            end.setblocking(False)
        self._wakeup = wakeup
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        gc.collect()
        gc.freeze()
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._deaths, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._control.fileno():
                    if not self._control.recv(len(FORK)):
                        return
                    self._fork()
            self._reap()

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            self._deaths.recv(4096)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass

    def _fork(self) -> None:
        """Fork a worker and hand over its socket, its pidfd and its log."""
        ours, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        log = os.memfd_create("log")
        pidfd = -1
        try:
            pid = os.fork()
            if pid == 0:
                self._become_worker(theirs, log)
            # Only this process reaps it, so the number cannot be another's by now.
            pidfd = os.pidfd_open(pid)
            message = WORKER + str(pid).encode()
            socket.send_fds(self._control, [message], [ours.fileno(), pidfd, log])
        except OSError as error:
            failure = NotAvailable(f"a worker cannot be forked: {error.strerror}")
            self._control.send(FAILED + encoded(failure))
        finally:
            ours.close()
            theirs.close()
            for descriptor in (log, pidfd):
                if descriptor >= 0:
                    os.close(descriptor)

    def _become_worker(self, sock: socket.socket, log: int) -> None:
        """Never returns: the stack below belongs to the zygote."""
        try:
            confinement.die_with(self._pid)
            confinement.default_signals()
            os.dup2(log, 1)
            os.dup2(log, 2)
            confinement.close_descriptors(keep=(sock.fileno(),))
            source, limits = self._start.source, self._start.limits
            store = self._store if self._store is not None else _loaded(source)
            space = confined(sock, limits=limits, needs_files=not source.is_shared)
            Worker(sock, store, source=source, limits=limits, space=space).serve()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
