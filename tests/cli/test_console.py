"""Where a command writes: what happens where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from econsec.cli.console import did_you_mean, output
from econsec.errors import NotAvailable

Econsec = Callable[..., Any]

LABELS = "SELECT ?label { ?s <http://example.org/label> ?label }"
THING = "measure:jp-export-ban-ru-4"


def test_a_file_that_cannot_be_made_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    reason = r"x\.ttl: the file cannot be written: Not a directory"
    with pytest.raises(NotAvailable, match=reason), output(tmp_path / "file" / "x.ttl") as stream:
        stream.write(b"never")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "before"


def test_an_error_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), output(tmp_path / "x.ttl") as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [["query", "-l", "{location}", "-q", LABELS], ["evidence", "show", THING], ["--version"]],
)
def test_an_output_without_room_is_no_fault_of_ours(arguments: list[str], location: Path) -> None:
    given = [argument.replace("{location}", str(location)) for argument in arguments]
    with open("/dev/full", "wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "econsec", *given],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    reason = "standard output: it cannot be read or written: No space left on device"
    assert (run.returncode, run.stderr) == (4, f"error: {reason}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_device_without_room_is_named(econsec: Econsec, location: Path) -> None:
    run = econsec("query", "-l", location, "-q", LABELS, "-o", "/dev/full")
    assert run.code == 4
    assert run.err == "error: /dev/full: the file cannot be written: No space left on device\n"


def test_near_names_are_offered() -> None:
    assert did_you_mean("in-forc", ["in-force", "about"]) == "did you mean in-force?"
    assert did_you_mean("x", ["in-force", "about"]) is None
