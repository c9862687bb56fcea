"""The zygote as the process sees it that asks for workers."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from econsec.engine.workers.failures import decoded
from econsec.engine.workers.frames import Kind
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.zygote import COMMAND, FAILED, FORK, Start
from econsec.errors import NotAvailable

__all__ = ["Nursery"]

_MESSAGE_BYTES = 65_536
_FORK_SECONDS = 60.0


class Nursery:
    """Starts the zygote when a worker is needed and there is none, and asks it for workers.

    One caller at a time, always on the thread that runs the event loop: the
    kernel ends the zygote with the thread that started it.
    """

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._is_loading = False
        self.starts = 0
        self.network: str | None = None

    @property
    def pid(self) -> int | None:
        """The process that holds the data, `None` while there is none."""
        return None if self._process is None else self._process.pid

    def launch(self) -> None:
        """Start the zygote, without waiting for it to load the data.

        Raises `NotAvailable` where there can be none, and `OSError`.
        """
        if not hasattr(os, "pidfd_open"):
            raise NotAvailable("worker processes need Linux", remedy="query in this process")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        with theirs:
            start = Start(self._source, self._limits, control=theirs.fileno(), parent=os.getpid())
            self._process = subprocess.Popen(
                [sys.executable, "-c", COMMAND],
                stdin=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
            )
        assert self._process.stdin is not None
        with self._process.stdin as stream:
            stream.write(start.pickled())
        self.starts += 1
        self._is_loading = True

    async def worker(self) -> WorkerHandle:
        """A new worker, confined and ready.

        Raises `EconSecError` on data that cannot be loaded and a fork that the
        system refuses, `OSError` and `EOFError` where a process ended meanwhile.
        """
        if self._control is not None:
            with suppress(OSError, EOFError):  # it has ended since: start another
                if self._is_loading:
                    await self._loaded()
                return await self._forked()
        await self._start()
        return await self._forked()

    async def close(self) -> None:
        """End the zygote, and with it all its workers."""
        process, control = self._process, self._control
        self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.wait)

    async def _forked(self) -> WorkerHandle:
        try:
            async with asyncio.timeout(_FORK_SECONDS):
                return await self._fork()
        except (OSError, EOFError):
            await self.close()
            raise

    async def _start(self) -> None:
        await self.close()
        try:
            self.launch()
            await self._loaded()
        except BaseException:
            await self.close()
            raise

    async def _loaded(self) -> None:
        await self._message()
        self._is_loading = False

    async def _fork(self) -> WorkerHandle:
        assert self._control is not None
        self._control.send(FORK)
        message = await self._message()
        sock, pidfd, log = message.descriptors
        handle = WorkerHandle(
            int(message.text[1:]), sock=socket.socket(fileno=sock), pidfd=pidfd, log=log
        )
        try:
            hello = await handle.frames.next()
            assert hello.kind is Kind.HELLO
        except EOFError:
            failure = NotAvailable(f"a worker ended before it was ready: {handle.log()[-500:]}")
            handle.dispose()
            raise failure from None
        except BaseException:
            handle.dispose()
            raise
        self.network = hello.payload.decode()
        return handle

    async def _message(self) -> _Message:
        assert self._control is not None
        await _readable(self._control)
        text, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 3)
        if not text:
            raise EOFError("the process that holds the data has ended")
        if text.startswith(FAILED):
            raise decoded(text[1:])
        return _Message(text, descriptors)


@dataclass(frozen=True, slots=True)
class _Message:
    text: bytes
    descriptors: list[int]


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def arrived() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(sock, arrived)
    try:
        await ready
    finally:
        loop.remove_reader(sock)
