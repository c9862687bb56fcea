"""`econsec backup`: also while a server writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from econsec.engine.backup import differences
from econsec.engine.location import Location

Econsec = Callable[..., Any]
TOKEN = "a-token-that-is-long-enough"
GRAPH = "https://example.org/graph/numbers"


def test_it_says_what_it_copied(econsec: Econsec, location: Path, tmp_path: Path) -> None:
    run = econsec("backup", "-l", location, tmp_path / "backup")
    assert (run.code, run.out) == (0, b"")
    assert "commit 1: 7 quads, 2 named graphs and 1 records of the log" in run.err
    assert differences(tmp_path / "backup", tmp_path / "place") == ()
    assert econsec("--quiet", "backup", "-l", location, tmp_path / "second").err == ""


def test_what_cannot_be_backed_up(econsec: Econsec, location: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    assert econsec("backup", "-l", location, there).code == 2
    assert econsec("backup", "-l", location, location / "backup").code == 2
    assert econsec("backup", "-l", location, tmp_path / "no" / "folder").code == 4
    assert econsec("backup", "-l", tmp_path / "nowhere", tmp_path / "backup").code == 4
    assert econsec("backup", "-l", location).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@pytest.fixture
def server(
    start: Callable[..., Any], announcement: Callable[[Any], str], tmp_path: Path
) -> Iterator[httpx.Client]:
    """A client that may write to a server over `tmp_path / "location"`."""
    tokens = tmp_path / "tokens"
    tokens.touch(mode=0o600)
    tokens.write_text(f"tester {TOKEN}\n", encoding="utf-8")
    folder = tmp_path / "location"
    announced = announcement(start("serve", "--port", "0", "-l", folder, "--token-file", tokens))
    address = re.search(r"http://127\.0\.0\.1:[1-9][0-9]*", announced)
    assert address is not None
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=address[0], headers=headers, timeout=30) as client:
        yield client


def insert(server: httpx.Client, number: int) -> None:
    text = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:x> <urn:number> {number} }} }}"
    server.post("/update", data={"update": text}).raise_for_status()


def backed_up(backup: Path) -> tuple[int, set[int]]:
    """How many commits of the server are in the log of a backup, and which numbers in its store."""
    import pyoxigraph as ox

    lines = (backup / "audit.jsonl").read_text("utf-8").splitlines()
    updates = [each for line in lines for each in json.loads(line)["requests"] if each["text"]]
    store = ox.Store.read_only(str(backup / "store"))
    rows = store.query(f"SELECT ?n {{ GRAPH <{GRAPH}> {{ ?s ?p ?n }} }}")
    return len(updates), {int(row["n"].value) for row in rows}


def test_backups_of_a_server_that_is_written_to(
    econsec: Econsec, server: httpx.Client, tmp_path: Path
) -> None:
    insert(server, 0)
    acknowledged = [0]

    def write() -> None:
        for number in range(1, 60):
            insert(server, number)
            acknowledged.append(number)

    writer = Thread(target=write)
    writer.start()
    states = []
    while writer.is_alive() or not states:
        before = acknowledged[-1]
        name = f"backup{len(states)}"
        assert econsec("backup", "-l", tmp_path / "location", tmp_path / name).code == 0
        verified = econsec("verify-backup", tmp_path / name)
        assert (verified.code, verified.out) == (0, b""), verified
        updates, numbers = backed_up(tmp_path / name)
        # What was acknowledged before it began is in it; what the log tells of is in the store.
        assert numbers == set(range(max(numbers) + 1)) >= {before}
        assert updates == len(numbers)
        states.append(len(numbers))
    writer.join()
    assert acknowledged[-1] == 59
    assert states[0] < 60

    # A server that runs keeps others from restoring, and from nothing else.
    refused = econsec("restore", "-l", tmp_path / "location", "--commit", "2")
    assert refused.code == 4
    assert "end the server" in refused.err
    assert econsec("log", "-l", tmp_path / "location", "--verify").code == 0
    assert server.get("/health/ready").status_code == 200

    restored = econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "backup0")
    assert restored.code == 0, restored.err
    store = Location(tmp_path / "new").open_current()
    rows = store.query(f"SELECT ?n {{ GRAPH <{GRAPH}> {{ ?s ?p ?n }} }}")
    assert len({row["n"].value for row in rows}) == states[0]
