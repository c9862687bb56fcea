"""A part of a query's solutions, by LIMIT and OFFSET put in at tokens (SPARQL 1.1, 15.4, 15.5)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from econsec.engine.guard import read_prologue
from econsec.engine.tokens import Kind, Reader, Token

__all__ = ["sliced"]

_CLAUSES = ("LIMIT", "OFFSET")


def sliced(text: str, *, limit: int, skip: int = 0) -> str:
    """A SELECT query for at most `limit` of the solutions of `text`, without the first `skip`.

    The text has passed the guard. Raises `InvalidInput` where a clause of its own
    runs into its number.
    """
    reader = Reader(text)
    top = [*_top_level(reader)]
    values = next((token for token in top if token.text.upper() == "VALUES"), None)
    end = len(text) if values is None else values.offset
    counts = {"LIMIT": skip + limit, "OFFSET": 0}
    pieces, start = [], 0
    for clause, number in pairwise(top):
        word = clause.text.upper()
        if clause.kind is not Kind.WORD or not word.startswith(_CLAUSES):
            continue
        if word not in _CLAUSES or number.kind is not Kind.NUMBER:
            raise reader.error(f"{clause.text} is not followed by a number", clause.offset)
        counts[word] = int(number.text)
        pieces.append(text[start : clause.offset])
        start = number.offset + len(number.text)
    first = counts["OFFSET"] + skip
    most = max(min(limit, counts["LIMIT"] - skip), 0)
    # On lines of its own: the text may end in a comment.
    return "".join([*pieces, text[start:end], f"\nOFFSET {first} LIMIT {most}\n", text[end:]])


def _top_level(reader: Reader) -> Iterator[Token]:
    """The tokens outside of all brackets, after the prologue."""
    tokens = iter(reader)
    read_prologue(reader, tokens)
    for token in tokens:
        if not reader.open:
            yield token
