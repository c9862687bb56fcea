"""The lines on which the nodes of a document are described.

The engine tells no positions of what it reads. But it reads statements in an order
that the text alone decides, so that the n-th statement that it gives is the n-th
that is found here: no name has to be resolved, and a node without a name has its
line as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum, auto

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple

__all__ = ["WITH_LINES", "lines_of"]

_BY_LINE = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})

WITH_LINES = _BY_LINE | {RdfFormat.TURTLE, RdfFormat.TRIG}
"""The syntaxes in which a node has a line."""

_LINE = re.compile(rb"^[ \t]*+(?=[^\s#])", re.MULTILINE)
"""Where the statement of a line begins: N-Triples and N-Quads have one on each."""

_SUBJECT = re.compile(rb"^[ \t]*+(<[^<>\s]*+>)", re.MULTILINE)

_TOKEN = re.compile(
    rb"(?:[ \t\r\n]++|\#[^\r\n]*+)*+(?:"
    rb'(?P<literal>"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"""|"(?:[^"\\]++|\\.)*+"'
    rb"|'''(?:[^'\\]++|\\.|'{1,2}+(?!'))*+'''|'(?:[^'\\]++|\\.)*+')"
    rb"|(?P<rdf_1_2><<|\{\||~)"
    rb"|(?P<term><[^<>\s]*+>"
    rb"|[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|(?:[0-9]*\.)?[0-9]+(?:[eE][+-]?[0-9]+)?)"
    rb"|(?:[^\s<>\"'\#()\[\]{},;.@^~\\|]++|\\.)"
    rb"(?:[^\s<>\"'\#()\[\]{},;.@^~\\|]++|\\.|\.(?=\.*+[^\s<>\"'\#()\[\]{},;.@^~|]))*+)"
    rb"|(?P<at>@[A-Za-z][A-Za-z0-9-]*+)"
    rb"|(?P<mark>\^\^|[()\[\]{},;.])"
    rb"|(?P<end>\Z)|(?P<other>.))",
    re.DOTALL,
)

_DIRECTIVES = {b"prefix": 2, b"base": 1, b"version": 1}
"""How many terms follow the word."""

_Subjects = Collection[NamedNode | BlankNode]


def lines_of(
    statements: Iterable[Quad | Triple],
    *,
    content: bytes,
    syntax: RdfFormat,
    subjects: _Subjects,
) -> Mapping[NamedNode | BlankNode, int]:
    """The line, from 1 on, where each of `subjects` first stands as a subject.

    `statements` are what the engine reads from `content`, all and in its order. A
    blank node is looked for as it is called there, and so has a line whether the
    document labels it, writes it as `[…]` (the line of the bracket) or makes it up
    for a collection.

    A node that is no subject has no line. Nothing has one in the syntaxes other than
    Turtle, TriG, N-Triples and N-Quads, nor in a document with the triple terms of
    RDF 1.2.
    """
    found = _named_in_lines(content, subjects) if syntax in _BY_LINE else {}
    if len(found) < len(subjects):
        found = _compared(statements, _offsets(content, syntax), subjects)
    return dict(zip(found, _line_numbers(content, list(found.values())), strict=True))


def _named_in_lines(content: bytes, subjects: _Subjects) -> dict[NamedNode | BlankNode, int]:
    """The places of subjects in N-Triples or N-Quads that are IRIs, written without escapes."""
    wanted = {str(subject).encode(): subject for subject in subjects}
    found: dict[NamedNode | BlankNode, int] = {}
    for match in _SUBJECT.finditer(content):
        if match[1] in wanted:
            found.setdefault(wanted[match[1]], match.start(1))
    return found


def _compared(
    statements: Iterable[Quad | Triple], offsets: Iterator[int], subjects: _Subjects
) -> dict[NamedNode | BlankNode, int]:
    """The places of subjects, from statements and places that go together."""
    found: dict[NamedNode | BlankNode, int] = {}
    try:
        for statement, offset in zip(statements, offsets, strict=True):
            subject = statement.subject
            if not isinstance(subject, Triple) and subject in subjects and subject not in found:
                found[subject] = offset
    except (ValueError, LookupError):  # a wrong line is worse than none
        return {}
    return found


def _line_numbers(content: bytes, offsets: list[int]) -> list[int]:
    numbers: dict[int, int] = {}
    line, before = 1, 0
    for offset in sorted(offsets):
        line += content.count(b"\n", before, offset)
        before = offset
        numbers[offset] = line
    return [numbers[offset] for offset in offsets]


def _offsets(content: bytes, syntax: RdfFormat) -> Iterator[int]:
    """Where the subject of each statement stands, in the order of the engine's statements."""
    if syntax in _BY_LINE:
        return (line.end() for line in _LINE.finditer(content))
    if syntax in WITH_LINES:
        return _Scanner().scan(content)
    return iter(())


class _At(Enum):
    """What comes next."""

    SUBJECT = auto()
    VERB = auto()
    OBJECT = auto()
    FIRST_MEMBER = auto()
    MEMBER = auto()
    NEXT_MEMBER = auto()
    SEPARATOR = auto()


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
        for token in _TOKEN.finditer(content):
            kind = token.lastgroup
            assert kind is not None
            if kind == "end":
                break
            place = token.start(kind)
            if self._literal is None or not self._ends_literal(kind, token[kind]):
                self._token(kind, token[kind], place)
            # Of the statements that one token completes, the engine gives the last first.
            while self._made:
                yield self._made.pop()

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
