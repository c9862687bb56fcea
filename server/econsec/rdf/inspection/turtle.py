"""Turtle and its family, measured before the parser sees them: how deep brackets go."""

from __future__ import annotations

import re

from econsec.rdf.inspection.place import Cursor, NestedTooDeep

__all__ = ["LineScanner", "TurtleScanner"]

_LONGEST_HELD = 16_384

# Tokens that are whole and no brackets are skipped, some thousands at a time. The
# match is empty before a token of which the end, or the kind, is not yet known.
_NEXT = re.compile(
    rb"(?:[^<>\"'#\\\[\](){}]++"
    rb'|""(?=[^"])|"(?!")(?:[^"\\]++|\\.)*+"|"""(?:[^"\\]++|\\.|"{1,2}+(?=[^"]))*+"""'
    rb"|''(?=[^'])|'(?!')(?:[^'\\]++|\\.)*+'|'''(?:[^'\\]++|\\.|'{1,2}+(?=[^']))*+'''"
    rb"|<[^<>\s]*+>|<(?!<)(?=[^<>\s]*+[<\s])|#[^\r\n]*+[\r\n]|\\.|>(?=[^>])){0,4096}+"
    rb"(?:(<<)|(>>)|([\[({])|([\])}]))?",
    re.DOTALL,
)
_IRI = re.compile(rb"[^<>\s]*+")
_BODIES = {
    b'"': re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL),
    b"'": re.compile(rb"(?:[^'\\]++|\\.)*+", re.DOTALL),
    b'"""': re.compile(rb'(?:[^"\\]++|\\.|"{1,2}+(?=[^"]))*+', re.DOTALL),
    b"'''": re.compile(rb"(?:[^'\\]++|\\.|'{1,2}+(?=[^']))*+", re.DOTALL),
    b">": _IRI,
    b"#": re.compile(rb"[^\r\n]*+"),
}
"""What a token holds that goes on in the next block, by what it ends or begins with."""


class TurtleScanner:
    """Counts open brackets and open triple terms of Turtle, TriG and N3, each for itself."""

    def __init__(self, max_nesting: int) -> None:
        self._limit = max_nesting
        self._cursor = Cursor()
        self._held = b""
        self._token: bytes | None = None
        self._brackets = 0
        self._triples = 0

    def feed(self, block: bytes, *, last: bool = False) -> bytes:
        """The bytes that have been measured. Raises `NestedTooDeep`."""
        data = self._held + block
        end = self._scan(data, self._start(data), last=last)
        if last:
            end = len(data)
        self._held = data[end:]
        self._cursor.advance(data[:end])
        return data[:end]

    def _start(self, data: bytes) -> int:
        """Up to where nothing can be nested."""
        return 0

    def _scan(self, data: bytes, position: int, *, last: bool) -> int:
        """Measure up to where more bytes are needed, and say where that is."""
        while position < len(data):
            before = (position, self._token)
            if self._token is not None:
                position = self._through(data, position, self._token)
            else:
                position = self._across(data, position, last=last)
            if (position, self._token) == before:
                break
        return position

    def _across(self, data: bytes, position: int, *, last: bool) -> int:
        match = _NEXT.match(data, position)
        assert match is not None
        if match.lastindex is not None:
            self._count(match.lastindex)
            self._check(data, match.end())
        if match.end() > position:
            return match.end()
        return self._begin(data, position, last=last)

    def _begin(self, data: bytes, position: int, *, last: bool) -> int:
        """Enter a token that goes on behind `data`."""
        rest = len(data) - position
        mark = data[position : position + 1]
        if mark in (b'"', b"'"):
            if rest < 3 and not last:
                return position
            self._token = mark * 3 if data.startswith(mark * 3, position) else mark
            return position + len(self._token)
        if mark == b"#":
            self._token = mark
            return position + 1
        if mark == b"<":
            return self._begin_iri(data, position, wait=rest < _LONGEST_HELD and not last)
        return position

    def _begin_iri(self, data: bytes, position: int, *, wait: bool) -> int:
        iri = _IRI.match(data, position + 1)
        assert iri is not None
        if iri.end() < len(data):  # an operator of N3
            return position + 1
        if wait:
            return position
        self._token = b">"
        return position + 1

    def _through(self, data: bytes, position: int, token: bytes) -> int:
        """Behind the end of the token that an earlier block began, or as far as it goes."""
        body = _BODIES[token].match(data, position)
        assert body is not None
        end = body.end()
        if token in (b"#", b">"):
            if end < len(data):
                self._token = None
            return end + data.startswith(token, end)
        if data.startswith(token, end):
            self._token = None
            return end + len(token)
        return end

    def _count(self, kind: int) -> None:
        match kind:
            case 1:
                self._triples += 1
            case 2:
                self._triples -= 1
            case 3:
                self._brackets += 1
            case _:
                self._brackets -= 1

    def _check(self, data: bytes, end: int) -> None:
        if self._triples > self._limit:
            what, width = "triple terms", 2
        elif self._brackets > self._limit:
            what, width = "brackets", 1
        else:
            return
        refusal = NestedTooDeep(
            f"{what} are nested more than {self._limit} levels deep (limit max_upload_nesting)"
        )
        raise self._cursor.locate(refusal, data[: end - width])


class LineScanner(TurtleScanner):
    """N-Triples and N-Quads: no token goes over a line, so most lines need not be read."""

    def _start(self, data: bytes) -> int:
        if b"<<" in data:
            return 0
        line = data.rfind(b"\n") + 1
        if line > 0:
            self._token = None
            self._brackets = self._triples = 0
        return line
