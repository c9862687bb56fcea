"""Rows of a result, counted in its bytes by what stands between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from econsec.rdf.formats import CSV, JSON, TSV, XML, Format

__all__ = ["RowCounter", "row_counter"]

# Within a string the quote would be escaped, or end the string and be followed
# by one of `},`. A row without any value is not seen.
_JSON_NEXT_ROW = re.compile(rb'\},\{"[^},]')


class RowCounter(Protocol):
    """Counts the rows of a serialised result as it is written."""

    def feed(self, data: bytes) -> int:
        """The rows so far, with those that begin in `data`."""


class _CsvRows:
    """Newlines outside quotes; a quote within quotes is doubled, which keeps the parity."""

    def __init__(self) -> None:
        self._rows = -1  # the line of names
        self._quoted = 0

    def feed(self, data: bytes) -> int:
        parts = data.split(b'"')
        self._rows += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted ^= (len(parts) - 1) & 1
        return max(self._rows, 0)


class _TsvRows:
    """Lines: a newline in a value is written as an escape."""

    def __init__(self) -> None:
        self._rows = -1

    def feed(self, data: bytes) -> int:
        self._rows += data.count(b"\n")
        return max(self._rows, 0)


class _Marks:
    """Places that `count` finds in a text that arrives in pieces, each at most `width` long."""

    def __init__(self, count: Callable[[bytes], int], *, width: int) -> None:
        self._count = count
        self._kept = width - 1
        self._tail = b""
        self._found = 0

    def feed(self, data: bytes) -> int:
        text = self._tail + data
        self._found += self._count(text)
        self._tail = text[-self._kept :]
        return self._found


def _json_rows(text: bytes) -> int:
    return len(_JSON_NEXT_ROW.findall(text))


class _JsonRows:
    def __init__(self) -> None:
        self._separators = _Marks(_json_rows, width=5)

    def feed(self, data: bytes) -> int:
        return 1 + self._separators.feed(data)


def _xml_rows(text: bytes) -> int:
    return text.count(b"<result>")  # `<` in a value is escaped


def row_counter(format: Format) -> RowCounter | None:
    """A counter for a format of solutions, `None` for a graph.

    CSV, TSV and XML are counted exactly; of JSON, rows without any bound
    variable are left out.
    """
    match format.name:
        case JSON.name:
            return _JsonRows()
        case XML.name:
            return _Marks(_xml_rows, width=8)
        case CSV.name:
            return _CsvRows()
        case TSV.name:
            return _TsvRows()
        case _:
            return None
