"""RDF/XML, read before the parser sees it: no document type, no deep nesting."""

from __future__ import annotations

import re

from econsec.errors import InvalidInput, Refused
from econsec.rdf.inspection.place import Cursor, NestedTooDeep

__all__ = ["XmlScanner"]

_LONGEST_TAG = 1 << 20

_INSIDE = rb"(?![!?/])(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_CLOSING = rb"</[^<>\"'=]*+>"

_LEAVES = re.compile(
    rb"(?:[^<]*+<" + _INSIDE + rb"(?:(?<=/)>|(?<!/)>[^<]*+" + _CLOSING + rb")){0,4096}+"
)
"""Elements that hold none, with the text before them."""

_TAG = re.compile(rb"[^<]*+(?:(" + _CLOSING + rb")|<" + _INSIDE + rb"(?:(?<=/)>|(>)))")
"""The next tag: `</a>` with group 1, `<a b="c">` with group 2, `<a/>` with neither."""

_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_EMPTY = (b"<!-->", b"<!--->", b"<?>")
_LONGEST_MARK = 9


class XmlScanner:
    """Counts open elements; refuses a document type declaration wherever it stands.

    It is stricter than the parser in places where readers of XML differ, so that
    both see the same comments, sections and tags.
    """

    def __init__(self, max_nesting: int) -> None:
        self._limit = max_nesting
        self._cursor = Cursor()
        self._held = b""
        self._end: bytes | None = None
        self._depth = 0

    def feed(self, block: bytes, *, last: bool = False) -> bytes:
        """The bytes that have been read. Raises `Refused`, `NestedTooDeep` and `InvalidInput`."""
        data = self._held + block
        end = self._scan(data, last=last)
        if last:
            end = len(data)
        self._held = data[end:]
        self._cursor.advance(data[:end])
        return data[:end]

    def _scan(self, data: bytes, *, last: bool) -> int:
        position = 0
        while position < len(data):
            if self._end is not None:
                found = data.find(self._end, position)
                if found < 0:
                    return max(position, len(data) - len(self._end) + 1)
                position = found + len(self._end)
                self._end = None
            position = self._past_tags(data, position)
            start = data.find(b"<", position)
            if start < 0:
                return len(data)
            if not self._enter(data, start, last=last):
                return start
            position = start + len(b"<?")
        return position

    def _past_tags(self, data: bytes, position: int) -> int:
        """Count whole tags, up to what is none."""
        while True:
            if self._depth < self._limit:
                leaves = _LEAVES.match(data, position)
                assert leaves is not None
                position = leaves.end()
            tag = _TAG.match(data, position)
            if tag is None:
                return position
            self._count(tag, data)
            position = tag.end()

    def _count(self, tag: re.Match[bytes], data: bytes) -> None:
        if tag.lastindex == 1:
            self._depth -= 1
            return
        if self._depth >= self._limit:
            refusal = NestedTooDeep(
                f"elements are nested more than {self._limit} levels deep"
                " (limit max_upload_nesting)"
            )
            raise self._cursor.locate(refusal, data[: data.index(b"<", tag.start())])
        if tag.lastindex == 2:
            self._depth += 1

    def _enter(self, data: bytes, start: int, *, last: bool) -> bool:
        """Into a comment, a section or an instruction; not where more bytes are needed."""
        head = data[start : start + _LONGEST_MARK]
        if len(head) < _LONGEST_MARK and not last:
            return False
        if head.startswith(_EMPTY):
            raise self._cursor.locate(InvalidInput("the markup is malformed"), data[:start])
        for mark, end in _ENDS.items():
            if head.startswith(mark):
                self._end = end
                return True
        if head.startswith(b"<!"):
            refusal = Refused(
                "RDF/XML with a document type declaration is not read",
                remedy="write the entities out",
            )
            raise self._cursor.locate(refusal, data[:start])
        return self._wait(data, start, last=last)

    def _wait(self, data: bytes, start: int, *, last: bool) -> bool:
        """A tag that goes on behind `data`, unless it is none."""
        if last or len(data) - start > _LONGEST_TAG:
            detail = f"a tag does not end within {_LONGEST_TAG} bytes, or is malformed"
            raise self._cursor.locate(InvalidInput(detail), data[:start])
        return False
