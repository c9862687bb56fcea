"""A default graph that the service keeps: the merge of the named graphs, and what follows."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from writes import EX, G, insert, log, put, update

from econsec.engine.loading import install
from econsec.engine.location import Location
from econsec.engine.writing.failures import Protected
from econsec.engine.writing.limits import DefaultGraphMode
from econsec.errors import UsageError
from econsec.knowledge.build import Inconsistent, build
from econsec.knowledge.manifest import INFERRED, Manifest

pytestmark = pytest.mark.anyio

PORT = "https://example.org/"
MERGE = {"default_graph": DefaultGraphMode.MERGE}


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    location = Location.create(tmp_path_factory.mktemp("installed"))
    built = build(Manifest.read(root / "tests" / "cases" / "dataset" / "manifest.ttl"))
    install(location, built)
    return location.root


@pytest.fixture
def ports(installed: Path, tmp_path: Path) -> Location:
    """A small data set with an ontology of ports."""
    return Location(shutil.copytree(installed, tmp_path / "ports"))


def a_port(name: str, kind: str = "Seaport"):
    return update(f"INSERT DATA {{ GRAPH ex:g {{ <{PORT}{name}> a <{PORT}{kind}> }} }}")


async def test_merge_and_inference_are_part_of_the_commit(writing, ports: Location) -> None:
    async with writing(at=ports, **MERGE) as asked:
        receipt = await asked.submit(a_port("osaka"))
        assert asked.ask(f"<{PORT}osaka> a <{PORT}Seaport> , <{PORT}Port>")
        assert asked.ask(f"GRAPH {INFERRED} {{ <{PORT}osaka> a <{PORT}Port> }}")
        assert asked.publication.inferred_at == receipt.version.commit
        assert asked.publication.version(None) == receipt.version
        assert log(ports)[-1]["inferred"] is True


async def test_what_contradicts_the_ontology_is_refused_alone(writing, ports: Location) -> None:
    async with writing(at=ports, **MERGE) as asked:
        outcomes = await asyncio.gather(
            asked.submit(a_port("osaka")),
            asked.submit(a_port("kobe", "Airport")),
            asked.submit(a_port("nagoya")),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], Inconsistent)
        assert asked.ask(f"<{PORT}osaka> a <{PORT}Port> . <{PORT}nagoya> a <{PORT}Port>")
        assert not asked.ask(f"<{PORT}kobe> a <{PORT}Airport>")


async def test_the_default_graph_is_not_to_be_written(writing) -> None:
    async with writing(**MERGE) as asked:
        with pytest.raises(Protected, match="merge of the named graphs") as caught:
            await asked.submit(update("INSERT DATA { ex:a ex:p ex:o }", None))
        assert caught.value.status == 403
        assert "name the graph" in str(caught.value)
        with pytest.raises(Protected):
            await asked.submit(put(None, None, method="DELETE"))
        with pytest.raises(Protected, match="would change the default graph"):
            await asked.submit(update("INSERT DATA { ex:a ex:p ex:o }", opaque=True))
        assert not asked.ask("?s ?p ?o")


async def test_an_update_that_reads_the_merge_sees_all_before_it(writing) -> None:
    increment = update(
        "DELETE { GRAPH ex:g { ex:x ex:n ?n } } INSERT { GRAPH ex:g { ex:x ex:n ?m } } "
        "WHERE { ex:x ex:n ?n BIND (?n + 1 AS ?m) }"
    )
    async with writing(**MERGE) as asked:
        await asked.submit(update("INSERT DATA { GRAPH ex:g { ex:x ex:n 0 } }"))
        await asyncio.gather(*(asked.submit(increment) for _ in range(8)))
        assert asked.ask("ex:x ex:n 8")


async def test_above_the_limit_it_is_done_when_there_is_time(writing, eventually) -> None:
    async with writing(**MERGE, max_derived_triples=2) as asked:
        for name in "ab":
            assert (
                await asked.submit(insert(name))
            ).version.commit == asked.publication.inferred_at
        receipt = await asked.submit(insert("c"))
        assert asked.publication.inferred_at == receipt.version.commit - 1
        assert asked.publication.version(None).commit == receipt.version.commit - 1
        assert not asked.ask("ex:c ex:p ex:o")
        await eventually(lambda: asked.publication.inferred_at > receipt.version.commit)
        assert asked.ask("ex:c ex:p ex:o")
        assert asked.publication.version(G) == receipt.version
        assert asked.publication.version(None).commit == asked.publication.commit
        assert log(asked.location)[-1]["requests"][0]["kind"] == "derive"
        commit = asked.publication.commit
        await asyncio.sleep(1)
        assert asked.publication.commit == commit


async def test_a_plain_default_graph_is_data(writing) -> None:
    async with writing() as asked:
        await asked.submit(update("INSERT DATA { ex:a ex:p ex:o GRAPH ex:g { ex:b ex:p ex:o } }"))
        assert asked.ask("ex:a ex:p ex:o")
        assert not asked.ask("ex:b ex:p ex:o")
        assert asked.publication.inferred_at == 0


async def test_no_merge_replaces_data(writing) -> None:
    async with writing() as asked:
        await asked.submit(update("INSERT DATA { ex:a ex:p ex:o }", None))
    with pytest.raises(UsageError, match="which a merge would replace"):
        async with writing(**MERGE):
            pass
    async with writing() as again:
        assert again.ask("ex:a ex:p ex:o")


async def test_versions_are_the_same_after_a_restart(writing) -> None:
    async with writing(**MERGE) as asked:
        await asked.submit(insert("a"))
        await asked.submit(insert("b", f"{EX}other"))
        before = asked.publication
    async with writing(**MERGE) as again:
        assert again.location.publication() == before
        await again.submit(insert("c"))
        assert again.publication.version(f"{EX}other") == before.version(f"{EX}other")
        assert again.publication.version(G) > before.version(G)
