"""The text of a source document: code points, sections, cells.

Sections begin at the level-1 headings (`# …`). A cell is what a passage may not
leave: a line, or within a line a list item or a table cell. Cells end at a line
end, a tab, two or more spaces in a row (columns of the layout), a `|` of a line
that begins with one, `<br>`, the tags of HTML lists and tables, and what separates
the items of one line: the 、 before a circled number (①…、②…), and a slash behind
a superscript note mark.

A character of a cell is a space, markup or counted. Markup are, at the start of
a cell, Markdown's `#`, `-`, `*`, `+` with the space behind them and the bullets
・ ■ ✓ ● ○ ◆ → /; anywhere, `**`, `__` and HTML tags; table rules; the separators of
cells. Everything else is counted: numbering such as ① or （1）, note marks such as
※1, tags such as 📍, and the dots that stand for what a list leaves out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from econsec.errors import InvalidInput

__all__ = ["Cell", "SourceText", "Span"]

_HEADING = re.compile(r"^# ", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_SEPARATOR = re.compile(
    r"\t|[ \u00a0\u3000]{2,}"
    r"|<(?:br|/?(?:[uo]l|li|table|t[rhd]))\b[^<>]*>"
    r"|、(?=[①-⑳])|(?<=</sup>)(?=/)",
    re.IGNORECASE,
)
_SEPARATOR_IN_TABLE = re.compile(rf"\||{_SEPARATOR.pattern}", re.IGNORECASE)
_RULE = re.compile(r"[ \t]*(?:[-=:*_|][ \t]*){3,}")
_MARKER = re.compile(r"\s*(?:#{1,6}\s+|[-*+]\s+)?(?:[・■✓●○◆→/]\s*)*")
_INLINE = re.compile(r"\*\*|__|</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points from `start` up to, and without, `end`."""

    start: int
    end: int

    def within(self, other: Span) -> bool:
        """Whether no code point of this span lies outside the other."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, slots=True)
class Cell:
    """A line, list item or table cell that holds at least one counted character.

    `extent` reaches from separator to separator; `shown` are the code points in
    it that are no markup, from the first counted one to the last. `seams` are
    the indexes in `shown` before which a superscript begins or ends.
    """

    extent: Span
    shown: tuple[int, ...]
    seams: frozenset[int]

    @property
    def passage(self) -> Span:
        """From the first counted character to the last."""
        return Span(self.shown[0], self.shown[-1] + 1)


@dataclass(frozen=True)
class SourceText:
    """A text; every offset counts its code points from 0."""

    text: str

    @classmethod
    def read(cls, path: Path) -> SourceText:
        """Read a file in UTF-8, line ends as they are. Raises `InvalidInput`."""
        if path.is_dir():
            raise InvalidInput(
                "this is a folder, not a text", source=str(path), remedy="give the file in it"
            )
        try:
            return cls.decode(path.read_bytes(), name=str(path))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InvalidInput(f"the file cannot be read: {reason}", source=str(path)) from error

    @classmethod
    def decode(cls, content: bytes, *, name: str) -> SourceText:
        """The text of bytes in UTF-8, line ends as they are. Raises `InvalidInput`."""
        try:
            return cls(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise InvalidInput("the text is not UTF-8", source=name) from error

    @cached_property
    def sha256(self) -> str:
        """The checksum of the text in UTF-8, in lower-case hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def sections(self) -> tuple[Span, ...]:
        """From each level-1 heading to the next one or the end."""
        starts = [found.start() for found in _HEADING.finditer(self.text)]
        ends = [*starts[1:], len(self.text)]
        return tuple(Span(start, end) for start, end in zip(starts, ends, strict=False))

    def cells(self, section: Span) -> Iterator[Cell]:
        """The cells of a section in their order."""
        for line in _LINE.finditer(self.text, section.start, section.end):
            for extent in _extents(line[0], line.start()):
                cell = self._cell(extent)
                if cell is not None:
                    yield cell

    def line(self, offset: int) -> int:
        """The number, from 1, of the line that holds a code point."""
        return self.text.count("\n", 0, offset) + 1

    def counts(self, offset: int) -> bool:
        """Whether a shown code point is counted, and no space."""
        return not self.text[offset].isspace()

    def _cell(self, extent: Span) -> Cell | None:
        marker = _MARKER.match(self.text, extent.start, extent.end)
        position = marker.end() if marker is not None else extent.start
        shown: list[int] = []
        seams: set[int] = set()
        for found in _INLINE.finditer(self.text, position, extent.end):
            shown.extend(range(position, found.start()))
            position = found.end()
            if "sup" in found[0].lower():
                seams.add(len(shown))
        shown.extend(range(position, extent.end))
        counted = [index for index, offset in enumerate(shown) if self.counts(offset)]
        if not counted:
            return None
        first, last = counted[0], counted[-1]
        return Cell(
            extent,
            shown=tuple(shown[first : last + 1]),
            seams=frozenset(seam - first for seam in seams),
        )


def _extents(line: str, start: int) -> Iterator[Span]:
    if _RULE.fullmatch(line) is not None:
        return
    separator = _SEPARATOR_IN_TABLE if line.lstrip().startswith("|") else _SEPARATOR
    position = 0
    for found in separator.finditer(line):
        yield Span(start + position, start + found.start())
        position = found.end()
    yield Span(start + position, start + len(line))
