"""A lease gives its worker back exactly once, whatever happens at the same time."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from econsec.engine.store import Query
from econsec.engine.upload import Upload
from econsec.engine.validation import Validation
from econsec.engine.workers import DeadlineExceeded, Task, WorkerLost
from econsec.engine.workers.frames import Frame, Kind
from econsec.engine.workers.lease import Lease
from econsec.engine.workers.worker import Job

pytestmark = pytest.mark.anyio


async def test_a_frame_that_comes_with_the_end_does_not_hide_it() -> None:
    loop = asyncio.get_running_loop()
    arriving: asyncio.Future[Frame] = loop.create_future()

    async def coming() -> Frame:
        return await arriving

    handle = SimpleNamespace(
        frames=SimpleNamespace(next=coming, arrived=lambda: None),
        kill=lambda: None,
        cpu_seconds=lambda: 0.0,
    )
    settled: list[str | None] = []
    lease = Lease(
        handle,
        lambda _, reason: settled.append(reason),
        expiry=loop.time() + 60,
        seconds=60,
        renice_seconds=60,
    )
    reading = asyncio.create_task(lease.next())
    await asyncio.sleep(0)
    arriving.set_result(Frame(Kind.CHUNK, b"the last"))
    lease.abandon("deadline")
    assert (await reading).payload == b"the last"
    assert settled == ["deadline"]
    with pytest.raises(WorkerLost):
        await lease.next()
    lease.abandon()
    assert settled == ["deadline"]


@pytest.mark.parametrize(
    ("task", "called"),
    [
        (Query("ASK {}"), "query"),
        (Upload(Path("a"), "Turtle", None, gzipped=False, name="a", quads=False), "upload"),
        (Validation(), "validation"),
    ],
)
async def test_what_ran_into_the_deadline_is_named(task: Task, called: str) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    handle = SimpleNamespace(sock=ours, kill=lambda: None, cpu_seconds=lambda: 0.0)
    with ours, theirs:
        loop = asyncio.get_running_loop()
        lease = Lease(
            handle,
            lambda _, reason: None,
            expiry=loop.time() + 0.05,
            seconds=0.05,
            renice_seconds=60,
        )
        await lease.ask(Job(task, "JSON", 0.05))
        await asyncio.sleep(0.1)
        with pytest.raises(DeadlineExceeded, match=f"^the {called} was not finished within 0.05 s"):
            await lease.ask(Job(task, "JSON", 0.05))
