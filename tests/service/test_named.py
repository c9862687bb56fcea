"""What things are called is asked once for each commit."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.rdf.namespaces import DCTERMS, GRAPH, RDFS, SKOS
from econsec.service import named
from econsec.service.named import labels_of
from econsec.settings import Settings

pytestmark = pytest.mark.anyio

EX = "http://example.org/"
A, B, C, NAMELESS = (EX + name for name in ("a", "b", "c", "nameless"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def store() -> ox.Store:
    data = ox.Store()
    a, b, c = (ox.NamedNode(each) for each in (A, B, C))
    data.add(ox.Quad(a, SKOS("prefLabel"), ox.Literal("preferred", language="en")))
    data.add(ox.Quad(a, RDFS("label"), ox.Literal("other", language="en")))
    data.add(ox.Quad(a, RDFS("label"), ox.Literal("別", language="ja")))
    data.add(ox.Quad(b, RDFS("label"), ox.Literal("b")))
    data.add(ox.Quad(c, DCTERMS("title"), ox.Literal("c", language="en"), GRAPH("void")))
    return data


@pytest.fixture
def backend(store: ox.Store) -> Iterator[InProcess]:
    engine = EmbeddedStore(store, Settings())
    yield InProcess(engine, Publication(commit=3))
    engine.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that are asked."""
    texts: list[str] = []
    rows = named.rows

    async def noting(backend, query, *, commit=None):  # type: ignore[no-untyped-def]
        texts.append(query.text)
        return await rows(backend, query, commit=commit)

    monkeypatch.setattr(named, "rows", noting)
    return texts


async def test_labels_by_rank_and_language(backend: InProcess) -> None:
    assert await labels_of(backend, [A, B, C, NAMELESS, A]) == {
        A: {"en": "preferred", "ja": "別"},
        B: {"": "b"},
        C: {"en": "c"},
    }


async def test_only_what_is_not_known_is_asked(backend: InProcess, asked: list[str]) -> None:
    await labels_of(backend, [A, NAMELESS])
    found = await labels_of(backend, [A, B, NAMELESS])
    assert set(found) == {A, B}
    assert len(asked) == 2
    assert f"<{B}>" in asked[1]
    assert f"<{A}>" not in asked[1] and f"<{NAMELESS}>" not in asked[1]
    await labels_of(backend, [B, A], commit=3)
    assert len(asked) == 2


async def test_another_commit_may_call_it_otherwise(
    backend: InProcess, store: ox.Store, asked: list[str]
) -> None:
    before = await labels_of(backend, [B])
    store.add(ox.Quad(ox.NamedNode(B), SKOS("prefLabel"), ox.Literal("new", language="en")))
    backend.publication = Publication(commit=4)
    assert await labels_of(backend, [B]) == {B: {"en": "new", "": "b"}} != before
    assert len(asked) == 2


async def test_backends_know_nothing_of_each_other(
    backend: InProcess, store: ox.Store, asked: list[str]
) -> None:
    await labels_of(backend, [A])
    engine = EmbeddedStore(ox.Store(), Settings())
    assert await labels_of(InProcess(engine, Publication(commit=3)), [A]) == {}
    engine.close()
    assert len(asked) == 2


async def test_not_more_is_kept_than_the_bound(
    backend: InProcess, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named, "_MOST_KEPT", 1)
    for iris in ([A], [A, B], [A, B], [A]):
        assert set(await labels_of(backend, iris)) == set(iris)
    assert len(asked) == 4
