"""How an answer is shown: in a format of its own, or as a table for people."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from econsec.rdf.formats import JSON, TSV, Format, by_name
from econsec.rdf.namespaces import PREFIXES
from econsec.service.query import Result

__all__ = ["TABLE", "Rendering"]

TABLE = "table"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters by which a value of the data could steer the terminal."""

_UNBOUNDED = 10_000
"""The width of a table that no terminal limits."""

_READABLE = 10
"""The characters below which a cut column is no longer read."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The name of a format, or `None` for what suits: a table or else TSV, Turtle for graphs."""

    format: str | None
    as_table: bool

    @classmethod
    def of(cls, format: str | None, path: Path | None, *, to_terminal: bool) -> Rendering:
        """What `--format` says, else the suffix of the output, else where the output goes."""
        if format == TABLE:
            return cls(None, as_table=True)
        if format is None and path is not None and path.suffix:
            return cls(path.suffix, as_table=False)
        return cls(format, as_table=format is None and to_terminal)

    def choose(self, offered: Sequence[Format]) -> Format:
        """The format to ask for; a table is made from JSON. Raises `NotAcceptable`."""
        if self.format is not None:
            return by_name(self.format, offered)
        wanted = JSON if self.as_table else TSV
        return wanted if wanted in offered else offered[0]

    def write(self, result: Result, stream: IO[bytes]) -> None:
        """Write the answer: as it came, as a line of one word, or as a table."""
        if self.format is None and result.truth is not None:
            stream.write(b"true\n" if result.truth else b"false\n")
        elif self.as_table and result.format == JSON:
            _write_table(json.loads(result.body), stream)
        else:
            stream.write(result.body)


def _write_table(solutions: Mapping[str, Any], stream: IO[bytes]) -> None:
    text = TextIOWrapper(stream, encoding="utf-8", write_through=True)
    try:
        limited = text.isatty() or "COLUMNS" in os.environ
        console = Console(file=text, highlight=False, width=None if limited else _UNBOUNDED)
        _print(console, solutions)
    finally:
        text.detach()


@dataclass(frozen=True, slots=True)
class _Column:
    """A variable and its values, a cell for each row."""

    name: str
    cells: tuple[Text, ...]

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)

    @property
    def is_constant(self) -> bool:
        return len(self.cells) > 1 and len(set(map(str, self.cells))) == 1

    def width(self, most: int = _UNBOUNDED) -> int:
        """The characters that its longest line takes, of which `most` are enough."""
        lines = (line for cell in self.cells for line in str(cell).split("\n"))
        return max(cell_len(self.name), min(most, max(map(cell_len, lines), default=0)))


def _print(console: Console, solutions: Mapping[str, Any]) -> None:
    """A grid; where that is too wide, only of what differs; where that is too, records."""
    rows = solutions["results"]["bindings"]
    columns = [
        _Column(name, tuple(_term(row[name]) if name in row else Text() for row in rows))
        for name in solutions["head"]["vars"]
    ]
    caption = [Text(f"{len(rows)} rows" if len(rows) != 1 else "1 row")]
    if not _fits(console, columns):
        empty = [column for column in columns if column.is_empty]
        constant = [column for column in columns if column.is_constant and not column.is_empty]
        columns = [column for column in columns if column not in [*empty, *constant]]
        caption += [_record(column.name, column.cells[0]) for column in constant]
        caption += [Text(f"no value: {', '.join(each.name for each in empty)}")] if empty else []
    if columns and _fits(console, columns, most=_READABLE):
        console.print(_grid(columns, width=console.width))
    else:
        _print_records(console, columns)
    for line in caption:
        console.print(line, soft_wrap=True)


def _fits(console: Console, columns: Sequence[_Column], *, most: int = _UNBOUNDED) -> bool:
    """Whether a grid has room for `most` characters of each column."""
    return sum(column.width(most) + 3 for column in columns) < console.width


def _grid(columns: Sequence[_Column], *, width: int) -> Table:
    table = Table()
    for column, characters in zip(columns, _widths(columns, room=width - 1), strict=True):
        table.add_column(Text(column.name), overflow="fold", width=characters)
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    return table


def _widths(columns: Sequence[_Column], *, room: int) -> list[int]:
    """The characters of each column, the wide ones cut alike; no name of a column is cut."""
    widths = [(column.width(_READABLE), column.width()) for column in columns]
    for most in range(max((full for _, full in widths), default=0), _READABLE, -1):
        cut = [max(least, min(most, full)) for least, full in widths]
        if sum(cut) + 3 * len(cut) <= room:
            return cut
    return [least for least, _ in widths]


def _print_records(console: Console, columns: Sequence[_Column]) -> None:
    for row in zip(*(column.cells for column in columns), strict=True):
        for column, cell in zip(columns, row, strict=True):
            if cell:
                console.print(_record(column.name, cell), soft_wrap=True)
        console.print()


def _record(name: str, cell: Text) -> Text:
    # A line of the value must not look like a value of its own.
    return Text.assemble((f"{name}: ", "bold"), Text("\n  ").join(cell.split("\n")))


def _term(term: Mapping[str, Any]) -> Text:
    match term["type"]:
        case "uri":
            return Text(_compact(term["value"]))
        case "bnode":
            return Text(f"_:{term['value']}")
        case "triple":
            parts = (_term(term["value"][part]) for part in ("subject", "predicate", "object"))
            return Text(" ").join([Text("<<("), *parts, Text(")>>")])
        case _:
            language = term.get("xml:lang")
            shown = _CONTROLS.sub("\ufffd", term["value"])
            return Text.assemble(shown, (f" @{language}" if language else "", "dim"))


def _compact(iri: str) -> str:
    """`es:Actor` for `<…ontology#Actor>`, by the longest namespace that the project knows."""
    matches = [item for item in PREFIXES.items() if iri.startswith(item[1])]
    if not matches:
        return iri
    prefix, namespace = max(matches, key=lambda item: len(item[1]))
    return f"{prefix}:{iri.removeprefix(namespace)}"
