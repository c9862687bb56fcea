"""`econsec log`: who changed what, and which commits can be gone back to."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console, JustifyMethod
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from econsec.cli.console import note, report
from econsec.cli.locations import Folder, existing
from econsec.engine.journal import JournalEntry, check_log, journal
from econsec.engine.location import Location
from econsec.engine.writing.records import Deed
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import graph_name
from econsec.rdf.notation import short_iri

__all__ = ["Layout", "log"]

_SHOWN = 3
"""The graphs that a line of the table names."""

_WHOLE = frozenset({"commit", "time (UTC)", "what", "size"})
"""The columns that a narrow terminal does not break."""

_UNBOUNDED = 10_000
"""The width of a table that no terminal limits."""


class Layout(StrEnum):
    """How the log is shown."""

    TABLE = "table"
    JSON = "json"
    JSON_LINES = "jsonl"


def log(
    location: Folder,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="As many commits at most.")
    ] = None,
    graph: Annotated[
        str | None, typer.Option("--graph", help="Only commits that may have changed this graph.")
    ] = None,
    format: Annotated[
        Layout, typer.Option("--format", "-f", help="For people or for programs.")
    ] = Layout.TABLE,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only check that nobody has changed the log.")
    ] = False,
) -> None:
    """List the commits, the newest first: when, who, what, and whether it can be restored.

    With --verify the hash of every record is checked, and the exit code is 1 where
    one is not as it was written.
    """
    found = existing(location)
    if verify:
        _verify(found)
        return
    name = None if graph is None else graph_name(graph).value
    entries = journal(found, limit=limit, graph=name)
    match format:
        case Layout.JSON:
            typer.echo(json.dumps([_fields(e) for e in entries], ensure_ascii=False, indent=2))
        case Layout.JSON_LINES:
            for entry in entries:
                typer.echo(json.dumps(_fields(entry), ensure_ascii=False))
        case Layout.TABLE:
            _print(entries)


def _verify(location: Location) -> None:
    try:
        checked = check_log(location)
    except InvalidInput as error:
        report(str(error))
        raise typer.Exit(1) from error
    if checked.torn:
        note(f"the last line, {checked.torn:,} bytes, has no end: it was never acknowledged")
    typer.echo(
        f"{checked.records:,} records up to commit {checked.commit} are as they were written",
        err=True,
    )


def _fields(entry: JournalEntry) -> dict[str, Any]:
    """The record as it stands in the log, and what became of it."""
    time = entry.time.isoformat(timespec="microseconds").replace("+00:00", "Z")
    unrecorded = {"commit": entry.number, "time": time, "requests": []}
    told = unrecorded if entry.commit is None else entry.commit.as_json()
    return {
        **told,
        "state": entry.outcome,
        "restorable": entry.is_restorable,
        "aborted": entry.reason,
    }


def _print(entries: Sequence[JournalEntry]) -> None:
    limited = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(highlight=False, width=None if limited else _UNBOUNDED)
    table = Table()
    for name in ("commit", "time (UTC)", "who", "what", "graphs", "size", "state"):
        justify: JustifyMethod = "right" if name in {"commit", "size"} else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name in _WHOLE)
    for entry in entries:
        table.add_row(*map(_printable, _cells(entry)))
    console.print(table)


def _cells(entry: JournalEntry) -> tuple[str, ...]:
    deeds = () if entry.commit is None else entry.commit.deeds
    state = entry.outcome if entry.reason is None else f"{entry.outcome}: {entry.reason}"
    return (
        str(entry.number),
        f"{entry.time:%Y-%m-%d %H:%M:%S}",
        _counted(deed.agent for deed in deeds),
        _counted(deed.kind for deed in deeds) or "not in the log",
        _graphs(deeds),
        decimal(size) if (size := sum(deed.size or 0 for deed in deeds)) else "",
        state,
    )


def _counted(names: Iterable[str]) -> str:
    """Each name once, with how often it occurs where that is more than once."""
    times = Counter(names)
    return ", ".join(name if many == 1 else f"{name} x{many}" for name, many in times.items())


def _graphs(deeds: Iterable[Deed]) -> str:
    named: set[str | None] = set()
    for deed in deeds:
        if deed.graphs is None:
            return "any"
        named |= deed.graphs
    iris = sorted(graph for graph in named if graph is not None)
    shown = (["default graph"] if None in named else []) + [short_iri(graph_name(i)) for i in iris]
    more = len(shown) - _SHOWN
    return ", ".join(shown[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _printable(text: str) -> Text:
    """Without characters by which a name or a reason could steer the terminal."""
    return Text("".join(each if each.isprintable() else "\ufffd" for each in text))
