"""A value is read once for each state of the data, however many ask for it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.engine.writing.requests import Version
from econsec.errors import NotAvailable
from econsec.rdf.namespaces import GRAPH
from econsec.service.memo import Memo
from econsec.settings import Settings

pytestmark = pytest.mark.anyio

ONE, OTHER = GRAPH("one"), GRAPH("other")


class Reader:
    """Takes its time, counts its readings, and fails where `failing` says so."""

    def __init__(self) -> None:
        self.commits: list[int] = []
        self.at_once = self.most_at_once = 0
        self.failing = False

    async def __call__(self, commit: int) -> str:
        self.commits.append(commit)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            for _ in range(5):
                await asyncio.sleep(0)
            if self.failing:
                raise NotAvailable(f"reading {len(self.commits)} failed")
            return f"reading {len(self.commits)} of commit {commit}"
        finally:
            self.at_once -= 1


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def backend() -> Iterator[InProcess]:
    store = EmbeddedStore(ox.Store(), Settings())
    yield InProcess(store, Publication(commit=3))
    store.close()


@pytest.fixture
def reader() -> Reader:
    return Reader()


async def test_many_who_ask_at_once_have_one_reading(backend: InProcess, reader: Reader) -> None:
    memo = Memo(backend, reader)
    values = await asyncio.gather(*(memo.value() for _ in range(20)))
    assert set(values) == {"reading 1 of commit 3"}
    assert await memo.value() == values[0]
    assert reader.commits == [3]


async def test_that_there_is_nothing_is_kept_as_well(backend: InProcess) -> None:
    readings = []

    async def read(commit: int) -> None:
        readings.append(commit)

    memo = Memo(backend, read)
    assert [await memo.value(), await memo.value()] == [None, None]
    assert readings == [3]


@pytest.mark.parametrize("new", [Publication(commit=4), Publication(commit=3, digest="other")])
async def test_a_new_state_is_read_anew(
    backend: InProcess, reader: Reader, new: Publication
) -> None:
    memo = Memo(backend, reader)
    assert memo.last is None
    await memo.value()
    backend.publication = new
    assert memo.last == "reading 1 of commit 3"
    assert await memo.value() == memo.last == f"reading 2 of commit {new.commit}"


async def test_who_asks_while_the_state_changes_gets_the_new_one(
    backend: InProcess, reader: Reader
) -> None:
    memo = Memo(backend, reader)
    earlier = asyncio.create_task(memo.value())
    await asyncio.sleep(0)
    backend.publication = Publication(commit=4)
    later = await asyncio.gather(*(memo.value() for _ in range(5)))
    assert set(later) == {"reading 2 of commit 4"}
    assert await earlier == "reading 1 of commit 3"
    assert reader.most_at_once == 1


async def test_with_a_graph_only_its_version_counts(backend: InProcess, reader: Reader) -> None:
    memo = Memo(backend, reader, graph=ONE)
    await memo.value()
    backend.publication = Publication(commit=4, versions={OTHER.value: Version(4)})
    assert await memo.value() == "reading 1 of commit 3"
    backend.publication = Publication(commit=5, versions={ONE.value: Version(5)})
    assert await memo.value() == "reading 2 of commit 5"


async def test_all_who_wait_share_an_error_that_nobody_keeps(
    backend: InProcess, reader: Reader
) -> None:
    memo = Memo(backend, reader)
    reader.failing = True
    outcomes = await asyncio.gather(*(memo.value() for _ in range(20)), return_exceptions=True)
    assert [str(each) for each in outcomes] == ["reading 1 failed"] * 20
    with pytest.raises(NotAvailable, match="reading 2"):
        await memo.value()
    reader.failing = False
    assert await memo.value() == "reading 3 of commit 3"
    assert memo.last == "reading 3 of commit 3"


async def test_an_error_is_that_of_its_state(backend: InProcess, reader: Reader) -> None:
    memo = Memo(backend, reader)
    reader.failing = True
    earlier = asyncio.create_task(memo.value())
    await asyncio.sleep(0)
    later = asyncio.create_task(memo.value())
    await asyncio.sleep(0)
    backend.publication = Publication(commit=4)
    with pytest.raises(NotAvailable, match="reading 1"):
        await earlier
    reader.failing = False
    assert await later == "reading 2 of commit 4"


async def test_where_the_reader_is_cancelled_the_next_reads(
    backend: InProcess, reader: Reader
) -> None:
    memo = Memo(backend, reader)
    first, second = (asyncio.create_task(memo.value()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "reading 2 of commit 3"
    assert first.cancelled()
