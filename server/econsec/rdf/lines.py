"""The lines on which the nodes of a document are described.

The engine tells no positions of what it reads. But it reads statements in an order
that the text alone decides, so that the n-th statement that it gives is the n-th
that is found here: no name has to be resolved, and a node without a name has its
line as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple

from econsec.rdf.subjects import subject_offsets

__all__ = ["WITH_LINES", "lines_of"]

_BY_LINE = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})

WITH_LINES = _BY_LINE | {RdfFormat.TURTLE, RdfFormat.TRIG}
"""The syntaxes in which a node has a line."""

_LINE = re.compile(rb"^[ \t]*+(?=[^\s#])", re.MULTILINE)
"""Where the statement of a line begins: N-Triples and N-Quads have one on each."""

_SUBJECT = re.compile(rb"^[ \t]*+(<[^<>\s]*+>)", re.MULTILINE)

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
        return subject_offsets(content)
    return iter(())
