"""A worker for the time of one task, which ends at the deadline at the latest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from econsec.engine.workers.failures import (
    DeadlineExceeded,
    MemoryExceeded,
    WorkerLost,
    decoded,
)
from econsec.engine.workers.frames import Frame, Kind
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.worker import Job, noun
from econsec.errors import EconSecError

__all__ = ["Lease"]

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_SOON = 0.02


class Lease:
    """The way to one worker. `settle` gets it back, with the reason why it cannot be used again.

    The deadline holds whether or not anybody reads: at it, the worker is killed.
    """

    def __init__(
        self,
        handle: WorkerHandle,
        settle: Callable[[Lease, str | None], None],
        *,
        expiry: float,
        seconds: float,
        renice_seconds: float,
    ) -> None:
        self.handle = handle
        self._settle = settle
        self._seconds = seconds
        self._reading = False
        self._settled = False
        self._task = "task"
        self._reason = ""
        self._failure: EconSecError | None = None
        self._reniced = False
        self._expiry = expiry
        self._renice_seconds = renice_seconds
        self._used_before = handle.cpu_seconds()
        self._loop = asyncio.get_running_loop()
        self._timer = self._next_timer(renice_seconds)

    async def ask(self, job: Job) -> None:
        """Send the task. Raises what `next` raises."""
        self._task = noun(job.task)
        loop = asyncio.get_running_loop()
        await self._guarded(loop.sock_sendall(self.handle.sock, job.framed()))

    async def next(self) -> Frame:
        """The next frame; after END, or an error, the worker is no longer ours.

        Raises what the task raised, `DeadlineExceeded`, `MemoryExceeded` and `WorkerLost`.
        """
        frame = self.handle.frames.arrived() if self._failure is None else None
        if frame is None:
            frame = await self._guarded(self.handle.frames.next())
        if frame.kind is Kind.END:
            self._end("retired" if frame.payload else None)
        if frame.kind is Kind.ERROR:
            self._end(None)
            raise decoded(frame.payload)
        return frame

    def abandon(self, reason: str = "cancelled") -> None:
        """Nobody wants the answer any more: kill the worker, unless it is done."""
        self._fail(WorkerLost(f"the {self._task} was given up"), reason)

    async def _guarded(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        if self._failure is not None:
            work.close()
            raise self._failure
        self._reading = True
        try:
            return await work
        except (EOFError, OSError) as error:
            raise self._lost() from error
        except asyncio.CancelledError:
            self._end(self._reason or "cancelled")
            raise
        finally:
            self._reading = False
            if self._failure is not None:  # even where a last frame came in time
                self._end(self._reason)

    def _expire(self) -> None:
        limit = f"{self._seconds:g} s (limit deadline_seconds)"
        detail = f"the {self._task} was not finished within {limit}"
        self._fail(DeadlineExceeded(detail), "deadline")

    def _next_timer(self, renice_in: float) -> asyncio.TimerHandle:
        renicing = self._loop.time() + renice_in
        if renicing < self._expiry:
            return self._loop.call_at(renicing, self._renice)
        return self._loop.call_at(self._expiry, self._expire)

    def _renice(self) -> None:
        """Lower the priority of who has used the CPU so long; on a busy machine that is later."""
        used = self.handle.cpu_seconds() - self._used_before
        if used < self._renice_seconds:
            self._timer = self._next_timer(max(self._renice_seconds - used, _SOON))
            return
        self._reniced = self.handle.stand_back()
        self._timer = self._loop.call_at(self._expiry, self._expire)

    def _fail(self, failure: EconSecError, reason: str) -> None:
        if self._settled or self._failure is not None:
            return
        self._failure = failure
        self._reason = reason
        self.handle.kill()
        if not self._reading:  # who reads now finds the stream at its end, and settles
            self._end(reason)

    def _lost(self) -> EconSecError:
        if self._failure is None:
            self._failure, self._reason = self._diagnosis()
        self._end(self._reason)
        return self._failure

    def _diagnosis(self) -> tuple[EconSecError, str]:
        if self.handle.ran_out_of_memory():
            detail = f"the {self._task} needs more memory than it may have (limit memory_bytes)"
            return MemoryExceeded(detail), "memory"
        _log.warning("worker %d ended at its work: %s", self.handle.pid, self.handle.log())
        return WorkerLost(f"the process that worked on the {self._task} ended"), "lost"

    def _end(self, reason: str | None) -> None:
        if self._settled:
            return
        self._settled = True
        self._timer.cancel()
        if reason is None and self._reniced and not self.handle.step_forward():
            reason = "reniced"
        self._settle(self, reason)
