"""Promise 1: no request from anyone can stop the service for others."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import pytest
from harness.data import cycle
from harness.neighbour import Neighbour, neighbour
from harness.offences import LIMITS, OFFENCES, OFFENDER, committed
from harness.processes import Role, eventually
from harness.scale import SOAK, scaled
from harness.server import Server

pytestmark = pytest.mark.xdist_group("faults-neighbours")

NODES = 10_000
GRAPH = "http://e.org/cycle"
ROUNDS = scaled(1, soak=2)
QUIET_SECONDS = scaled(1, soak=10)
DISTURBED_SECONDS = scaled(2, soak=30)
FACTOR = 2.0
"""How much slower a neighbour's light queries may become, in the 95th percentile."""
JUDGED = ("a runaway query", "a sort bomb", "a path over a cycle", "a dribbled head")
"""Those whose factor is asserted, in the long run: a short one says little."""
QUEUE = 16


@pytest.fixture(scope="module")
def server(start: Callable[..., Server]) -> Server:
    """A server, small deadlines aside as it is by default, with a cycle to go round."""
    server = start(**LIMITS)
    assert server.client().put(GRAPH, cycle(NODES)).is_good
    return server


@pytest.fixture(scope="module")
def asker(server: Server) -> Iterator[Neighbour]:
    with neighbour(server.port, nodes=NODES) as asker:
        yield asker


def p95(latencies: list[float]) -> float:
    return quantiles(latencies, n=20, method="inclusive")[-1]


@pytest.mark.parametrize("name", OFFENCES)
def test_light_queries_of_others_are_answered_in_time(
    server: Server,
    asker: Neighbour,
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    offence = OFFENCES[name]()
    first, zygotes = server.pid, server.processes()[Role.ZYGOTE]
    ratios, slowest = [], 0.0
    for _ in range(ROUNDS):
        quiet = asker.latencies(QUIET_SECONDS)
        with committed(offence, server):
            disturbed = asker.latencies(DISTURBED_SECONDS)
        ratios.append(p95(disturbed) / p95(quiet))
        slowest = max(slowest, *disturbed)
    assert offence.times >= offence.many
    assert not offence.faults, offence.faults
    assert slowest < LIMITS["deadline_seconds"]
    assert (server.pid, server.processes()[Role.ZYGOTE]) == (first, zygotes)
    report = f"{name}: p95 {median(ratios):.1f} times the quiet one, slowest {slowest:.3f} s"
    record_property("p95", report)
    print(report)
    if SOAK and name in JUDGED:
        assert median(ratios) < FACTOR, ratios
    # All have their workers back.
    eventually(lambda: max(asker.latencies(0.2)) < 0.5)


LEAVERS = ("a client who hangs up", "a client who leaves", "a client who leaves in the middle")


@pytest.mark.parametrize("name", LEAVERS)
def test_who_leaves_gives_his_worker_back(server: Server, name: str) -> None:
    """At once, not at the deadline of his query."""
    with committed(OFFENCES[name](), server):
        time.sleep(1)
    answer = server.client(address=OFFENDER).query("ASK {}")
    assert answer.status == 200, answer.body


def test_who_fills_the_queue_gives_way_to_others(start: Callable[..., Server]) -> None:
    """Others come at the same time, so that they have to wait for each other."""
    server = start(queue_length=QUEUE)
    assert server.client().put(GRAPH, cycle(NODES)).is_good
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
    crowd, others = 2 * QUEUE, 4
    with ThreadPoolExecutor(crowd + others) as threads:
        crowding = [
            threads.submit(server.client(address=OFFENDER).query, f"{endless} # {n}", timeout="5")
            for n in range(crowd)
        ]
        time.sleep(0.5)
        addresses = [f"127.0.0.{n}" for n in range(3, 3 + others)]
        asking = [threads.submit(ask_often, server, address=address) for address in addresses]
        assert [status for future in asking for status in future.result()].count(200) == others * 20
        refused = Counter(future.result().json()["limit"] for future in crowding)
    assert refused["queue_length"] >= QUEUE - 3
    assert refused.total() == crowd


def ask_often(server: Server, *, address: str) -> list[int]:
    """The statuses of a few light queries, one after the other."""
    client = server.client(address=address)
    return [client.query(f"ASK {{}} # {address} {n}").status for n in range(20)]
