"""A lease gives its worker back exactly once, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from econsec.engine.workers import WorkerLost
from econsec.engine.workers.frames import Frame, Kind
from econsec.engine.workers.lease import Lease

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
