"""Processes that end when nobody expects it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from worker_stores import EX, broken, refused, things, with_reluctant_fork

from econsec.engine.store import Query
from econsec.engine.workers import Limits, Pool, Source, WorkerLost
from econsec.errors import InvalidInput, NotAvailable
from econsec.rdf.formats import CSV, JSON

pytestmark = pytest.mark.anyio

LIGHT = Query(f"ASK {{ <{EX}1> ?p ?o }}")
LARGE = Query("SELECT * WHERE { ?s ?p ?n } ORDER BY ?n")
ENDLESS = Query("SELECT * WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
HERE = Path(__file__).parent


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def whole(pool: Pool, query: Query) -> bytes:
    return b"".join([chunk async for chunk in await pool.run(query, CSV)])


async def test_workers_killed_at_random_cost_only_their_own_queries(started, eventually) -> None:
    randomly = random.Random(4)
    async with started(workers=3, spares=1, buffer_bytes=20_000, queue_length=500) as pool:
        expected = {query: await whole(pool, query) for query in (LIGHT, LARGE)}
        tally = {"answered": 0, "lost": 0}

        async def ask(number: int) -> None:
            query = LARGE if number % 2 else LIGHT
            await asyncio.sleep(number * 0.01)
            try:
                assert await whole(pool, query) == expected[query]
                tally["answered"] += 1
            except WorkerLost:
                tally["lost"] += 1

        async def killer() -> None:
            while True:
                await asyncio.sleep(randomly.uniform(0.02, 0.1))
                if pids := pool.statistics.pids:
                    kill(randomly.choice(pids))

        killing = asyncio.create_task(killer())
        await asyncio.gather(*(ask(number) for number in range(200)))
        killing.cancel()
        assert sum(tally.values()) == 200
        assert tally["answered"] > 100
        assert pool.statistics.kills["lost"] > 5
        await eventually(lambda: pool.statistics.idle == 4)
        assert await whole(pool, LARGE) == expected[LARGE]


async def test_an_idle_worker_is_replaced(started, eventually) -> None:
    async with started(workers=2) as pool:
        before = pool.statistics.pids
        kill(before[0])
        await eventually(
            lambda: len(pool.statistics.pids) == 2 and before[0] not in pool.statistics.pids
        )
        assert pool.statistics.kills == {"lost": 1}


async def test_a_worker_killed_in_the_middle_breaks_the_answer(started) -> None:
    async with started(workers=1, buffer_bytes=20_000) as pool:
        reply = await pool.run(ENDLESS, CSV)
        kill(*pool.statistics.pids)
        with pytest.raises(WorkerLost) as caught:
            async for _ in reply:
                pass
        assert caught.value.retryable
        assert (await pool.run(LIGHT, JSON)).head.truth is True


async def test_the_zygote_is_started_again(started) -> None:
    async with started(workers=2) as pool:
        first = pool.statistics.zygote
        running = asyncio.create_task(pool.run(ENDLESS, CSV))
        await asyncio.sleep(0.05)
        async with await running:
            kill(first)
            for pid in pool.statistics.pids:
                for _ in range(500):
                    if not is_running(pid):
                        break
                    await asyncio.sleep(0.01)
                assert not is_running(pid)
        await asyncio.sleep(0.05)
        assert (await pool.run(LIGHT, JSON)).head.truth is True
        assert pool.statistics.zygote != first
        assert pool.statistics.zygote_starts == 2


async def test_forks_that_the_system_refuses_are_tried_again(started, eventually, tmp_path) -> None:
    marker = tmp_path / "forks"
    marker.write_bytes(b"...")
    load = partial(with_reluctant_fork, marker, 3)
    async with started(load=load, workers=1) as pool:
        marker.write_bytes(b"")
        kill(*pool.statistics.pids)
        await eventually(lambda: pool.statistics.failed_forks > 0)
        with pytest.raises(NotAvailable, match="cannot be forked"):
            await pool.run(LIGHT, JSON)
        assert not pool.ready
        await eventually(lambda: pool.ready)
        assert (await pool.run(LIGHT, JSON)).head.truth is True
        assert pool.statistics.failed_forks == 3


@pytest.mark.parametrize(
    ("load", "error", "message"),
    [(refused, InvalidInput, "file is broken"), (broken, NotAvailable, "a fault of our own")],
)
async def test_data_that_cannot_be_loaded_fails_the_start(load, error, message) -> None:
    pool = Pool(Source(load), Limits())
    with pytest.raises(error, match=message):
        await pool.start()
    assert pool.statistics.zygote is None


async def test_a_worker_has_no_descriptors_of_others(started) -> None:
    async with started(workers=2) as pool:
        for pid in pool.statistics.pids:
            targets = sorted(os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir())
            sockets = [target for target in targets if target.startswith("socket:")]
            assert len(sockets) == 1
            assert len(targets) <= 5, targets


async def test_a_process_that_ends_leaves_none_behind(eventually) -> None:
    program = f"""
import asyncio, sys
sys.path.append({str(HERE)!r})
from worker_stores import things
from econsec.engine.store import Query
from econsec.engine.workers import Limits, Pool, Source
from econsec.rdf.formats import JSON

async def main():
    pool = Pool(Source(things), Limits(workers=2, spares=1))
    await pool.start()
    busy = asyncio.create_task(pool.run(Query({ENDLESS.text!r}), JSON, deadline=60))
    await asyncio.sleep(0.1)
    print(pool.statistics.zygote, *pool.statistics.pids, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 4
        assert all(map(is_running, pids))
        parent.kill()
    await eventually(lambda: not any(map(is_running, pids)))


def test_the_store_of_these_tests_is_not_empty() -> None:
    assert things(3).graphs()[0].triples == 3
