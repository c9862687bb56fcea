"""Where in a document a scanner stands, so that a refusal can say it."""

from __future__ import annotations

from typing import ClassVar

from econsec.errors import EconSecError, Refused

__all__ = ["Cursor", "NestedTooDeep"]

_CONTINUATION = bytes(range(0x80, 0xC0))


class NestedTooDeep(Refused):
    """Brackets, elements or triple terms within each other; thousands end the parser's process."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "The document is nested too deep"
    limit: ClassVar[str] = "max_upload_nesting"


class Cursor:
    """The line and column (from 1, in characters) up to which a document has been read."""

    def __init__(self) -> None:
        self._line = 1
        self._column = 1

    def advance(self, data: bytes) -> None:
        """Go on behind `data`, which may end within a character."""
        newline = data.rfind(b"\n")
        if newline >= 0:
            self._line += data.count(b"\n")
            self._column = 1
        self._column += len(data[newline + 1 :].translate(None, _CONTINUATION))

    def locate(self, error: EconSecError, data: bytes) -> EconSecError:
        """`error` at the place behind `data`, which follows what has been read."""
        place = Cursor()
        place._line, place._column = self._line, self._column
        place.advance(data)
        error.line, error.column = place._line, place._column
        return error
