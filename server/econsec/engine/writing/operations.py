"""The operations of an update's text, and the data set that each of them reads.

The engine's `update` has no argument for using-graph-uri and using-named-graph-uri
(SPARQL 1.1 Protocol, 2.2.3), and takes the union of several USING where RDF means
a merge. Both are put right in the text, at its tokens; every line stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from econsec.engine.ground_data import plain_data
from econsec.engine.guard import after_prologue
from econsec.engine.tokens import Kind, Reader, Token
from econsec.knowledge.manifest import INFERRED

__all__ = ["Operation", "Using", "operations", "with_using"]

_NAMES = frozenset({Kind.IRI, Kind.NAME})
_OPERANDS = _NAMES | {Kind.VARIABLE, Kind.BLANK_NODE, Kind.STRING, Kind.NUMBER}
_NOT_NEWLINE = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Using:
    """A USING clause: its graph as an absolute IRI, and the span of its text."""

    graph: str
    named: bool
    start: int
    end: int


@dataclass(slots=True)
class Operation:
    """One operation, from `start` to `end` of the text.

    `where` is where its WHERE begins, `None` where it has none, and `pattern`
    the span of the group of a DELETE WHERE. `reads_derived` says that it may
    read the default graph or the inferred graph.
    """

    start: int
    end: int = 0
    usings: list[Using] = field(default_factory=list)
    where: int | None = None
    pattern: tuple[int, int] | None = None
    reads_derived: bool = False


def operations(text: str, *, base: str | None) -> tuple[int, tuple[Operation, ...]]:
    """The end of the prologue, and the operations behind it. Raises `InvalidInput`."""
    reader = Reader(text, base=base)
    tokens = iter(reader)
    first = after_prologue(reader, tokens)
    if first is None:
        return len(text), ()
    scan = _Scan(reader)
    scan.read(first)
    for token in tokens:
        scan.read(token)
    scan.end(len(text))
    return first.offset, tuple(scan.found)


def with_using(text: str, *, prologue: int, operation: Operation, usings: Iterable[str]) -> str:
    """The text with this one operation in it, its USING clauses replaced by `usings`."""
    clauses = "".join(f" {clause} " for clause in usings)
    pieces = [text[:prologue], _blank(text[prologue : operation.start])]
    at = operation.start
    for using in operation.usings:
        pieces += [text[at : using.start], _blank(text[using.start : using.end])]
        at = using.end
    if operation.where is not None:
        pieces.append(text[at : operation.where])
        if operation.pattern is not None:  # DELETE WHERE is short for DELETE and WHERE
            start, end = operation.pattern
            pieces.append(text[start:end])
        pieces.append(clauses)
        at = operation.where
    return "".join((*pieces, text[at : operation.end]))


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


class _Scan:
    """One pass over the tokens of an update that the guard has let through."""

    def __init__(self, reader: Reader) -> None:
        self.found: list[Operation] = []
        self._reader = reader
        self._words: list[Token] = []
        self._graph_braces: set[int] = set()
        self._names_default = False

    def read(self, token: Token) -> None:
        """Take the next token; the reader's brackets are as of it."""
        if token.text == ";" and not self._reader.open:
            self.end(token.offset)
            return
        if not self._words:
            self.found.append(Operation(token.offset))
            self._names_default = False
        if token.kind is Kind.WORD and not self._reader.open:
            self._keyword(token)
        elif token.kind in _OPERANDS:
            self._operand(token)
        elif token.text in {"{", "}"}:
            self._brace(token)
        self._words = [*self._words[-2:], token]

    def end(self, offset: int) -> None:
        """The operation ends here, if there is one."""
        if self._words:
            self.found[-1].end = offset
        self._words = []
        self._reader.plain = None

    def _keyword(self, token: Token) -> None:
        operation = self.found[-1]
        match token.text.upper():
            case "DATA":
                self._reader.plain = plain_data(self._reader.prefixes)
            case "WHERE":
                operation.where = token.offset
                self._names_default |= any(not using.named for using in operation.usings)
                if self._before("DELETE"):
                    operation.pattern = (token.offset, token.offset)
            case "WITH":
                self._names_default = True
            case "DEFAULT":
                operation.reads_derived = True

    def _operand(self, token: Token) -> None:
        operation, depth = self.found[-1], len(self._reader.open)
        if token.kind in _NAMES and self._reader.resolve(token) == INFERRED.value:
            operation.reads_derived = True
        if not depth:
            self._using(token)
        elif self._before("GRAPH"):
            operation.reads_derived |= token.kind is Kind.VARIABLE
        elif operation.where is not None and not self._names_default:
            operation.reads_derived |= self._is_in_default_graph()

    def _using(self, token: Token) -> None:
        start = next((w for w in self._words[-2:] if w.text.upper() == "USING"), None)
        if start is None:
            return
        end = token.offset + len(token.text)
        graph, named = self._reader.resolve(token), self._before("NAMED")
        self.found[-1].usings.append(Using(graph, named, start.offset, end))

    def _is_in_default_graph(self) -> bool:
        brackets = self._reader.open
        if brackets[-1].text != "{":
            return False
        return not any(bracket.offset in self._graph_braces for bracket in brackets)

    def _brace(self, token: Token) -> None:
        operation, words = self.found[-1], self._words
        if token.text == "}":
            if not self._reader.open and operation.pattern is not None:
                operation.pattern = (operation.pattern[0], token.offset + 1)
        elif len(words) > 1 and words[-2].text.upper().endswith("GRAPH"):
            self._graph_braces.add(token.offset)
        elif operation.pattern is not None and len(self._reader.open) == 1:
            operation.pattern = (token.offset, token.offset)

    def _before(self, word: str) -> bool:
        return bool(self._words) and self._words[-1].text.upper().endswith(word)
