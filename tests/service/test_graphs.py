"""Graph-store operations over a store in memory, and what they hand to whoever writes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.engine.store import GraphSize, Query
from econsec.engine.upload import Upload, UploadTooLarge
from econsec.engine.workers import Reply
from econsec.engine.writing.failures import DiskFull, GraphNotFound, Protected
from econsec.engine.writing.requests import (
    Condition,
    GraphMethod,
    GraphWrite,
    Receipt,
    Version,
    Write,
)
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.formats import N_TRIPLES, Format
from econsec.service.census import Census
from econsec.service.graphs import Graphs, Sent
from econsec.service.spool import Session, Spool
from econsec.service.update import Author
from econsec.settings import Settings

DATA = """
PREFIX : <http://e.org/>
INSERT DATA { :a :b 0 . GRAPH :one { :a :b 1 } GRAPH :two { :a :b 1 , 2 } } ;
CREATE GRAPH <http://e.org/empty>
"""
BY = Author(agent="ann", request_id="r1")
Result = TypeVar("Result")


class Recording(InProcess):
    """Keeps what is to be written, and the content, which is gone afterwards."""

    is_writable = True

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store, Publication(commit=1))
        self.writes: list[Write] = []
        self.contents: list[str] = []
        self.seen: list[tuple[int | None, str | None]] = []

    async def run(
        self,
        task: Query | Upload,
        format: Format,
        *,
        deadline: float | None = None,
        commit: int | None = None,
        client: str | None = None,
    ) -> Reply:
        self.seen.append((commit, client))
        return await super().run(task, format)

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        self.writes.append(write)
        if isinstance(write, GraphWrite) and write.content is not None:
            self.contents.append(write.content.read_text())
        return Receipt(Version(2), created=True)


@pytest.fixture
def backend() -> Recording:
    contents = ox.Store()
    contents.update(DATA)
    return Recording(EmbeddedStore(contents, Settings()))


@pytest.mark.parametrize("graph", [None, "http://e.org/one", "http://e.org/empty"])
def test_a_graph_exists_though_it_is_empty(backend: Recording, graph: str | None) -> None:
    asyncio.run(Graphs(backend, Settings()).check(graph, commit=1))


def test_what_is_not_there_is_told(backend: Recording) -> None:
    with pytest.raises(GraphNotFound, match="there is no graph"):
        asyncio.run(Graphs(backend, Settings()).check("http://e.org/none", commit=1))


@pytest.mark.parametrize("name", ["one", "a b", "http://e.org/> { } DROP ALL #"])
def test_what_is_no_iri_names_no_graph(backend: Recording, name: str) -> None:
    with pytest.raises(InvalidInput, match="is not the IRI of a graph"):
        asyncio.run(Graphs(backend, Settings()).check(name, commit=1))
    with pytest.raises(InvalidInput, match="is not the IRI of a graph"):
        asyncio.run(Graphs(backend, Settings()).read(name, N_TRIPLES, commit=1))


@pytest.mark.parametrize(
    ("graph", "lines"),
    [(None, 1), ("http://e.org/one", 1), ("http://e.org/two", 2), ("http://e.org/empty", 0)],
)
def test_a_graph_is_read_alone(backend: Recording, graph: str | None, lines: int) -> None:
    async def read() -> bytes:
        reply = await Graphs(backend, Settings()).read(graph, N_TRIPLES, commit=1)
        return reply.body or b""

    assert len(asyncio.run(read()).splitlines()) == lines


def test_a_graph_is_looked_for_and_read_at_one_commit(backend: Recording) -> None:
    async def read() -> None:
        await Graphs(backend, Settings()).check("http://e.org/one", commit=7, client="c")
        await Graphs(backend, Settings()).read("http://e.org/one", N_TRIPLES, commit=7, client="c")

    asyncio.run(read())
    assert backend.seen == [(7, "c"), (7, "c")]


@pytest.mark.parametrize(
    ("mode", "graph", "is_refused"),
    [
        ("merge", None, True),
        ("plain", None, False),
        ("merge", str(INFERRED.value), True),
        ("plain", str(INFERRED.value), True),
        ("merge", "http://e.org/one", False),
    ],
)
def test_what_the_service_alone_writes_is_known_beforehand(
    backend: Recording, mode: str, graph: str | None, is_refused: bool
) -> None:
    graphs = Graphs(backend, Settings(default_graph=mode))
    with pytest.raises(Protected) if is_refused else nullcontext():
        graphs.check_writable(graph)


def in_session(tmp_path: Path, act: Callable[[Session], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with Spool(tmp_path / "spool").session() as session:
            return await act(session)

    return asyncio.run(run())


def sent(session: Session, *texts: str, format: str = "Turtle") -> Sent:
    documents = []
    for text in texts:
        path = session.place()
        path.write_text(text)
        documents.append(
            Upload(
                path=path, format=format, base="http://e.org/", gzipped=False, name="x", quads=False
            )
        )
    return Sent(documents=tuple(documents), media_type="text/turtle", size=7, sha256="abc")


def test_documents_are_handed_over_as_one_file_of_triples(
    backend: Recording, tmp_path: Path
) -> None:
    condition = Condition(if_match=("1.0",))

    async def write(session: Session) -> Receipt:
        return await Graphs(backend, Settings()).write(
            GraphMethod.PUT,
            "http://e.org/g",
            sent(session, "<a> <b> [] .", "<a> <b> [] ."),
            session=session,
            by=BY,
            condition=condition,
        )

    assert in_session(tmp_path, write) == Receipt(Version(2), created=True)
    (done,) = backend.writes
    assert isinstance(done, GraphWrite)
    assert (done.agent, done.request_id, done.method) == ("ann", "r1", GraphMethod.PUT)
    assert (done.graph, done.condition) == ("http://e.org/g", condition)
    assert (done.media_type, done.size, done.sha256) == ("text/turtle", 7, "abc")
    lines = backend.contents[0].splitlines()
    # Blank nodes of two documents are two.
    assert len(set(lines)) == 2
    assert all(line.startswith("<http://e.org/a> <http://e.org/b> _:") for line in lines)


def test_nothing_is_written_of_what_cannot_be_read(backend: Recording, tmp_path: Path) -> None:
    async def write(session: Session) -> Receipt:
        return await Graphs(backend, Settings()).write(
            GraphMethod.POST,
            "http://e.org/g",
            sent(session, "<a> <b> 1 .", "<a> <b> oops ."),
            session=session,
            by=BY,
            condition=Condition(),
        )

    with pytest.raises(InvalidInput):
        in_session(tmp_path, write)
    assert backend.writes == []
    assert [*(tmp_path / "spool").iterdir()] == []


def test_a_deletion_is_handed_over(backend: Recording) -> None:
    asyncio.run(
        Graphs(backend, Settings()).delete("http://e.org/one", by=BY, condition=Condition())
    )
    (done,) = backend.writes
    assert isinstance(done, GraphWrite)
    assert (done.method, done.graph, done.content) == (
        GraphMethod.DELETE,
        "http://e.org/one",
        None,
    )


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def test_what_is_received_is_kept_and_hashed(tmp_path: Path) -> None:
    data = [b"x" * 700_000, b"y" * 700_000, b"z"]

    async def receive(session: Session) -> tuple[bytes, str, int]:
        kept = await session.receive(pieces(*data), limit=1_400_001)
        return kept.path.read_bytes(), kept.sha256, kept.size

    whole = b"".join(data)
    assert in_session(tmp_path, receive) == (
        whole,
        hashlib.sha256(whole).hexdigest(),
        1_400_001,
    )
    assert [*(tmp_path / "spool").iterdir()] == []


def test_one_byte_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadTooLarge, match="more than 3 bytes"):
        in_session(tmp_path, lambda session: session.receive(pieces(b"ab", b"cd"), limit=3))
    assert [*(tmp_path / "spool").iterdir()] == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    def receive(session: Session) -> Awaitable[object]:
        return session.receive(pieces(b"a"), append_to=Path("/dev/full"))

    with pytest.raises(DiskFull, match="the upload cannot be kept"):
        in_session(tmp_path, receive)


def test_a_cancelled_request_leaves_nothing(tmp_path: Path) -> None:
    async def stalled() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(60)

    async def run() -> None:
        async with Spool(tmp_path).session() as session:
            await session.receive(stalled())

    async def cancelled() -> None:
        task = asyncio.create_task(run())
        await asyncio.sleep(0.05)
        assert len([*tmp_path.iterdir()]) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert [*tmp_path.iterdir()] == []


def test_the_census_counts_every_graph_once_for_each_commit(backend: Recording) -> None:
    expected = (
        GraphSize(None, 1),
        GraphSize("http://e.org/empty", 0),
        GraphSize("http://e.org/one", 1),
        GraphSize("http://e.org/two", 2),
    )

    async def count() -> None:
        census = Census(backend)
        first = await census.sizes()
        assert first == expected
        assert await census.sizes() is first
        backend.publication = Publication(commit=2)
        assert await census.sizes() is not first

    asyncio.run(count())
