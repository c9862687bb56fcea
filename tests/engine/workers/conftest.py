"""Pools of real processes, and what is asked of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))  # a zygote imports `worker_stores` by its name

from worker_stores import things

from econsec.engine.workers import Limits, Pool, Source

Started = Callable[..., Any]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def started() -> Started:
    """`async with started(load=…, **limits) as pool`."""

    @asynccontextmanager
    async def start(
        *,
        load: Callable[[], Any] | None = None,
        reload: Callable[[int], Any] | None = None,
        **limits: Any,
    ) -> AsyncIterator[Pool]:
        source = Source(load or partial(things), reload)
        pool = Pool(source, Limits(**{"deadline_seconds": 20.0, "spares": 0} | limits))
        await pool.start()
        try:
            yield pool
        finally:
            await pool.close(drain_seconds=0)

    return start


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait until something holds; ten seconds are more than enough."""
    import anyio

    async def wait(holds: Callable[[], bool]) -> None:
        with anyio.fail_after(10):
            while not holds():
                await anyio.sleep(0.01)

    return wait
