"""`econsec restore`: to a kept commit, and from a backup."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from econsec.engine.location import Location
from econsec.engine.writing.retention import Retention

Econsec = Callable[..., Any]
EX = "http://example.org/"


def located(root: Path, *, commits: int) -> Path:
    location = Location.create(root, retention=Retention(last=2, hourly=0, daily=0))
    for number in range(1, commits + 1):

        def fill(store: ox.Store, number: int = number) -> None:
            store.update(f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}p> {number} }} }}")

        location.publish(fill)
    return root


def numbers(root: Path) -> set[int]:
    rows = Location(root).open_current().query(f"SELECT ?n {{ GRAPH <{EX}g> {{ ?s ?p ?n }} }}")
    return {int(row["n"].value) for row in rows}


def test_back_to_a_commit_and_forth_again(econsec: Econsec, tmp_path: Path) -> None:
    root = located(tmp_path / "location", commits=3)
    run = econsec("restore", "-l", root, "--commit", "2")
    assert (run.code, run.out) == (0, b"")
    assert "commit 4 is current: it holds what commit 2 left; commit 3" in run.err
    assert numbers(root) == {1, 2}
    assert econsec("restore", "-l", root, "--commit", "3").code == 0
    assert numbers(root) == {1, 2, 3}


def test_a_commit_that_is_not_kept(econsec: Econsec, tmp_path: Path) -> None:
    root = located(tmp_path / "location", commits=4)
    for commit in ("1", "5"):
        run = econsec("restore", "-l", root, "--commit", commit)
        assert run.code == 3
        assert "is not kept (`econsec log` lists those that are)" in run.err
    assert numbers(root) == {1, 2, 3, 4}
    assert econsec("restore", "-l", tmp_path / "nowhere", "--commit", "1").code == 4
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--commit", "1", "--from", "backup"], ["--commit", "0"], ["--commit", "x"]]
)
def test_one_thing_is_restored(econsec: Econsec, tmp_path: Path, arguments: list[str]) -> None:
    assert econsec("restore", "-l", tmp_path / "location", *arguments).code == 2


def test_a_folder_that_is_written_to(econsec: Econsec, tmp_path: Path) -> None:
    root = located(tmp_path / "location", commits=2)
    with Location(root).generations.locked():
        run = econsec("restore", "-l", root, "--commit", "1")
    assert run.code == 4
    assert "another process is writing" in run.err
    assert "end the server" in run.err
    assert numbers(root) == {1, 2}


def test_from_a_backup(econsec: Econsec, tmp_path: Path) -> None:
    root = located(tmp_path / "location", commits=3)
    assert econsec("backup", "-l", root, tmp_path / "backup").code == 0
    run = econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "backup")
    assert run.code == 0
    assert "commit 4 is current: it holds what commit 3 left, 3 quads" in run.err
    assert numbers(tmp_path / "new") == {1, 2, 3}
    again = econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "backup")
    assert again.code == 2
    assert "name a new or an empty folder" in again.err


def test_from_a_damaged_backup(econsec: Econsec, tmp_path: Path) -> None:
    root = located(tmp_path / "location", commits=1)
    econsec("backup", "-l", root, tmp_path / "backup")
    (tmp_path / "backup" / "store" / "CURRENT").write_bytes(b"x")
    run = econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "backup")
    assert run.code == 3
    assert "store/CURRENT: it has 1 bytes, not 16" in run.err
    assert not (tmp_path / "new").exists()
    assert econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "none").code == 3
    assert not (tmp_path / "new").exists()


def test_ctrl_c_leaves_no_folder(
    econsec: Econsec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = located(tmp_path / "location", commits=1)
    econsec("backup", "-l", root, tmp_path / "backup")

    def interrupted(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("econsec.engine.backup.checking.content_of", interrupted)
    run = econsec("restore", "-l", tmp_path / "new", "--from", tmp_path / "backup")
    assert run.code != 0
    assert "Traceback" not in run.err
    assert not (tmp_path / "new").exists()
