"""What holds for every command: exit codes, messages, start-up, help."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from econsec import __version__
from econsec.cli import COMMANDS, INTERNAL_ERROR, command
from econsec.errors import EconSecError, InvalidInput, NotAvailable, Refused, UsageError

Econsec = Callable[..., Any]
HEAVY = ("owlready2", "pyshacl", "rdflib", "SPARQLWrapper")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_command_says(name: str) -> None:
    spelt = name.replace("-", "_")
    function = getattr(import_module(f"econsec.cli.{spelt}"), spelt)
    summary = (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ")
    assert COMMANDS[name] == summary
    assert command(name).name == name


def test_help_lists_every_command_and_version_is_printed(econsec: Econsec) -> None:
    overview = econsec("--help")
    assert overview.code == 0
    assert all(f" {name} " in overview.out.decode() for name in COMMANDS)
    assert econsec("--version").out.decode() == f"econsec {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["query", "--nonsense"], ["serve", "--port", "many"], []]
)
def test_a_wrong_use_exits_with_2(econsec: Econsec, arguments: list[str]) -> None:
    run = econsec(*arguments)
    assert (run.code, run.out) == (2, b""), run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ("pyoxigraph", "fastapi", *HEAVY)),
        (["query", "-l", "{location}", "-q", "ASK {}"], ("fastapi", *HEAVY)),
        (["serve", "-l", "nowhere"], HEAVY),
    ],
)
def test_a_command_imports_only_what_it_needs(
    arguments: list[str], absent: tuple[str, ...], location: Path
) -> None:
    program = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "from econsec.cli import main\n"
        "main()"
    )
    given = [argument.replace("{location}", str(location)) for argument in arguments]
    run = subprocess.run([sys.executable, "-c", program, *given], capture_output=True, text=True)
    imported = set(json.loads(run.stderr.splitlines()[-1]))
    assert "econsec.cli" in imported
    assert imported.isdisjoint(absent)


ERRORS = [
    (UsageError("it contradicts itself"), 2, "error: it contradicts itself\n"),
    (InvalidInput("broken", source="a.ttl", line=3, column=7), 3, "error: a.ttl:3:7: broken\n"),
    (Refused("not here", remedy="try there"), 3, "error: not here (try there)\n"),
    (NotAvailable("no Java"), 4, "error: no Java\n"),
    (
        ZeroDivisionError("by [bold]zero[/]"),
        INTERNAL_ERROR,
        "error: ZeroDivisionError: by [bold]zero[/] "
        "(a fault of econsec's own; --debug shows more)\n",
    ),
]


def failing(error: Exception) -> Callable[[str], Any]:
    """A command that writes a note and fails."""

    def fail() -> None:
        typer.echo("a note", err=True)
        raise error

    def loaded(name: str) -> Any:
        app = typer.Typer(add_completion=False)
        app.command(name)(fail)
        return typer.main.get_command(app)

    return loaded


@pytest.mark.parametrize(("error", "code", "message"), ERRORS)
def test_each_kind_of_error_has_its_exit_code_and_one_line(
    econsec: Econsec, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, message: str
) -> None:
    monkeypatch.setattr("econsec.cli.command", failing(error))
    run = econsec("info")
    assert (run.code, run.out, run.err) == (code, b"", f"a note\n{message}")
    quiet = econsec("--quiet", "info")
    assert (quiet.code, quiet.err) == (code, message)
    debug = econsec("--debug", "info")
    assert debug.code == code
    assert "Traceback" in debug.err
    assert debug.err.endswith(message)
    if isinstance(error, EconSecError):
        assert error.exit_code == code


def test_colour_is_for_terminals_that_want_it(
    econsec: Econsec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("econsec.cli.command", failing(UsageError("no")))
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror: " in econsec("info").err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in econsec("info").err


def test_a_reader_that_has_enough_is_no_error(start: Callable[..., Any], location: Path) -> None:
    many = (
        "SELECT * { VALUES ?a {"
        + "0 1 2 3 4 5 6 7 8 9 " * 10
        + "} VALUES ?b {"
        + "0 1 " * 2_000
        + "} }"
    )
    process = start("query", "-l", location, "-q", many)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    err = process.communicate(timeout=30)[1]
    assert (process.returncode, err) == (0, "")


def test_an_unknown_setting_stops_the_start(
    econsec: Econsec, monkeypatch: pytest.MonkeyPatch, location: Path
) -> None:
    monkeypatch.setenv("ECONSEC_MAX_NESTIN", "3")
    run = econsec("query", "-l", location, "-q", "ASK {}")
    assert (run.code, run.out) == (2, b""), run.err
    assert "ECONSEC_MAX_NESTING" in run.err
    assert os.environ["ECONSEC_MAX_NESTIN"] == "3"


def test_the_package_runs_as_a_module() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "econsec", "--version"], capture_output=True, text=True, check=True
    )
    assert __version__ in ended.stdout
