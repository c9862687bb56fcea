"""How an answer is shown: in a format of its own, or as a table for people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

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
        console = Console(file=text, highlight=False)
        console.print(_table(solutions), width=None if console.is_terminal else _UNBOUNDED)
    finally:
        text.detach()


def _table(solutions: Mapping[str, Any]) -> Table:
    variables = solutions["head"]["vars"]
    rows = solutions["results"]["bindings"]
    table = Table(caption=f"{len(rows)} rows" if len(rows) != 1 else "1 row")
    for variable in variables:
        table.add_column(Text(variable), overflow="fold")
    for row in rows:
        table.add_row(*(_term(row[name]) if name in row else "" for name in variables))
    return table


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
