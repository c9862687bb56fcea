"""`econsec fmt`: what it rewrites, what it only reports and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from econsec.cli.fmt import fmt
from econsec.errors import InvalidInput, NotAvailable, UsageError

MESSY = "# Head\n<http://a> <http://b> 1.50 , 1 ."
TIDY = "# Head\n\n<http://a> <http://b> 1,\n        1.50 .\n"


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(fmt)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep" / ".hidden").mkdir(parents=True)
    (tmp_path / "messy.ttl").write_text(MESSY)
    (tmp_path / "deep" / "messy.ttl").write_text(MESSY)
    (tmp_path / "deep" / "tidy.ttl").write_text(TIDY)
    (tmp_path / "deep" / "notes.txt").write_text("no Turtle")
    (tmp_path / "deep" / ".hidden" / "messy.ttl").write_text(MESSY)
    return tmp_path


def test_it_rewrites_what_differs_and_names_it(folder: Path) -> None:
    result = run(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        str(folder / "deep" / "messy.ttl"),
        str(folder / "messy.ttl"),
    ]
    assert (folder / "messy.ttl").read_bytes() == TIDY.encode()
    assert (folder / "deep" / "messy.ttl").read_bytes() == TIDY.encode()
    assert (folder / "deep" / ".hidden" / "messy.ttl").read_text() == MESSY
    assert sorted(file.name for file in (folder / "deep").iterdir()) == [
        ".hidden",
        "messy.ttl",
        "notes.txt",
        "tidy.ttl",
    ]


def test_a_second_run_changes_nothing(folder: Path) -> None:
    run(folder)
    before = os.stat(folder / "messy.ttl")
    result = run(folder)
    assert (result.exit_code, result.output) == (0, "")
    assert os.stat(folder / "messy.ttl").st_ino == before.st_ino


def test_check_writes_nothing_and_leaves_with_1(folder: Path) -> None:
    result = run("--check", folder)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        str(folder / "deep" / "messy.ttl"),
        str(folder / "messy.ttl"),
    ]
    assert (folder / "messy.ttl").read_text() == MESSY


def test_check_of_canonical_files_is_silent(folder: Path) -> None:
    result = run("--check", folder / "deep" / "tidy.ttl")
    assert (result.exit_code, result.output) == (0, "")


def test_one_unreadable_file_stops_it_before_anything_is_written(folder: Path) -> None:
    broken = folder / "zzz.ttl"
    broken.write_text("<http://a> <http://b>\n  1 2 .")
    result = run(folder)
    assert isinstance(result.exception, InvalidInput)
    assert result.exception.exit_code == 3
    assert str(result.exception).startswith(f"{broken}:2:5: ")
    assert (folder / "messy.ttl").read_text() == MESSY


def test_a_missing_file_is_unreadable_input(tmp_path: Path) -> None:
    result = run(tmp_path / "missing.ttl")
    assert isinstance(result.exception, InvalidInput)
    assert "No such file" in str(result.exception)


def test_other_files_are_refused(folder: Path) -> None:
    result = run(folder / "deep" / "notes.txt")
    assert isinstance(result.exception, UsageError)


def test_comments_that_go_are_announced(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text("# kept\n<http://a> <http://b> 1 . # gone\n# gone too\n")
    result = run("--check", file)
    assert result.stderr.startswith(f"{file}:2: 2 comment(s)")
    result = run(file)
    assert (result.exit_code, result.stdout) == (0, f"{file}\n")
    assert result.stderr.startswith(f"{file}:2: 2 comment(s)")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "x.ttl", tmp_path / "link.ttl"
    file.write_text(MESSY)
    link.symlink_to(file)
    assert run(link).exit_code == 0
    assert link.is_symlink()
    assert file.read_text() == TIDY


def test_a_failed_write_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(target))

    file = tmp_path / "x.ttl"
    file.write_text(MESSY)
    monkeypatch.setattr(Path, "replace", refuse)
    result = run(file)
    assert isinstance(result.exception, NotAvailable)
    assert str(result.exception) == f"{file}: the file cannot be written: Permission denied"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.ttl"]
    assert file.read_text() == MESSY
