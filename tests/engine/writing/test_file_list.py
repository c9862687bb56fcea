"""The store's list of its files stays short, however many commits there are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from writes import EX, G, update

from econsec.engine.location import Location
from econsec.engine.writing.failures import NotConforming
from econsec.engine.writing.limits import DefaultGraphMode
from econsec.engine.writing.requests import ProtectionWrite

pytestmark = pytest.mark.anyio

COMMITS = 60
INCREMENT = (
    f"DELETE {{ GRAPH <{G}> {{ ex:it ex:own ?n }} }} "
    f"INSERT {{ GRAPH <{G}> {{ ex:it ex:own ?m }} }} "
    f"WHERE {{ GRAPH <{G}> {{ ex:it ex:own ?n }} BIND (?n + 1 AS ?m) }}"
)
SH = "http://www.w3.org/ns/shacl#"
ONE_NUMBER = f"""
<{EX}S> <{SH}targetSubjectsOf> <{EX}own> .
<{EX}S> <{SH}property> <{EX}P> .
<{EX}P> <{SH}path> <{EX}own> .
<{EX}P> <{SH}maxCount> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{EX}P> <{SH}message> "one number each"@en .
"""


def file_list(location: Location) -> int:
    folder: Path = location.generations.folder(location.publication().commit)
    return sum(file.stat().st_size for file in folder.glob("MANIFEST-*"))


@pytest.mark.parametrize("mode", [*DefaultGraphMode])
async def test_it_is_begun_anew_and_nothing_else_changes(writing, mode: DefaultGraphMode) -> None:
    sizes = []
    async with writing(default_graph=mode, max_file_list_bytes=20_000) as asked:
        await asked.submit(update(f"INSERT DATA {{ GRAPH <{G}> {{ ex:it ex:own 0 }} }}"))
        for _ in range(COMMITS):
            await asked.submit(update(INCREMENT))
            sizes.append(file_list(asked.location))
        assert asked.ask(f"GRAPH <{G}> {{ ex:it ex:own {COMMITS} }}")
        if mode is DefaultGraphMode.MERGE:
            assert asked.ask(f"ex:it ex:own {COMMITS}")
    assert any(after < before for before, after in pairwise(sizes))
    assert max(sizes) < 25_000


async def test_without_it_the_list_grows(writing) -> None:
    async with writing(max_file_list_bytes=1 << 30) as asked:
        await asked.submit(update(f"INSERT DATA {{ GRAPH <{G}> {{ ex:it ex:own 0 }} }}"))
        for _ in range(COMMITS):
            await asked.submit(update(INCREMENT))
        assert file_list(asked.location) > 25_000


async def test_graphs_under_validation_stay_so(writing) -> None:
    async with writing(default_graph=DefaultGraphMode.MERGE, max_file_list_bytes=1) as asked:
        await asked.submit(update(f"INSERT DATA {{ GRAPH <{G}> {{ ex:it ex:own 0 }} }}"))
        protection = ProtectionWrite(agent="t", request_id="r", graph=G, shapes=ONE_NUMBER)
        await asked.submit(protection)
        for _ in range(3):
            await asked.submit(update(INCREMENT))
            with pytest.raises(NotConforming):
                await asked.submit(update(f"INSERT DATA {{ GRAPH <{G}> {{ ex:it ex:own 99 }} }}"))
        assert asked.ask(f"GRAPH <{G}> {{ ex:it ex:own 3 }}")
