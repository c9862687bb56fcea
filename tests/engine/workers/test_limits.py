"""What a query does beyond its limits costs that query alone."""

from __future__ import annotations

import asyncio
import socket

import pytest
from worker_stores import EX

from econsec.engine.store import Query
from econsec.engine.workers import (
    DeadlineExceeded,
    DeadlineInQueue,
    MemoryExceeded,
    QueueFull,
    WorkerLost,
)
from econsec.engine.workers.confinement import Network
from econsec.errors import EconSecError, NotAvailable
from econsec.rdf.formats import CSV, JSON

pytestmark = pytest.mark.anyio

RUNAWAY = Query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
BOMB = Query("SELECT * WHERE { ?a ?p ?b . ?c ?q ?d } ORDER BY ?d ?b")
ENDLESS = Query("SELECT * WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
LIGHT = Query(f"ASK {{ <{EX}1> ?p ?o }}")
CRASH = Query(f"ASK {{ FILTER({'STR(' * 30_000}1{')' * 30_000}) }}")


async def is_answered(pool) -> bool:
    return (await pool.run(LIGHT, JSON)).head.truth is True


async def test_a_runaway_is_killed_at_its_deadline_and_others_go_on(started, eventually) -> None:
    async with started(workers=2, spares=1) as pool:
        before = set(pool.statistics.pids)
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=1.0))
        answered = 0
        while not runaway.done():
            assert await is_answered(pool)
            answered += 1
        with pytest.raises(DeadlineExceeded) as caught:
            await runaway
        assert answered > 10
        assert (caught.value.status, caught.value.retryable) == (503, False)
        assert caught.value.detail.startswith("the query was not finished within 1 s")
        assert pool.statistics.kills == {"deadline": 1}
        await eventually(lambda: len(pool.statistics.pids) == 3)
        assert len(before & set(pool.statistics.pids)) == 2


async def test_memory_is_limited_for_each_query(started) -> None:
    async with started(workers=2, memory_bytes=128 << 20) as pool:
        bomb = asyncio.create_task(pool.run(BOMB, JSON, deadline=90.0))
        while not bomb.done():
            assert await is_answered(pool)
        with pytest.raises(MemoryExceeded, match=r"the query needs .* \(limit memory_bytes\)"):
            await bomb
        assert pool.statistics.kills == {"memory": 1}
        assert await is_answered(pool)


async def test_a_crash_of_the_engine_costs_one_query(started, eventually) -> None:
    async with started(workers=2) as pool:
        crash = asyncio.create_task(pool.run(CRASH, JSON))
        assert await is_answered(pool)
        with pytest.raises(WorkerLost, match="worked on the query"):
            await crash
        await eventually(lambda: len(pool.statistics.pids) == 2)
        assert await is_answered(pool)


async def test_a_worker_opens_no_socket(started) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        text = f"SELECT * WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        async with started(workers=1) as pool:
            assert pool.network in {Network.SECCOMP, Network.NO_DESCRIPTORS}
            with pytest.raises(EconSecError):
                await pool.run(Query(text), JSON)
            with pytest.raises(TimeoutError):
                listener.accept()
            assert await is_answered(pool)


async def test_the_deadline_counts_the_wait_in_the_queue(started) -> None:
    async with started(workers=1) as pool:
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=1.5))
        await asyncio.sleep(0)
        with pytest.raises(DeadlineInQueue) as caught:
            await pool.run(LIGHT, JSON, deadline=0.3)
        assert caught.value.retryable
        assert not runaway.done()
        assert await is_answered(pool)  # it waits for the replacement
        with pytest.raises(DeadlineExceeded):
            await runaway


async def test_a_full_queue_refuses_at_once(started) -> None:
    async with started(workers=1, queue_length=2) as pool:
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=1.0))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(is_answered(pool)) for _ in range(2)]
        await asyncio.sleep(0)
        assert pool.statistics.waiting == 2
        with pytest.raises(QueueFull) as caught:
            await pool.run(LIGHT, JSON)
        assert (caught.value.status, caught.value.retryable) == (503, True)
        assert not runaway.done()
        assert await asyncio.gather(*waiting) == [True, True]
        with pytest.raises(DeadlineExceeded):
            await runaway


async def test_a_cancelled_caller_frees_its_worker(started, eventually) -> None:
    async with started(workers=1) as pool:
        (pid,) = pool.statistics.pids
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON))
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(pool.run(LIGHT, JSON))
        await asyncio.sleep(0)
        for task in (waiting, runaway):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await is_answered(pool)
        assert pid not in pool.statistics.pids
        assert pool.statistics.kills == {"cancelled": 1}
        assert (pool.statistics.waiting, pool.statistics.working) == (0, 0)


async def test_who_stops_reading_loses_the_worker_at_the_deadline(started, eventually) -> None:
    async with started(workers=1, buffer_bytes=100_000) as pool:
        reply = await pool.run(ENDLESS, CSV, deadline=1.5)
        chunks = aiter(reply)
        assert len(await anext(chunks)) > 0
        await eventually(lambda: pool.statistics.working == 0)
        assert await is_answered(pool)
        with pytest.raises(DeadlineExceeded):
            async for _ in chunks:
                pass


async def test_an_endless_answer_that_is_read_ends_at_the_deadline(started) -> None:
    async with started(workers=1, result_rows=10**12, result_bytes=10**15) as pool:
        reply = await pool.run(ENDLESS, CSV, deadline=1.5)
        with pytest.raises(DeadlineExceeded):
            async for _ in reply:
                pass


async def test_a_reply_that_is_closed_early_frees_its_worker(started) -> None:
    async with started(workers=1, buffer_bytes=100_000) as pool:
        async with await pool.run(ENDLESS, CSV):
            assert pool.statistics.working == 1
        assert await is_answered(pool)


async def test_closing_lets_queries_end_up_to_a_time(started) -> None:
    async with started(workers=1) as pool:
        slow = asyncio.create_task(pool.run(Query(SLOW), JSON))
        waiting = asyncio.create_task(pool.run(LIGHT, JSON))
        await asyncio.sleep(0)
        closing = asyncio.create_task(pool.close(drain_seconds=15))
        await asyncio.sleep(0)
        with pytest.raises(NotAvailable, match="shutting down"):
            await pool.run(LIGHT, JSON)
        assert b"4000000" in (await slow).body
        assert (await waiting).head.truth is True
        await closing
        assert pool.statistics.pids == ()


async def test_closing_kills_what_does_not_end(started) -> None:
    async with started(workers=1) as pool:
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON))
        waiting = asyncio.create_task(pool.run(LIGHT, JSON))
        await asyncio.sleep(0.05)
        await pool.close(drain_seconds=0.1)
        for task in (runaway, waiting):
            with pytest.raises(NotAvailable):
                await task


SLOW = (
    "SELECT (COUNT(*) AS ?n) WHERE { { SELECT * { ?a ?p ?b } LIMIT 2000 } "
    "{ SELECT * { ?c ?q ?d } LIMIT 2000 } }"
)
