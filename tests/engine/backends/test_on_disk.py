"""A location behind the port: its readers, its writer, and who follows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from econsec.engine.backends import Backend
from econsec.engine.backends.on_disk import OnDisk
from econsec.engine.location import Location, Locked
from econsec.engine.store import Query
from econsec.engine.workers import Limits
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.requests import UpdateWrite
from econsec.errors import NotAvailable, Refused
from econsec.rdf.formats import CSV
from econsec.settings import Settings

pytestmark = pytest.mark.anyio

NUMBERS = Query("SELECT ?n { GRAPH <urn:g> { <urn:s> <urn:p> ?n } } ORDER BY ?n")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def opened(folder: Path, *, writes: bool) -> AsyncIterator[OnDisk]:
    backend = OnDisk(
        Location(folder),
        Settings(),
        Limits(workers=1),
        write_limits=WriteLimits() if writes else None,
    )
    try:
        await backend.start()
        yield backend
    finally:
        await backend.close(drain_seconds=0)


def insert(number: int) -> UpdateWrite:
    text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {number} }} }}"
    graphs = frozenset({"urn:g"})
    return UpdateWrite(agent="alice", request_id="r", text=text, graphs=graphs)


async def numbers(backend: Backend, commit: int | None = None) -> list[str]:
    reply = await backend.run(NUMBERS, CSV, commit=commit)
    assert reply.body is not None
    return reply.body.decode().split()[1:]


async def test_who_writes_reads_his_own_write_and_earlier_states(tmp_path: Path) -> None:
    async with opened(tmp_path, writes=True) as backend:
        assert backend.is_writable
        await backend.check_ready()
        before = backend.publication.commit
        for number in (1, 2, 3):
            receipt = await backend.write(insert(number))
            assert receipt.version.commit == backend.publication.commit == before + number
            assert await numbers(backend) == [str(n) for n in range(1, number + 1)]
        assert await numbers(backend, commit=before + 1) == ["1"]
        assert backend.writing is not None and backend.writing.commits >= 3
        assert backend.publication.digest


async def test_a_reader_follows_what_another_writes(tmp_path: Path) -> None:
    async with opened(tmp_path, writes=True) as writer:
        await writer.write(insert(1))
        async with opened(tmp_path, writes=False) as reader:
            assert not reader.is_writable and reader.writing is None
            assert await numbers(reader) == ["1"]
            with pytest.raises(Refused, match="read-only"):
                await reader.write(insert(2))
            await writer.write(insert(2))
            with anyio.fail_after(10):
                while await numbers(reader) != ["1", "2"]:
                    await anyio.sleep(0.05)
            assert reader.publication.digest == writer.publication.digest


async def test_only_one_writes(tmp_path: Path) -> None:
    async with opened(tmp_path, writes=True):
        with pytest.raises(Locked):
            async with opened(tmp_path, writes=True):
                raise AssertionError("a second writer started")


async def test_without_a_data_set_a_reader_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="econsec build"):
        async with opened(tmp_path, writes=False):
            raise AssertionError("it started")


async def test_before_its_start_nothing_can_be_asked(tmp_path: Path) -> None:
    backend = OnDisk(Location(tmp_path), Settings(), Limits())
    with pytest.raises(NotAvailable, match="starting"):
        await backend.run(NUMBERS, CSV)
