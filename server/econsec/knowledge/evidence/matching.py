"""Where names stand in a section: whole words, within one cell, the longest first.

Names and text are compared character by character, full-width forms of ASCII
as ASCII and without markup, so that every match has its exact offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from econsec.knowledge.evidence.text import Cell, SourceText, Span

__all__ = ["Projection", "fold", "free_standing"]

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLDED = {**_FULL_WIDTH, 0x3000: " ", 0x00A0: " "}
_END_OF_CELL = "\n"
_Name = TypeVar("_Name")


def fold(text: str) -> str:
    """The text with ASCII for its full-width forms; as many code points as before."""
    return text.translate(_FOLDED)


class Projection:
    """The cells of a section without their markup, and the way back to code points."""

    def __init__(self, source: SourceText, cells: Iterable[Cell]) -> None:
        shown: list[str] = []
        self._offsets: list[int] = []
        self._seams: set[int] = set()
        for cell in cells:
            self._seams.update(len(self._offsets) + seam for seam in cell.seams)
            self._offsets += [*cell.shown, cell.extent.end]
            shown += [source.text[offset] for offset in cell.shown]
            shown.append(_END_OF_CELL)
        self._text = fold("".join(shown))

    def occurrences(self, name: str) -> Iterator[Span]:
        """Each place where `name` stands as a whole word, the markup inside it included."""
        wanted = fold(name).strip()
        if not wanted or _END_OF_CELL in wanted:
            return
        start = self._text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            whole = not self._joined(start) and not self._joined(end)
            if whole:
                yield Span(self._offsets[start], self._offsets[end - 1] + 1)
            start = self._text.find(wanted, end if whole else start + 1)

    def _joined(self, index: int) -> bool:
        """Whether the characters on both sides of `index` belong to one word or number."""
        if index <= 0 or index in self._seams:
            return False
        before, after = self._text[index - 1], self._text[index]
        if _is_latin(before) and _is_latin(after):
            return True
        if _is_katakana(before) and _is_katakana(after):
            return True
        if before in ",.":
            return after.isdecimal() and self._text[index - 2 : index - 1].isdecimal()
        return after in ",." and before.isdecimal() and self._text[index + 1].isdecimal()


def free_standing(occurrences: Mapping[_Name, Iterable[Span]]) -> dict[_Name, tuple[Span, ...]]:
    """Of each bearer the occurrences outside longer names, else the longest of its own.

    A name inside a longer one (推進法 in 経済安全保障推進法) counts only for a
    bearer that stands nowhere else.
    """
    found = {bearer: set(spans) for bearer, spans in occurrences.items()}
    inside = _inside({span for spans in found.values() for span in spans})
    return {
        bearer: tuple(sorted(spans - inside or spans - _inside(spans)))
        for bearer, spans in found.items()
    }


def _inside(spans: Iterable[Span]) -> set[Span]:
    """Those of the spans that lie in another one of them."""
    inside: set[Span] = set()
    reach = -1
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end <= reach:
            inside.add(span)
        reach = max(reach, span.end)
    return inside


def _is_latin(character: str) -> bool:
    return character.isalnum() and character < "\u0250"


def _is_katakana(character: str) -> bool:
    return (
        "\u30a1" <= character <= "\u30fa"
        or character in "ーヽヾ"
        or ("\u31f0" <= character <= "\u31ff")
    )
