"""Writers with real processes over real folders, and what is asked of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

sys.path.append(str(Path(__file__).parent))  # the writer's process imports `steps` by its name

from writes import EX, Asked, put, update

from econsec.engine.location import Location
from econsec.engine.publication import Publication
from econsec.engine.writing.limits import DefaultGraphMode, WriteLimits
from econsec.engine.writing.writer import Writer

__all__ = ["EX", "put", "update"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def location(tmp_path: Path) -> Location:
    return Location.create(tmp_path / "location")


@pytest.fixture
def writing(location: Location) -> Callable[..., Any]:
    """`async with writing(on_step=…, **limits) as asked`: plain unless something else is said."""

    @asynccontextmanager
    async def start(
        *, on_step: Callable[..., None] | None = None, at: Location = location, **limits: Any
    ) -> AsyncIterator[Asked]:
        published: list[Publication] = []
        given = {"default_graph": DefaultGraphMode.PLAIN, "update_deadline_seconds": 20.0} | limits
        hook = {} if on_step is None else {"on_step": on_step}
        writer = Writer(at, WriteLimits(**given), published.append, **hook)
        await writer.start()
        try:
            yield Asked(writer, at, published)
        finally:
            await writer.close(drain_seconds=5)

    return start


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Wait until something holds; twenty seconds are more than enough."""

    async def wait(holds: Callable[[], bool]) -> None:
        with anyio.fail_after(20):
            while not holds():
                await anyio.sleep(0.01)

    return wait
