"""The writer: what is acknowledged is there, what is not acknowledged is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from writes import EX, INCREMENT, MANY, RUNAWAY, G, insert, log, names, put, update

from econsec.engine.location import Location, Locked
from econsec.engine.writing.failures import (
    GraphNotFound,
    PreconditionFailed,
    Protected,
    WriteDeadlineExceeded,
    WriteMemoryExceeded,
    WriteQueueFull,
)
from econsec.engine.writing.requests import Version
from econsec.errors import InvalidInput, NotAvailable

pytestmark = pytest.mark.anyio


def triples(folder: Path, *found: str) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.nt"
    path.write_text("".join(f"<{EX}{name}> <{EX}p> <{EX}o> .\n" for name in found))
    return path


async def test_an_empty_location_gets_an_empty_first_commit(writing) -> None:
    async with writing() as asked:
        assert asked.publication.commit == 1
        assert len(asked.location.open_current()) == 0
        assert [record["requests"][0]["kind"] for record in log(asked.location)] == ["create"]


async def test_who_gets_the_receipt_reads_his_own_write(writing) -> None:
    async with writing() as asked:
        receipt = await asked.submit(insert("a"))
        assert receipt.version == Version(2, 0)
        assert asked.publication.commit == 2
        assert asked.publication.version(G) == receipt.version
        assert asked.publication.version(f"{EX}other") == Version(1, 0)
        assert asked.names() == {"a"}


async def test_the_log_says_who_did_what(writing) -> None:
    async with writing() as asked:
        await asked.submit(insert("a"))
        record = log(asked.location)[-1]
        assert record["commit"] == 2
        [request] = record["requests"]
        assert request["agent"] == "tester"
        assert request["kind"] == "update"
        assert request["graphs"] == [G]
        assert "ex:a ex:p ex:o" in request["text"]
        assert len(request["sha256"]) == 64


async def test_requests_that_wait_share_a_commit(writing) -> None:
    async with writing() as asked:
        receipts = await asyncio.gather(*(asked.submit(insert(n)) for n in range(20)))
        assert len(asked.published) < 20
        assert len({receipt.version for receipt in receipts}) == 20
        assert asked.names() == {str(n) for n in range(20)}


async def test_a_group_has_a_largest_size(writing) -> None:
    async with writing(max_group=3) as asked:
        await asyncio.gather(*(asked.submit(insert(n)) for n in range(9)))
        sizes = [len(record["requests"]) for record in log(asked.location)]
        assert sum(sizes) == 10
        assert max(sizes) <= 3


async def test_concurrent_increments_are_all_there(writing) -> None:
    async with writing() as asked:
        await asked.submit(update("INSERT DATA { GRAPH ex:g { ex:x ex:n 0 } }"))

        async def client() -> None:
            for _ in range(50):
                await asked.submit(update(INCREMENT))

        await asyncio.gather(*(client() for _ in range(8)))
        assert asked.ask("GRAPH ex:g { ex:x ex:n 400 }")


async def test_a_malformed_update_harms_nobody(writing) -> None:
    async with writing() as asked:
        outcomes = await asyncio.gather(
            asked.submit(insert("a")),
            asked.submit(update("INSERT DATA { ex:b ex:p")),
            asked.submit(insert("c")),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], InvalidInput)
        assert outcomes[1].line == 1
        assert asked.names() == {"a", "c"}
        assert [r["commit"] for r in log(asked.location)] == [1, 2]


async def test_nothing_is_committed_where_all_are_refused(writing) -> None:
    async with writing() as asked:
        with pytest.raises(InvalidInput, match="does not exist"):
            await asked.submit(update("DROP GRAPH ex:nothing"))
        assert asked.publication.commit == 1
        assert len(log(asked.location)) == 1


class TestGraphs:
    async def test_put_creates_and_replaces(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            assert (await asked.submit(put(triples(tmp_path, "a", "b")))).created
            assert asked.names() == {"a", "b"}
            assert not (await asked.submit(put(triples(tmp_path, "c")))).created
            assert asked.names() == {"c"}

    async def test_post_adds(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            assert (await asked.submit(put(triples(tmp_path, "a"), method="POST"))).created
            assert not (await asked.submit(put(triples(tmp_path, "b"), method="POST"))).created
            assert asked.names() == {"a", "b"}

    async def test_an_empty_graph_is_a_graph(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            await asked.submit(put(triples(tmp_path)))
            assert [str(g) for g in asked.location.open_current().named_graphs()] == [f"<{G}>"]

    async def test_delete(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            await asked.submit(put(triples(tmp_path, "a")))
            await asked.submit(put(None, method="DELETE"))
            assert not list(asked.location.open_current().named_graphs())
            with pytest.raises(GraphNotFound):
                await asked.submit(put(None, method="DELETE"))

    async def test_the_default_graph(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            assert not (await asked.submit(put(triples(tmp_path, "a"), None))).created
            assert asked.ask("ex:a ex:p ex:o")
            await asked.submit(put(None, None, method="DELETE"))
            assert not asked.ask("ex:a ex:p ex:o")

    async def test_two_puts_in_one_commit_leave_versions_of_their_own(
        self, writing, tmp_path: Path
    ) -> None:
        async with writing() as asked:
            files = [triples(tmp_path, name) for name in "abc"]
            receipts = await asyncio.gather(*(asked.submit(put(file)) for file in files))
            assert len({receipt.version for receipt in receipts}) == 3
            assert asked.publication.version(G) == max(receipt.version for receipt in receipts)
            assert asked.names() == {"c"}

    async def test_exactly_one_of_two_wins_the_race(self, writing, tmp_path: Path) -> None:
        async with writing() as asked:
            first = await asked.submit(put(triples(tmp_path, "a")))
            files = [triples(tmp_path, name) for name in "bcde"]
            outcomes = await asyncio.gather(
                *(asked.submit(put(file, if_match=(str(first.version),))) for file in files),
                return_exceptions=True,
            )
            failed = [o for o in outcomes if isinstance(o, PreconditionFailed)]
            assert len(failed) == 3
            assert asked.names() == {"b"}

    @pytest.mark.parametrize(
        ("condition", "there", "holds"),
        [
            ({"if_none_match": ("*",)}, False, True),
            ({"if_none_match": ("*",)}, True, False),
            ({"if_match": ("*",)}, False, False),
            ({"if_match": ("*",)}, True, True),
            ({"if_match": ("9.9",)}, True, False),
            ({"if_match": ("9.9", "2.0")}, True, True),
            ({"if_none_match": ("9.9",)}, True, True),
            ({"if_none_match": ("2.0",)}, True, False),
            ({"if_match": ("1.0",)}, False, False),
        ],
    )
    async def test_conditions(self, writing, tmp_path: Path, condition, there, holds) -> None:
        async with writing() as asked:
            if there:
                assert str((await asked.submit(put(triples(tmp_path, "a")))).version) == "2.0"
            write = put(triples(tmp_path, "b"), **condition)
            if holds:
                await asked.submit(write)
            else:
                with pytest.raises(PreconditionFailed):
                    await asked.submit(write)


class TestLimits:
    async def test_a_runaway_update_ends_at_its_deadline(self, writing) -> None:
        async with writing() as asked:
            await asked.submit(update(MANY, f"{EX}many"))
            with pytest.raises(WriteDeadlineExceeded, match=r"within 0\.5 s"):
                await asked.submit(update(RUNAWAY), deadline=0.5)
            await asked.submit(insert("a"))
            assert asked.names() == {"a"}
            assert asked.writer.statistics.restarts == 1

    async def test_and_those_who_wait_with_it_do_not(self, writing) -> None:
        async with writing() as asked:
            await asked.submit(update(MANY, f"{EX}many"))
            runaway = asyncio.create_task(asked.submit(update(RUNAWAY), deadline=4))
            others = [asyncio.create_task(asked.submit(insert(n), deadline=4)) for n in range(10)]
            await asyncio.gather(*others)
            with pytest.raises(WriteDeadlineExceeded):
                await runaway
            assert asked.names() == {str(n) for n in range(10)}

    async def test_the_wait_counts(self, writing) -> None:
        async with writing() as asked:
            await asked.submit(update(MANY, f"{EX}many"))
            runaway = asyncio.create_task(asked.submit(update(RUNAWAY), deadline=3))
            await asyncio.sleep(0.1)
            with pytest.raises(WriteDeadlineExceeded):
                await asked.submit(insert("a"), deadline=0.2)
            runaway.cancel()
        assert names(asked.location) == set()

    async def test_a_memory_bomb(self, writing) -> None:
        doubled = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(31))
        bomb = (
            f"INSERT {{ GRAPH ex:g {{ ex:x ex:p ?x31 }} }} WHERE {{ BIND ('xx' AS ?x0) {doubled} }}"
        )
        async with writing(write_memory_bytes=300 << 20) as asked:
            outcomes = await asyncio.gather(
                asked.submit(insert("a")),
                asked.submit(update(bomb)),
                asked.submit(insert("b")),
                return_exceptions=True,
            )
            assert isinstance(outcomes[1], WriteMemoryExceeded), outcomes[1]
            assert asked.names() == {"a", "b"}

    async def test_a_full_queue(self, writing) -> None:
        async with writing(write_queue_length=2) as asked:
            outcomes = await asyncio.gather(
                *(asked.submit(insert(n)) for n in range(5)), return_exceptions=True
            )
            assert sum(isinstance(outcome, WriteQueueFull) for outcome in outcomes) >= 1
            accepted = [n for n, o in enumerate(outcomes) if not isinstance(o, Exception)]
            assert asked.names() == {str(n) for n in accepted}

    async def test_who_has_gone_is_not_waited_for(self, writing) -> None:
        async with writing() as asked:
            tasks = [asyncio.create_task(asked.submit(insert(n))) for n in range(3)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            await asyncio.gather(tasks[0], tasks[2])
            assert asked.names() >= {"0", "2"}


class TestProtection:
    @pytest.mark.parametrize("name", ["inferred", "ontology", "shapes", "void"])
    async def test_graphs_of_the_service(self, writing, name: str) -> None:
        graph = f"https://w3id.org/econsec/graph/{name}"
        async with writing() as asked:
            with pytest.raises(Protected, match="by a build alone"):
                await asked.submit(insert("a", graph))
            with pytest.raises(Protected):
                await asked.submit(put(None, graph, method="DELETE"))

    async def test_and_where_the_text_leaves_them_open(self, writing) -> None:
        graph = "https://w3id.org/econsec/graph/ontology"
        text = f"INSERT {{ GRAPH ?g {{ ex:b ex:p ex:o }} }} WHERE {{ VALUES ?g {{ <{graph}> }} }}"
        async with writing() as asked:
            outcomes = await asyncio.gather(
                asked.submit(insert("a")),
                asked.submit(update(text, opaque=True)),
                asked.submit(insert("c")),
                return_exceptions=True,
            )
            assert isinstance(outcomes[1], Protected)
            assert asked.names() == {"a", "c"}
            assert asked.names(graph) == set()

    async def test_an_open_text_that_leaves_them_alone(self, writing) -> None:
        text = f"INSERT {{ GRAPH ?g {{ ex:b ex:p ex:o }} }} WHERE {{ VALUES ?g {{ <{G}> }} }}"
        async with writing() as asked:
            receipt = await asked.submit(update(text, opaque=True))
            assert asked.names() == {"b"}
            assert asked.publication.everything == receipt.version


class TestStartAndEnd:
    async def test_one_writer_at_a_time(self, writing, location: Location) -> None:
        async with writing():
            with pytest.raises(Locked):
                async with writing(at=Location(location.root)):
                    pass
            with pytest.raises(Locked):
                location.publish(lambda store: None)

    async def test_a_new_writer_goes_on_where_the_last_one_ended(self, writing) -> None:
        async with writing() as asked:
            first = await asked.submit(insert("a"))
        async with writing() as again:
            assert (await again.submit(insert("b"))).version == Version(3, 0)
            assert again.names() == {"a", "b"}
            assert first.version == Version(2, 0)
            assert again.location.publication() == again.publication

    async def test_what_waits_is_carried_out_before_the_end(self, writing) -> None:
        async with writing() as asked:
            tasks = [asyncio.create_task(asked.submit(insert(n))) for n in range(5)]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        assert names(asked.location) == {"0", "1", "2", "3", "4"}
        with pytest.raises(NotAvailable, match="shutting down"):
            await asked.submit(insert("late"))
        assert not asked.writer.ready

    async def test_it_leaves_no_scratch(self, writing, location: Location) -> None:
        async with writing() as asked:
            await asked.submit(insert("a"))
            assert asked.writer.ready
        found = sorted(path.name for path in location.generations.folders.iterdir())
        assert found == ["000001", "000002"]
