"""What it costs to answer in a process that can be killed, next to the store in this process.

All ways take turns within one run, so that the ratios hold whatever else the machine does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.append(str(Path(__file__).parent))  # a zygote imports `packaged_store` by its name

from packaged_store import packaged

from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Query
from econsec.engine.workers import DeadlineExceeded, Limits, Pool, Source
from econsec.rdf.formats import JSON

ROUNDS = 300
KILLS = 10
TINY = Query("ASK { <https://w3id.org/econsec/ontology#Good> ?p ?o }")
TEN = Query("SELECT * WHERE { ?s a ?o } LIMIT 10")
LARGE = Query("SELECT * WHERE { ?s ?p ?o } LIMIT 5700")
RUNAWAY = Query("SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")


def here(store: EmbeddedStore, query: Query) -> bytes:
    output = BytesIO()
    store.query(query).write(output, JSON)
    return output.getvalue()


async def there(pool: Pool, query: Query) -> int:
    async with await pool.run(query, JSON) as reply:
        return sum([len(chunk) async for chunk in reply])


async def turns(
    tasks: dict[str, Callable[[], Awaitable[object]]], rounds: int
) -> dict[str, list[float]]:
    """The seconds of each task, sorted; the tasks take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            started = perf_counter()
            await task()
            seconds[name].append(perf_counter() - started)
    return {name: sorted(taken) for name, taken in seconds.items()}


async def compare(store: EmbeddedStore, streamed: Pool, buffered: Pool) -> None:
    for title, query in (("ASK", TINY), ("10 rows", TEN), ("many rows", LARGE)):
        size = len(here(store, query))

        async def inline(query: Query = query) -> None:
            here(store, query)

        tasks: dict[str, Callable[[], Awaitable[object]]] = {
            "this process": inline,
            "worker, streamed": lambda query=query: there(streamed, query),
            "worker, buffered": lambda query=query: there(buffered, query),
        }
        results = await turns(tasks, ROUNDS if size < 100_000 else ROUNDS // 5)
        print(f"\n{title}: {size:,} bytes")
        for name in results:
            print(f"  {name:<24}", *(against(results, name, pick) for pick in (median, tenth)))


def tenth(taken: list[float]) -> float:
    """What a tenth of the rounds beats: the median of a machine that does nothing else."""
    return taken[len(taken) // 10]


def against(
    results: dict[str, list[float]], name: str, pick: Callable[[list[float]], float]
) -> str:
    taken, base = pick(results[name]), pick(results["this process"])
    figures = f"{taken * 1e3:8.3f} ms {taken / base:6.2f} {(taken - base) * 1e3:+8.3f} ms"
    return f"  {pick.__name__} {figures}"


async def replacing(pool: Pool) -> None:
    """From the kill of the only worker to the next answer, and the time past a deadline."""
    gaps, late = [], []
    for _ in range(KILLS):
        (pid,) = pool.statistics.pids
        started = perf_counter()
        os.kill(pid, signal.SIGKILL)
        while pid in pool.statistics.pids:
            await asyncio.sleep(0)
        await there(pool, TINY)
        gaps.append(perf_counter() - started)
        started = perf_counter()
        with suppress(DeadlineExceeded):
            await pool.run(RUNAWAY, JSON, deadline=0.2)
        late.append(perf_counter() - started - 0.2)
        await there(pool, TINY)
    print(f"\nkill, fork, answer, no spare: {median(gaps) * 1e3:.1f} ms (worst {max(gaps):.3f} s)")
    print(f"answer past the deadline:     {median(late) * 1e3:.1f} ms (worst {max(late):.3f} s)")


async def measured(load: Callable[[], EmbeddedStore]) -> None:
    source = Source(load)
    streamed = Pool(source, Limits(workers=1, spares=0, buffer_bytes=64 * 1024))
    buffered = Pool(source, Limits(workers=1, spares=0, buffer_bytes=8 << 20))
    several = Pool(source, Limits(workers=9, spares=0))
    alone = Pool(source, Limits(workers=1, spares=0))
    pools = (streamed, buffered, alone, several)
    starts = []
    for pool in pools:
        started = perf_counter()
        await pool.start()
        starts.append(perf_counter() - started)
    print(f"\nstart with one worker {starts[2]:.3f} s, with nine {starts[3]:.3f} s")
    print(f"one fork {(starts[3] - starts[2]) / 8 * 1e3:.1f} ms; network: {alone.network}")
    try:
        await compare(load(), streamed, buffered)
        await replacing(alone)
    finally:
        for pool in pools:
            await pool.close(drain_seconds=0)


def test_workers() -> None:
    asyncio.run(measured(packaged))
