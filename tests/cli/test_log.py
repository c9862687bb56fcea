"""`econsec log`: what happened, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from econsec.engine.journal import Outcome, journal
from econsec.engine.location import Account, Location
from econsec.engine.writing.audit import Audit
from econsec.engine.writing.history import read_history
from econsec.engine.writing.records import Aborted, Commit, Deed
from econsec.engine.writing.retention import Retention

Econsec = Callable[..., Any]
EX = "http://example.org/"


def add(location: Location, *deeds: str | None, agent: str = "tester") -> None:
    """A commit that touches the graphs named `deeds`; `None` leaves open which."""
    graphs = None if None in deeds else frozenset(f"{EX}{deed}" for deed in deeds)

    def fill(store: ox.Store) -> None:
        store.update(f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}p> <{EX}o> }} }}")

    deed = Deed(kind="update", agent=agent, graphs=graphs, size=1_500)
    location.publish(fill, account=lambda _: Account(deed))


@pytest.fixture
def here(tmp_path: Path) -> Location:
    """Six commits of which three are kept: 3 came to nothing, 5 may have changed any graph."""
    location = Location.create(tmp_path / "here", retention=Retention(last=3, hourly=0, daily=0))
    add(location, "one")
    add(location, "two", "one")
    history = read_history(location.generations)
    audit = Audit(location.generations.log, history.tip)
    now = datetime.now(UTC)
    deed = Deed(kind="put", agent="other", graph=f"{EX}one", graphs=frozenset({f"{EX}one"}))
    audit.append(Commit(number=3, time=now, deeds=(deed, deed), inferred=False))
    audit.append(Aborted(number=3, time=now, reason="the disk\x1b[31m is full"))
    add(location, "two")
    add(location, None)
    add(location, "a", "b", "c", "d")
    return location


def told(run: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.decode().splitlines()]


def test_a_line_for_each_commit_the_newest_first(econsec: Econsec, here: Location) -> None:
    run = econsec("log", "-l", here.root, "-f", "jsonl")
    assert (run.code, run.err) == (0, "")
    lines = told(run)
    assert [(line["commit"], line["state"], line["restorable"]) for line in lines] == [
        (6, "current", True),
        (5, "kept", True),
        (4, "kept", True),
        (3, "aborted", False),
        (2, "gone", False),
        (1, "gone", False),
    ]
    assert lines[3]["aborted"] == "the disk\x1b[31m is full"
    assert lines[4]["requests"][0]["graphs"] == [f"{EX}one", f"{EX}two"]
    assert lines[4]["requests"][0]["agent"] == "tester"
    recorded = json.loads(here.generations.log.read_text("utf-8").splitlines()[0])
    assert {name: lines[5][name] for name in ("commit", "time", "requests")} == {
        name: recorded[name] for name in ("commit", "time", "requests")
    }
    assert json.loads(econsec("log", "-l", here.root, "-f", "json").out) == lines


def test_some_of_them(econsec: Econsec, here: Location) -> None:
    def commits(*options: str) -> list[int]:
        return [line["commit"] for line in told(econsec("log", "-l", here.root, *options))]

    assert commits("-f", "jsonl", "--limit", "2") == [6, 5]
    assert commits("-f", "jsonl", "--graph", f"{EX}one") == [5, 3, 2, 1]
    assert commits("-f", "jsonl", "--graph", f"{EX}one", "-n", "2") == [5, 3]
    assert commits("-f", "jsonl", "--graph", f"{EX}nothing") == [5]


def test_the_table(econsec: Econsec, here: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    run = econsec("log", "-l", here.root)
    lines = run.out.decode().splitlines()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert [(row[0], *row[2:]) for row in rows] == [
        ("6", "tester", "update", f"<{EX}a>, <{EX}b>, <{EX}c> and 1 more", "1.5 kB", "current"),
        ("5", "tester", "update", "any", "1.5 kB", "kept"),
        ("4", "tester", "update", f"<{EX}two>", "1.5 kB", "kept"),
        ("3", "other x2", "put x2", f"<{EX}one>", "", "aborted: the disk\ufffd[31m is full"),
        ("2", "tester", "update", f"<{EX}one>, <{EX}two>", "1.5 kB", "gone"),
        ("1", "tester", "update", f"<{EX}one>", "1.5 kB", "gone"),
    ]


def test_what_is_called_restorable_can_be_restored(econsec: Econsec, here: Location) -> None:
    for line in told(econsec("log", "-l", here.root, "-f", "jsonl")):
        can = line["commit"] in {each.number for each in here.kept()}
        assert line["restorable"] == can
    assert econsec("restore", "-l", here.root, "--commit", "4").code == 0
    newest = told(econsec("log", "-l", here.root, "-f", "jsonl", "-n", "1"))[0]
    assert (newest["requests"][0]["kind"], newest["requests"][0]["text"]) == ("restore", "4")


def test_a_commit_that_is_not_published_yet(here: Location) -> None:
    current = here.root / "CURRENT"
    published = current.read_bytes()
    add(here, "one")
    current.write_bytes(published)
    assert [entry.outcome for entry in journal(here, limit=2)] == [
        Outcome.PENDING,
        Outcome.CURRENT,
    ]


def test_generations_without_a_record_are_shown(
    econsec: Econsec, here: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    here.generations.log.rename(here.root / "audit.old")
    add(here, "one")
    run = econsec("log", "-l", here.root)
    assert run.out.decode().count("not in the log") == 2
    lines = told(econsec("log", "-l", here.root, "-f", "jsonl"))
    assert [(line["commit"], line["restorable"]) for line in lines] == [
        (7, True),
        (6, True),
        (5, True),
    ]
    assert lines[1]["requests"] == []


def test_a_whole_log_is_verified(econsec: Econsec, here: Location) -> None:
    run = econsec("log", "-l", here.root, "--verify")
    assert (run.code, run.out) == (0, b"")
    assert "7 records up to commit 6 are as they were written" in run.err
    with here.generations.log.open("ab") as file:
        file.write(b'{"commit": 7')
    run = econsec("log", "-l", here.root, "--verify")
    assert run.code == 0
    assert "12 bytes, has no end" in run.err


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [*lines[:2], lines[2].replace(b"other", b"nobdy"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:5], b"nonsense\n"], 6),
        (lambda lines: lines[:-1], 7),
        (lambda _: [], 1),
    ],
    ids=["changed", "removed", "swapped", "broken", "cut short", "emptied"],
)
def test_the_first_line_that_is_wrong_is_named(
    econsec: Econsec, here: Location, change: Callable[[list[bytes]], list[bytes]], line: int
) -> None:
    log = here.generations.log
    log.write_bytes(b"".join(change(log.read_bytes().splitlines(keepends=True))))
    run = econsec("log", "-l", here.root, "--verify")
    assert (run.code, run.out) == (1, b"")
    assert f"{log}:{line}: " in run.err


def test_a_damaged_log_is_not_listed(econsec: Econsec, here: Location) -> None:
    log = here.generations.log
    log.write_bytes(log.read_bytes().replace(b"tester", b"nobody", 1))
    run = econsec("log", "-l", here.root)
    assert (run.code, run.out) == (3, b"")
    assert f"{log}:1: " in run.err


def test_wrong_use(econsec: Econsec, here: Location, tmp_path: Path) -> None:
    assert econsec("log", "-l", tmp_path / "nowhere").code == 4
    assert econsec("log", "-l", here.root, "--limit", "0").code == 2
    assert econsec("log", "-l", here.root, "-f", "xml").code == 2
    assert econsec("log", "-l", here.root, "--graph", "no IRI").code == 3
