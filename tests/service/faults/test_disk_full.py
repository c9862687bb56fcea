"""Promise 4 where there is no room: a write is refused whole, and writing goes on later."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness.clients import Answer, Client
from harness.processes import Role, eventually
from harness.server import Server

from econsec.engine.location import Location

pytestmark = pytest.mark.xdist_group("faults-disk")

GRAPH = "http://example.org/graph/growing"
DISK_MEGABYTES = 192
TRIPLES = 2_000
FULL = {503, 507}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if made.returncode != 0:
        pytest.skip(f"a file system cannot be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def add(client: Client, number: int) -> Answer:
    """Add some triples that all bear a number."""
    lines = (
        f"<http://e.org/{number}/{place}> <http://e.org/n> {number} ." for place in range(TRIPLES)
    )
    return client.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {' '.join(lines)} }} }}")


def numbers(client: Client) -> dict[int, int]:
    """How many triples there are of each number."""
    text = f"SELECT ?n (COUNT(*) AS ?c) {{ GRAPH <{GRAPH}> {{ ?s ?p ?n }} }} GROUP BY ?n"
    return {int(row["n"]): int(row["c"]) for row in client.query(text).rows()}


def check_refused(answer: Answer) -> None:
    assert answer.status in FULL, answer.body
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["retryable"] is True
    assert problem["title"] == "The disk is full", problem


def test_a_full_disk_refuses_writes_until_there_is_room(
    start: Callable[..., Server], disk: Path
) -> None:
    server = start(disk)
    client = server.client()
    assert add(client, 0).is_good
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        while True:
            try:
                file.write(bytes(1 << 16))
                file.flush()
            except OSError:
                break
    kept, refused = {0}, set()
    for number in range(1, 7):
        answer = add(client, number)
        if answer.is_good:
            kept.add(number)
        else:
            check_refused(answer)
            refused.add(number)
    assert refused
    assert not client.is_ready()
    assert numbers(client) == dict.fromkeys(kept, TRIPLES)
    ballast.unlink()
    eventually(lambda: add(client, 100).is_good)
    eventually(client.is_ready)
    assert numbers(client) == dict.fromkeys(kept | {100}, TRIPLES)
    assert list(Location(server.location).records())
    # Also after a start, which puts right what the full disk left.
    server.kill(Role.PARENT)
    assert numbers(server.client()) == dict.fromkeys(kept | {100}, TRIPLES)
    assert add(server.client(), 101).is_good


def test_a_file_that_may_not_grow_refuses_writes_until_it_may(start: Callable[..., Server]) -> None:
    """The same without a disk of one's own: the kernel lets the writer's files grow no further."""
    server = start()
    client = server.client()
    assert add(client, 0).is_good
    (writer,) = server.processes()[Role.WRITER]
    unlimited = resource.prlimit(writer, resource.RLIMIT_FSIZE)
    resource.prlimit(writer, resource.RLIMIT_FSIZE, (4_096, unlimited[1]))
    answer = add(client, 1)
    assert answer.status in FULL, answer.body
    assert numbers(client) == {0: TRIPLES}
    for pid in server.processes()[Role.WRITER]:  # the same one, or who took its place
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    eventually(lambda: add(client, 2).is_good)
    eventually(client.is_ready)
    assert numbers(client) == {0: TRIPLES, 2: TRIPLES}
    assert list(Location(server.location).records())
