"""Promise 4 under fire: any process may be killed at any time, and nothing acknowledged is lost."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from harness.clients import Broken, Unreached
from harness.journal import Journal, snapshot
from harness.processes import Role, eventually
from harness.scale import KILLS
from harness.server import Server

from econsec.engine.location import Location
from econsec.engine.writing.records import Commit

pytestmark = pytest.mark.xdist_group("faults-kills")

CLIENTS = 4
READY_SECONDS = 30
SHARES = {Role.WORKER: 10, Role.WRITER: 5, Role.ZYGOTE: 2, Role.PARENT: 1}


def victims() -> list[Role]:
    """Who is to be killed, in a random order that is always the same."""
    whole = sum(SHARES.values())
    counts = {role: max(1, KILLS * share // whole) for role, share in SHARES.items()}
    counts[Role.WORKER] = KILLS - sum(n for role, n in counts.items() if role is not Role.WORKER)
    order = [role for role, number in counts.items() for _ in range(number)]
    random.Random(4).shuffle(order)
    return order


@contextmanager
def load(server: Server, journals: list[Journal], torn: list[str]) -> Iterator[None]:
    """Clients that write, and one that looks for something torn, until the block ends."""
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            try:
                snapshot(server.client())
            except (Broken, Unreached):
                time.sleep(0.05)
            except AssertionError as error:
                torn.append(str(error))

    threads = [threading.Thread(target=each.write, args=(server, stop)) for each in journals]
    threads.append(threading.Thread(target=look))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def check_log(server: Server, journals: list[Journal]) -> None:
    """The hash chain holds, and each acknowledged commit is in it and was not undone."""
    records = list(Location(server.location).records())
    numbers = [record.number for record in records if isinstance(record, Commit)]
    undone = {record.number for record in records if not isinstance(record, Commit)}
    assert numbers == sorted(set(numbers)), "a number was used again"
    said = {commit for journal in journals for commit in journal.commits}
    assert said <= set(numbers) - undone


def test_kills_lose_nothing_acknowledged_and_tear_nothing(
    start: Callable[..., Server], record_property: Callable[[str, object], None]
) -> None:
    server = start(unready_seconds=0)
    journals = [Journal(f"client-{number}") for number in range(CLIENTS)]
    torn: list[str] = []
    killed: Counter[Role] = Counter()
    waits: dict[Role, list[float]] = {role: [] for role in Role}
    randomly = random.Random(5)
    with load(server, journals, torn):
        for role in victims():
            time.sleep(randomly.uniform(0, 0.15))
            before = time.monotonic()
            server.kill(role, which=randomly.randrange(8))
            killed[role] += 1
            eventually(server.client().is_ready, seconds=READY_SECONDS)
            waits[role].append(time.monotonic() - before)
    assert not torn, torn
    assert killed.total() == KILLS
    found = snapshot(server.client())
    for journal in journals:
        journal.check(found)
        assert journal.refusals.keys() <= {503}, journal.refusals
    check_log(server, journals)
    server.signal(signal.SIGTERM)
    assert server.wait() == 0
    kept = sum(journal.kept() for journal in journals)
    slowest = {str(role): round(max(times), 2) for role, times in waits.items() if times}
    told = ", ".join(f"{number} × {role}" for role, number in killed.items())
    report = f"{KILLS} kills ({told}), {kept} writes kept; slowest to be ready: {slowest}"
    record_property("kills", report)
    print(report)
    assert kept > CLIENTS
