"""`econsec verify-backup`: nothing, what differs, or that it is no backup."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Econsec = Callable[..., Any]


@pytest.fixture
def backup(econsec: Econsec, location: Path, tmp_path: Path) -> Path:
    assert econsec("backup", "-l", location, tmp_path / "backup").code == 0
    return tmp_path / "backup"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_whole_backup(econsec: Econsec, backup: Path, scratch: Path) -> None:
    run = econsec("verify-backup", backup)
    assert (run.code, run.out) == (0, b"")
    assert "commit 1, backed up 2" in run.err
    assert "7 quads are as they were" in run.err
    assert list(scratch.iterdir()) == []


def test_what_differs_is_named(econsec: Econsec, backup: Path, scratch: Path) -> None:
    log = backup / "audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"command line", b"nobody at al"))
    (backup / "store" / "CURRENT").unlink()
    (backup / "note.txt").write_bytes(b"")
    run = econsec("verify-backup", backup)
    assert run.code == 1
    assert run.out.decode().splitlines() == [
        "audit.jsonl: its bytes differ",
        "note.txt: it is no part of the backup",
        "store/CURRENT: it is missing",
        "audit.jsonl:1: the record is not as it was written",
    ]
    assert list(scratch.iterdir()) == []


def test_what_is_no_backup(econsec: Econsec, tmp_path: Path, backup: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing", backup / "store"):
        run = econsec("verify-backup", folder)
        assert (run.code, run.out) == (3, b"")
        assert "this is no backup" in run.err


def test_no_room_for_the_copy(
    econsec: Econsec, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28), "somewhere")

    monkeypatch.setattr("econsec.engine.backup.checking.copied", full)
    run = econsec("verify-backup", backup)
    assert run.code == 4
    assert "No space left" in run.err
