"""SIGTERM under load: no more work is taken, what runs ends, and nothing acknowledged is lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.clients import Answer, Broken, Client, Unreached
from harness.data import cycle
from harness.journal import Journal, snapshot
from harness.processes import eventually, is_running
from harness.server import Server

from econsec.engine.location import Location

pytestmark = pytest.mark.xdist_group("faults-stop")

CLIENTS = 4
UNREADY_SECONDS = 2
NODES = 300
GRAPH = "http://e.org/graph"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?a <http://e.org/next>+ ?b }} }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }"


def readiness(client: Client) -> list[int]:
    """What the service says of itself until it is gone."""
    said = []
    while True:
        try:
            said.append(client.send("GET", "/health/ready").status)
        except (Broken, Unreached):
            return said
        time.sleep(0.05)


def one_query_after_the_other(client: Client) -> list[Answer]:
    """Until there is nobody to ask; a request that was taken is answered."""
    answers: list[Answer] = []
    while True:
        try:
            answers.append(client.query(f"{SLOW} # {len(answers)}"))
        except Unreached:
            return answers


def test_a_stop_ends_what_runs_and_loses_nothing(start: Callable[..., Server]) -> None:
    server = start(unready_seconds=UNREADY_SECONDS, workers_per_client=4)
    assert server.client().put(GRAPH, cycle(NODES)).is_good
    everybody = server.everybody()
    journals = [Journal(f"client-{number}") for number in range(CLIENTS)]
    stop = threading.Event()
    with ThreadPoolExecutor(CLIENTS + 3) as threads:
        writing = [threads.submit(each.write, server, stop) for each in journals]
        asking = [threads.submit(one_query_after_the_other, server.client()) for _ in range(2)]
        time.sleep(1)
        server.signal(signal.SIGTERM)
        said = threads.submit(readiness, server.client())
        status = server.wait()
        stop.set()
        assert status == 0, server.log
        assert 503 in said.result(), "it did not say that it was not ready"
        assert said.result()[-1] == 503
        for future in asking:
            answers = future.result()
            assert answers
            assert {answer.status for answer in answers} == {200}, answers
            assert all(int(answer.rows()[0]["n"]) == NODES**2 for answer in answers)
        for written in writing:
            written.result()
    with pytest.raises(Unreached):
        server.client().query("ASK {}")
    assert not any(map(is_running, everybody))
    assert sum(journal.kept() for journal in journals) > CLIENTS
    for journal in journals:
        assert journal.refusals.keys() <= {503}, journal.refusals
    assert list(Location(server.location).records())
    server.start()
    found = snapshot(server.client())
    for journal in journals:
        journal.check(found)


def test_a_second_signal_ends_at_once(start: Callable[..., Server]) -> None:
    server = start(deadline_seconds=100, drain_seconds=100, unready_seconds=1)
    assert server.client().put(GRAPH, cycle(NODES)).is_good
    everybody = server.everybody()
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(server.client().query, ENDLESS)
        time.sleep(0.5)
        server.signal(signal.SIGTERM)
        time.sleep(1.5)
        assert is_running(server.pid)
        assert not asked.done()
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        assert server.wait(seconds=20) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 10
        assert asked.result().status == 503
    eventually(lambda: not any(map(is_running, everybody)))
