"""What the engine's errors say: the place and the reason, as errors of our own."""

from __future__ import annotations

import re

from econsec.errors import InvalidInput
from econsec.rdf.namespaces import PREFIXES

__all__ = ["malformed_query", "malformed_rdf"]

_RDF_PLACE = re.compile(r"Parser error (?:at|between) .*?: ")
_REMOTE_CONTEXT = "LoadDocumentCallback"

_QUERY_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?")
_SENTENCE = re.compile(r"[A-Z\\][^,'|\[]* [^,'|\[]*[a-z][^,'|\[]*")
_PREFIXED_NAME_BEFORE = re.compile(r"(?:^|[\s{(,;|/^])([A-Za-z][\w.-]*):[^\s<>]*\s*$")
_DECLARED_PREFIX = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)


def malformed_rdf(error: SyntaxError, *, source: str | None) -> InvalidInput:
    """The engine's refusal of an RDF document; lines and columns count from 1."""
    if _REMOTE_CONTEXT in error.msg:
        return InvalidInput(
            "the JSON-LD names a context that lies elsewhere, and nothing is ever fetched",
            source=source,
            remedy="write the context into the document, or convert it to Turtle first",
        )
    return InvalidInput(
        _RDF_PLACE.sub("", error.msg, count=1),
        source=source,
        line=error.lineno,
        column=error.offset,
    )


def malformed_query(error: Exception, text: str, *, source: str | None = None) -> InvalidInput:
    """The engine's refusal of the SPARQL in `text`; it tells the place in its message only."""
    message = str(error)
    place = _QUERY_PLACE.match(message)
    if place is None:
        return InvalidInput(message, source=source)
    line, column = int(place[1]), int(place[2])
    reason = _reason(message[place.end() :], text, _offset(text, line, column))
    return InvalidInput(
        f"the query is malformed: {reason}",
        source=source,
        line=line,
        column=column,
    )


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(before) for before in text.splitlines(keepends=True)[: line - 1]) + column - 1


def _reason(expected: str, text: str, offset: int) -> str:
    # Which tokens the engine's parser would have taken is noise: after an undeclared
    # prefix it expects "OPTIONAL". Only its whole sentences mean what they say.
    sentence = _SENTENCE.search(expected)
    if sentence is not None:
        return sentence[0]
    name = _PREFIXED_NAME_BEFORE.search(text, 0, offset)
    declared = {*PREFIXES, *_DECLARED_PREFIX.findall(text)}
    if name is not None and name[1] not in declared:
        return f"the prefix {name[1]}: is not declared"
    rest = text[offset:].strip().split("\n", 1)[0]
    return f"it cannot go on with {rest[:40]!r}" if rest else "read to its end, it is not a query"
