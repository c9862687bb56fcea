"""Promise 4: what is acknowledged was applied whole, in one serial order, and can be read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.clients import Client
from harness.scale import scaled
from harness.server import Server

from econsec.engine.location import Location
from econsec.engine.writing.records import Commit

pytestmark = pytest.mark.xdist_group("faults-increments")

CLIENTS = 8
INCREMENTS = scaled(300, soak=2_000)
GRAPH = "http://example.org/counter"
INCREMENT = f"""
    PREFIX e: <http://example.org/>
    DELETE {{ GRAPH <{GRAPH}> {{ e:it e:own ?n }} }}
    INSERT {{ GRAPH <{GRAPH}> {{ e:it e:own ?m }} }}
    WHERE {{ GRAPH <{GRAPH}> {{ e:it e:own ?n }} BIND (?n + 1 AS ?m) }}
"""
READ = f"PREFIX e: <http://example.org/> SELECT ?n {{ GRAPH <{GRAPH}> {{ e:it e:own ?n }} }}"
BEGIN = f"PREFIX e: <http://example.org/> INSERT DATA {{ GRAPH <{GRAPH}> {{ e:it e:own 0 }} }}"


def value(client: Client) -> int:
    (row,) = client.query(READ).rows()
    return int(row["n"])


def count_up(client: Client) -> list[int]:
    """Increment, and read what is there then; the commits that the server named."""
    commits, seen = [], 0
    for own in range(1, INCREMENTS + 1):
        answer = client.update(INCREMENT)
        assert answer.status == 204, answer.body
        commits.append(int(answer.headers["EconSec-Commit"]))
        found = value(client)
        assert found > seen, "the client's own write, or one that it saw, is missing"
        assert found >= own
        seen = found
    return commits


def test_concurrent_increments_leave_the_acknowledged_count(start: Callable[..., Server]) -> None:
    server = start(workers=2, workers_per_client=2)
    assert server.client().update(BEGIN).status == 204
    with ThreadPoolExecutor(CLIENTS) as threads:
        clients = [server.client(address=f"127.0.0.{n}") for n in range(2, CLIENTS + 2)]
        acknowledged = [commit for part in threads.map(count_up, clients) for commit in part]
    assert len(acknowledged) == CLIENTS * INCREMENTS
    assert value(server.client()) == len(acknowledged)
    recorded = [r for r in Location(server.location).records() if isinstance(r, Commit)]
    deeds = {commit.number: len(commit.deeds) for commit in recorded}
    assert all(acknowledged.count(number) == deeds[number] for number in set(acknowledged))
