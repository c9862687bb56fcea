"""The command line. Each module named in `COMMANDS` holds the command of its name."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from econsec import __version__
from econsec.cli.console import report
from econsec.errors import EconSecError, NotAvailable

__all__ = ["COMMANDS", "INTERNAL_ERROR", "command", "main"]

COMMANDS = {
    "query": "Ask a SPARQL query.",
    "serve": "Serve the data set over HTTP; with a location and tokens, it can be written to.",
    "build": "Read, merge, infer and check; publish or write what passes.",
    "load": "Load all files or none, and publish the result as one new generation.",
    "backup": "Copy the published state and its log to a new folder, also while a server writes.",
    "verify-backup": (
        "Restore a backup to a temporary folder and print what differs; "
        "exit 1 if there is anything."
    ),
    "restore": (
        "Go back to a kept commit, or make a new folder from a backup, which is checked first."
    ),
    "log": "List the commits, the newest first: when, who, what, and whether it can be restored.",
    "validate": "Check data against SHACL shapes; exit 1 if there are violations.",
    "explain": "Say why a designation is valid or not; exit 1 if one is not.",
    "protect": (
        "Put a graph under validation: writes that would leave new violations in it are refused."
    ),
    "unprotect": "Let a graph be written without validation again.",
    "lint-shapes": "Print what is wrong with SHACL shapes, a line each; exit 1 for errors.",
    "reason": "Write the triples that follow from the data by the ontology's axioms.",
    "info": "Say what the data set holds: version, graphs, entities, and the engines' versions.",
    "hygiene": "Print what is wrong with the data, a line each; exit 1 if there is anything.",
    "evidence": "Find, check and show the passages of the source behind each thing.",
    "fmt": "Rewrite Turtle files canonically; each file that changes is named.",
    "reference": "Write ontology.md, queries.md, settings.md and the JSON-LD context anew.",
}
"""Every command and what it does, told without importing it: some import for seconds."""

INTERNAL_ERROR = 70
"""The exit code of an error that nobody foresaw (EX_SOFTWARE of sysexits.h)."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the `econsec` command, by default with the arguments of the process, and exit."""
    app = typer.Typer(cls=_Commands, callback=_options, add_completion=False)
    try:
        sys.exit(typer.main.get_command(app)(arguments, prog_name="econsec"))
    except OSError as error:  # of --help and --version, which run no command
        sys.exit(_reported(error).exit_code)


def command(name: str) -> TyperCommand | TyperGroup:
    """The command `name`, imported; a group of commands where its module has `PARTS`."""
    spelt = name.replace("-", "_")
    module = import_module(f"econsec.cli.{spelt}")
    parts = getattr(module, "PARTS", ())
    app = typer.Typer(name=name, add_completion=False)
    if parts:
        app.callback()(getattr(module, spelt))
        for part in parts:
            app.command()(part)
    else:
        app.command(name)(getattr(module, spelt))
    loaded = typer.main.get_command(app)
    assert isinstance(loaded, TyperCommand | TyperGroup)
    return loaded


class _Commands(TyperGroup):
    """Imports a command when it is run, and reports in one place whatever it raises."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, command(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        try:
            with _stderr(silent=ctx.params["quiet"]), _flushed():
                return super().invoke(ctx)
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            _drop_output()  # whoever reads has read enough
            raise typer.Exit(0) from None
        except Exception as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            raise _reported(error) from error


def _drop_output() -> None:
    """Keep what cannot be written from being flushed once more at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reported(error: Exception) -> typer.Exit:
    if isinstance(error, OSError):
        _drop_output()
        reason = error.strerror or str(error)
        source = error.filename if isinstance(error.filename, str) else "standard output"
        error = NotAvailable(f"it cannot be read or written: {reason}", source=source)
    if isinstance(error, EconSecError):
        report(str(error))
        return typer.Exit(error.exit_code)
    report(f"{type(error).__name__}: {error} (a fault of econsec's own; --debug shows more)")
    return typer.Exit(INTERNAL_ERROR)


@contextmanager
def _stderr(*, silent: bool) -> Iterator[None]:
    if not silent:
        yield
        return
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        yield


@contextmanager
def _flushed() -> Iterator[None]:
    """Write out what is written here, where a reader that is gone is no surprise yet."""
    try:
        yield
    finally:
        sys.stdout.flush()


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"econsec {__version__}")
        raise typer.Exit


def _options(
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error arose.")] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """EconSec: a linked-data knowledge graph of economic security."""
