"""Dumps of a running data set: made once, by name, for a commit."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.errors import NotAvailable
from econsec.service import dumps as module
from econsec.service.about import About
from econsec.service.census import Census
from econsec.service.dumps import DumpNotFound, Dumps, Release
from econsec.service.spool import Spool
from econsec.settings import Settings

_Result = TypeVar("_Result")
DATA = """
INSERT DATA {
  <x:a> <x:p> "both" .
  GRAPH <x:g> { <x:a> <x:p> "both" , [ <x:p> "inner" ] }
  GRAPH <x:h> { <x:b> <x:p> "二" }
  GRAPH <https://w3id.org/econsec/graph/void> {
    <x:d> a <http://www.w3.org/ns/dcat#Dataset> ;
      <http://www.w3.org/2002/07/owl#versionInfo> "1.0 / beta" ;
      <http://purl.org/dc/terms/license> <x:licence> }
}
"""


def running(
    store: Store, folder: Path, settings: Settings | None = None
) -> tuple[Dumps, InProcess]:
    chosen = settings or Settings()
    backend = InProcess(EmbeddedStore(store, chosen))
    spool = Spool(folder)
    census = Census(backend)
    dumps = Dumps(backend, about=About(backend), census=census, spool=spool, settings=chosen)
    return dumps, backend


@pytest.fixture
def small() -> Store:
    store = ox.Store()
    store.update(DATA)
    return store


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    return asyncio.run(work)


def read(release: Release, number: int = 0) -> set[ox.Quad]:
    syntax = (RdfFormat.N_QUADS, RdfFormat.TRIG)[number]
    return {*parse(gzip.decompress(release.files[number].path.read_bytes()), syntax)}


async def made(dumps: Dumps) -> Release:
    release = await dumps.release()
    assert release is not None
    return release


def test_every_graph_is_in_both_files_but_not_their_merge(small: Store, tmp_path: Path) -> None:
    dumps, _ = running(small, tmp_path)
    release = run(made(dumps))
    expected = {quad for quad in small if not isinstance(quad.graph_name, DefaultGraph)}
    assert len(expected) == release.quads == 7
    assert read(release, 0) == read(release, 1) == expected
    assert [each.name for each in release.files] == [
        "econsec-1.0-beta-0.nq.gz",
        "econsec-1.0-beta-0.trig.gz",
    ]


def test_a_plain_default_graph_is_data_of_its_own(small: Store, tmp_path: Path) -> None:
    dumps, _ = running(small, tmp_path, Settings(default_graph="plain"))
    assert read(run(made(dumps))) == {*small}


def test_who_asks_at_once_waits_for_the_same_files(
    small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[str] = []
    worked = module._worked

    def counting(work: str, folder: Path, *, seconds: float) -> Any:
        packed.append(work)
        return worked(work, folder, seconds=seconds)

    monkeypatch.setattr(module, "_worked", counting)
    dumps, _ = running(small, tmp_path)

    async def ask() -> None:
        first = asyncio.create_task(dumps.release())
        await asyncio.sleep(0)
        first.cancel()  # who leaves does not end what others wait for
        releases = await asyncio.gather(made(dumps), made(dumps))
        assert releases[0] is releases[1] is await made(dumps)

    run(ask())
    assert packed == ["pack", "canonical"]


def test_who_does_not_wait_gets_nothing_yet(small: Store, tmp_path: Path) -> None:
    dumps, _ = running(small, tmp_path)

    async def ask() -> None:
        assert await dumps.release(within=0) is None
        assert (await made(dumps)).quads == 7

    run(ask())


def test_a_commit_has_files_of_its_own_and_old_ones_go(small: Store, tmp_path: Path) -> None:
    dumps, backend = running(small, tmp_path)

    async def ask() -> None:
        releases = []
        for commit in range(1, 6):
            backend.publication = Publication(commit=commit)
            releases.append(await made(dumps))
        assert [each.commit for each in releases] == [1, 2, 3, 4, 5]
        there = [each.files[0].path.is_file() for each in releases]
        assert there == [False, False, True, True, True]
        _, older = await dumps.find("econsec-1.0-beta-3.nq.gz")
        assert older.path.is_file()
        with pytest.raises(DumpNotFound, match=r"econsec-1\.0-beta-1\.nq\.gz"):
            await dumps.find("econsec-1.0-beta-1.nq.gz")

    run(ask())


@pytest.mark.parametrize("name", ["", "..", "../secret", "econsec-1.0-beta-0.nq", "x" * 500])
def test_other_names_are_not_there(small: Store, tmp_path: Path, name: str) -> None:
    dumps, _ = running(small, tmp_path)
    with pytest.raises(DumpNotFound):
        run(dumps.find(name))


def test_a_large_data_set_gets_no_canonical_hash(
    small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(made(running(small, tmp_path)[0])).canonical is not None
    monkeypatch.setattr(module, "MOST_CANONICAL", 6)
    assert run(made(running(small, tmp_path)[0])).canonical is None


def test_blank_nodes_that_take_for_ever_cost_only_the_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clique = [ox.BlankNode(f"n{number}") for number in range(9)]
    store = ox.Store()
    store.extend(
        ox.Quad(a, ox.NamedNode("x:p"), b, ox.NamedNode("x:g"))
        for a in clique
        for b in clique
        if a != b
    )
    monkeypatch.setattr(module, "_CANONICAL_SECONDS", 2)
    release = run(made(running(store, tmp_path)[0]))
    assert release.canonical is None
    assert release.quads == 72


def test_a_failure_is_told_and_leaves_nothing(
    small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ORDER", "elsewhere.json")
    dumps, _ = running(small, tmp_path)
    with pytest.raises(NotAvailable, match=r"cannot be written.*order\.json"):
        run(made(dumps))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert run(made(dumps)).quads == 7
