"""The writer's process as the process sees it that gives the orders."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from econsec.engine.workers.frames import Kind, framed
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.writing.audit import Tip
from econsec.engine.writing.failures import WriteMemoryExceeded, WriterLost
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.process import COMMAND, ApplyIt, CommitIt, Start
from econsec.engine.writing.publishing import Step
from econsec.errors import EconSecError, NotAvailable

__all__ = ["Child", "Ended", "Overdue"]

_START_SECONDS = 60.0
_OUT_OF_MEMORY = ("memory allocation", "bad_alloc")


class Overdue(Exception):
    """The order was not carried out in time; the process is to be killed."""


class Ended(Exception):
    """The process has ended at the order; `failure` is what to tell who asked for it."""

    def __init__(self, failure: EconSecError) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Child:
    """One process. Started on a thread that lives as long: the kernel ends them together."""

    def __init__(self, process: subprocess.Popen[bytes], handle: WorkerHandle) -> None:
        self._process = process
        self._handle = handle
        self.pid = process.pid
        self.network = ""

    @classmethod
    async def start(
        cls,
        root: Path,
        limits: WriteLimits,
        *,
        tip: Tip,
        lock: int,
        on_step: Callable[[Step], None],
    ) -> Child:
        """Start a process that goes on from the published generation. Raises `NotAvailable`."""
        ours, theirs = socket.socketpair()
        log = os.memfd_create("writer")
        with theirs:
            start = Start(
                root=root.resolve(),
                limits=limits,
                tip=tip,
                sock=theirs.fileno(),
                lock=lock,
                parent=os.getpid(),
                on_step=on_step,
            )
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(theirs.fileno(), lock),
            )
        pidfd = os.pidfd_open(process.pid)
        child = cls(process, WorkerHandle(process.pid, sock=ours, pidfd=pidfd, log=log))
        try:
            await child._greet(start)
        except BaseException:
            await child.dispose()
            raise
        return child

    async def _greet(self, start: Start) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            with stream:
                stream.write(start.pickled())
            async with asyncio.timeout(_START_SECONDS):
                hello = await self._handle.frames.next()
        except (EOFError, OSError) as error:
            words = self._handle.log()[-500:]
            raise NotAvailable(f"the writer's process cannot be started: {words}") from error
        self.network = hello.payload.decode()

    async def ask(self, order: ApplyIt | CommitIt, *, expiry: float) -> dict[str, Any]:
        """Give an order and wait for its outcome until the loop's time `expiry`.

        Raises `Overdue` and `Ended`, after either of which the process is of no use.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(expiry):
                await loop.sock_sendall(self._handle.sock, framed(Kind.JOB, pickle.dumps(order)))
                frame = await self._handle.frames.next()
        except TimeoutError as error:
            raise Overdue from error
        except (EOFError, OSError) as error:
            raise Ended(self._diagnosis()) from error
        outcome: dict[str, Any] = json.loads(frame.payload)
        return outcome

    async def dispose(self) -> None:
        """End the process, and wait until it has ended."""
        self._handle.dispose()
        await asyncio.shield(asyncio.to_thread(self._process.wait))

    def _diagnosis(self) -> EconSecError:
        log = self._handle.log()
        if any(words in log for words in _OUT_OF_MEMORY):
            detail = "the write needs more memory than one may have (limit write_memory_bytes)"
            return WriteMemoryExceeded(detail)
        return WriterLost(
            "the writer's process ended at the request", remedy="nothing was changed; try again"
        )

    def log(self) -> str:
        """What it wrote to its standard error."""
        return self._handle.log()
