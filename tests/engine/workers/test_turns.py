"""Who gets a worker next."""

from __future__ import annotations

import asyncio
import os

import pytest
from worker_stores import EX

from econsec.engine.store import Query
from econsec.engine.workers.handle import WorkerHandle
from econsec.engine.workers.limits import Limits
from econsec.engine.workers.turns import Turn, Turns
from econsec.rdf.formats import JSON

pytestmark = pytest.mark.anyio

RUNAWAY = Query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
LIGHT = Query(f"ASK {{ <{EX}1> ?p ?o }}")


async def test_first_come_first_served() -> None:
    turns = Turns(Limits(workers=1))
    first, second = Turn(None, False), Turn(None, False)
    turns.wait(first)
    turns.wait(second)
    assert turns.next() is first
    turns.leave(first)
    turns.start(first)
    assert (turns.next(), turns.waiting, turns.working) == (None, 1, 1)
    turns.end(first)
    assert turns.next() is second
    turns.leave(second)
    assert not turns


async def test_a_client_at_its_share_lets_others_pass() -> None:
    turns = Turns(Limits(workers=3, workers_per_client=2))
    greedy = [Turn("a", False) for _ in range(3)]
    for turn in greedy[:2]:
        assert turns.may_start(turn)
        turns.start(turn)
    assert not turns.may_start(greedy[2])
    turns.wait(greedy[2])
    other = Turn("b", False)
    turns.wait(other)
    assert turns.next() is other
    turns.end(greedy[0])
    assert turns.next() is greedy[2]


async def test_one_reserved_turn_is_beside_the_workers() -> None:
    turns = Turns(Limits(workers=1))
    turns.start(Turn("a", False))
    assert not turns.may_start(Turn("b", False))
    check = Turn(None, True)
    assert turns.may_start(check)
    turns.start(check)
    assert not turns.may_start(Turn(None, True))
    turns.end(check)
    assert turns.may_start(Turn(None, True))


async def test_the_runaways_of_one_client_leave_a_worker_to_others(started) -> None:
    async with started(workers=2, workers_per_client=1) as pool:
        runaways = [
            asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=5, client="a")) for _ in range(3)
        ]
        await asyncio.sleep(0.1)
        for _ in range(5):
            assert (await pool.run(LIGHT, JSON, client="b")).head.truth is True
        statistics = pool.statistics
        assert (statistics.working, statistics.waiting) == (1, 2)
        for task in runaways:
            task.cancel()
        await asyncio.gather(*runaways, return_exceptions=True)


async def test_a_reserved_question_is_answered_while_all_workers_are_busy(started) -> None:
    async with started(workers=1, spares=1, queue_length=0) as pool:
        runaway = asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=5))
        await asyncio.sleep(0.1)
        assert (await pool.run(LIGHT, JSON, reserved=True)).head.truth is True
        assert not runaway.done()
        runaway.cancel()
        await asyncio.gather(runaway, return_exceptions=True)


async def test_what_takes_long_loses_its_priority_and_its_worker_goes(started, eventually) -> None:
    async with started(workers=1, renice_seconds=0.05) as pool:
        (pid,) = pool.statistics.pids
        slow = asyncio.create_task(pool.run(RUNAWAY, JSON, deadline=5))
        await eventually(lambda: os.sched_getscheduler(pid) == os.SCHED_IDLE)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert (await pool.run(LIGHT, JSON)).head.truth is True
        (successor,) = pool.statistics.pids
        assert os.sched_getscheduler(successor) == os.SCHED_OTHER


@pytest.mark.parametrize("may_restore", [True, False])
async def test_after_a_slow_answer_the_worker_is_as_before_or_replaced(
    started, eventually, monkeypatch, may_restore: bool
) -> None:
    slow = Query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d }")
    async with started(workers=1, renice_seconds=0.01) as pool:
        (pid,) = pool.statistics.pids
        monkeypatch.setattr(WorkerHandle, "step_forward", lambda handle: may_restore)
        assert b'"9000000"' in (await pool.run(slow, JSON)).body
        await eventually(lambda: len(pool.statistics.pids) == 1)
        assert (pid in pool.statistics.pids) is may_restore
        assert pool.statistics.kills.get("reniced", 0) == (0 if may_restore else 1)
        assert (await pool.run(LIGHT, JSON)).head.truth is True


async def test_a_priority_is_restored_where_the_system_lets_us(started) -> None:
    slow = Query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d }")
    async with started(workers=1, renice_seconds=0.01) as pool:
        await pool.run(slow, JSON)
        assert (await pool.run(LIGHT, JSON)).head.truth is True
        for pid in pool.statistics.pids:
            assert os.sched_getscheduler(pid) == os.SCHED_OTHER
