"""Where the subjects of Turtle and TriG stand, statement by statement.

Only the structure is followed: what the terms are does not matter for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

__all__ = ["subject_offsets"]

_SPACE = rb"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_LITERAL = (
    rb'(?:"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"""|"(?:[^"\\]++|\\.)*+"'
    rb"|'''(?:[^'\\]++|\\.|'{1,2}+(?!'))*+'''|'(?:[^'\\]++|\\.)*+')"
)
_TERM = (
    rb"(?:<[^<>\s]*+>"
    rb"|[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|(?:[0-9]*\.)?[0-9]+(?:[eE][+-]?[0-9]+)?)"
    rb"|(?:[^\s<>\"'\#()\[\]{},;.@^~\\|]++|\\.)"
    rb"(?:[^\s<>\"'\#()\[\]{},;.@^~\\|]++|\\.|\.(?=\.*+[^\s<>\"'\#()\[\]{},;.@^~|]))*+)"
)
_TAG = rb"@[A-Za-z][A-Za-z0-9-]*+"
_TOKEN = re.compile(
    _SPACE + rb"(?:(?P<literal>" + _LITERAL + rb")|(?P<rdf_1_2><<|\{\||~)|(?P<term>" + _TERM + rb")"
    rb"|(?P<at>" + _TAG + rb")|(?P<mark>\^\^|[()\[\]{},;.])|(?P<end>\Z)|(?P<other>.))",
    re.DOTALL,
)

_OBJECT = rb"(?>" + _LITERAL + rb"(?:" + _TAG + rb"|\^\^" + _TERM + rb")?+|" + _TERM + rb")"
_PLAIN = tuple(
    re.compile(_SPACE + rb"(?P<first>" + before + _OBJECT + rb")" + _SPACE + rb"([,;.])", re.DOTALL)
    for before in (
        rb"(?>" + _TERM + rb")" + _SPACE + rb"(?>" + _TERM + rb")" + _SPACE,
        rb"(?>" + _TERM + rb")" + _SPACE,
        rb"",
    )
)
"""A statement of terms without brackets, from its subject, its verb or its object on.

Most are, and to take one at once saves much of the time.
"""

_DIRECTIVES = {b"prefix": 2, b"base": 1, b"version": 1}
"""How many terms follow the word."""


def subject_offsets(content: bytes) -> Iterator[int]:
    """The offset of each statement's subject, in the order in which the engine reads them.

    Precondition: the engine reads `content`. Raises `ValueError` for the triple terms and
    annotations of RDF 1.2.
    """
    return _Scanner().scan(content)


class _At(Enum):
    """What comes next."""

    SUBJECT = auto()
    VERB = auto()
    OBJECT = auto()
    FIRST_MEMBER = auto()
    MEMBER = auto()
    NEXT_MEMBER = auto()
    SEPARATOR = auto()


_OPENINGS = {_At.SUBJECT: 0, _At.VERB: 1, _At.OBJECT: 2}
_AFTER = {b",": _At.OBJECT, b";": _At.VERB, b".": _At.SUBJECT}


class _Scanner:
    """Follows the structure of Turtle and TriG without regard to what the terms are."""

    def __init__(self) -> None:
        self._at = _At.SUBJECT
        self._subject = 0
        # For each open bracket: what stood before it, the subject then, and its place.
        self._around: list[tuple[_At, int, int]] = []
        # A literal that may yet get its language or datatype, and the terms that a directive wants.
        self._literal: int | None = None
        self._wanted = 0
        self._made: list[int] = []

    def scan(self, content: bytes) -> Iterator[int]:
        """The places of the statements' subjects. Raises `ValueError` for triple terms."""
        position = 0
        while True:
            plain = self._plain(content, position)
            if plain is not None:
                position = plain
                yield self._subject
                continue
            token = _TOKEN.match(content, position)
            assert token is not None and token.lastgroup is not None
            kind = token.lastgroup
            if kind == "end":
                break
            position = token.end()
            place = token.start(kind)
            if self._literal is None or not self._ends_literal(kind, token[kind]):
                self._token(kind, token[kind], place)
            # Of the statements that one token completes, the engine gives the last first.
            while self._made:
                yield self._made.pop()

    def _plain(self, content: bytes, position: int) -> int | None:
        """Read a plain statement, and say where it ends; `None` if there is none."""
        opening = _OPENINGS.get(self._at)
        if opening is None or self._literal is not None or self._wanted > 0:
            return None
        found = _PLAIN[opening].match(content, position)
        if found is None:
            return None
        if self._at is _At.SUBJECT:
            self._subject = found.start("first")
        self._at = _AFTER[found[2]]
        return found.end()

    def _ends_literal(self, kind: str, text: bytes) -> bool:
        """Whether a token behind a literal belongs to it."""
        assert self._literal is not None
        if text == b"^^":
            self._wanted += 1
            return True
        start, self._literal = self._literal, None
        self._complete(start)
        if kind == "term" and self._wanted > 0:
            self._wanted = 0
            return True
        return kind == "at"

    def _token(self, kind: str, text: bytes, place: int) -> None:
        match kind:
            case "mark":
                self._mark(text, place)
            case "term" | "literal" if self._wanted > 0:
                self._wanted -= 1
            case "term" if self._at is _At.SUBJECT and text.lower() in _DIRECTIVES:
                self._wanted = _DIRECTIVES[text.lower()]
            case "term" if self._at is not _At.SUBJECT or text.lower() != b"graph":
                self._begin_member(place)
                self._complete(place)
            case "term":
                pass
            case "literal":
                self._begin_member(place)
                self._literal = place
            case "at":
                self._wanted = _DIRECTIVES[text[1:].lower()]
            case _:
                raise ValueError(text)

    def _mark(self, text: bytes, place: int) -> None:
        match text:
            case b",":
                self._at = _At.OBJECT
            case b";":
                self._at = _At.VERB
            case b"[" | b"(":
                self._begin_member(place)
                self._around.append((self._at, self._subject, place))
                self._subject = place
                self._at = _At.VERB if text == b"[" else _At.FIRST_MEMBER
            case b"]":
                self._at, self._subject, start = self._around.pop()
                self._complete(start)
            case b")":
                self._end_collection()
            case _:
                self._at = _At.SUBJECT

    def _begin_member(self, place: int) -> None:
        """In a collection, a member comes with the cell that holds it."""
        if self._at is _At.FIRST_MEMBER:
            at, subject, self._subject = self._around[-1]
            if at in (_At.OBJECT, _At.MEMBER):
                self._made.append(subject)
            self._at = _At.MEMBER
        elif self._at is _At.NEXT_MEMBER:
            self._made.append(self._subject)
            self._subject = place
            self._at = _At.MEMBER

    def _end_collection(self) -> None:
        is_empty = self._at is _At.FIRST_MEMBER
        cell = self._subject
        self._at, self._subject, start = self._around.pop()
        if is_empty:
            self._complete(start)
            return
        self._made.append(cell)
        if self._at is _At.SUBJECT:
            self._complete(start)
        else:
            self._at = _At.NEXT_MEMBER if self._at is _At.MEMBER else _At.SEPARATOR

    def _complete(self, start: int) -> None:
        """A term that began at `start` has been read."""
        match self._at:
            case _At.SUBJECT:
                self._subject, self._at = start, _At.VERB
            case _At.VERB:
                self._at = _At.OBJECT
            case _At.OBJECT:
                self._made.append(self._subject)
                self._at = _At.SEPARATOR
            case _At.MEMBER:
                self._made.append(self._subject)
                self._at = _At.NEXT_MEMBER
            case _:
                pass
