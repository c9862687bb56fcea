"""What a text costs the engine to parse and to plan, counted token by token.

The engine's parser and planner recurse and cannot be stopped: a deep text and a
long flat chain both end the process, and many patterns in a group keep the planner
busy for minutes on an empty store. The meter counts what makes them so. It has
no grammar of its own; where the spelling leaves it open, it counts too much.

- **Nesting**: open brackets (braces, parentheses, square brackets, quoted
  triples; a function call opens one), and the `!`, `-` and `+` that wait for
  their operand.
- **Operators**: `|| && = != < > <= >= + - * / !` of expressions, each
  parenthesis of an expression (a function call, IN, AS, BIND, an aggregate),
  each brace (a group, an arm of UNION, OPTIONAL, MINUS, EXISTS, GRAPH, a
  sub-select, a template), each resource that DESCRIBE names, each variable in
  the parentheses of VALUES.
- **Triple patterns**: the objects of groups and templates, so that `;`, `,`
  and `[ … ]` count for each triple that they abbreviate. An element of a
  collection counts two (rdf:first, rdf:rest); a quoted triple, a reifier and
  an annotation one each for what they hide; GRAPH, VALUES and a group within a
  group one each, since the planner joins them like patterns.
- **Path steps**: `/ | ^ ! * + ?` in the place of a predicate, and a `+`
  before the number that follows one.
- **List elements**: what stands in collections, nested ones included.
- **Reads**: how often the parser reads each token. It reads what follows a `!`
  and the arguments of GROUP_CONCAT, REGEX, REPLACE and SUBSTR a second time
  when the first reading fails, so that each that is open doubles it.

All but nesting are sums over the text: over a query, and over each operation of
an update, since the engine plans them one by one; reads are summed over all
operations. The data of VALUES, INSERT DATA and DELETE DATA count as nesting and
reads only, a run of plain data as one token.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from econsec.engine.tokens import Kind, Reader, Token
from econsec.errors import InvalidInput
from econsec.settings import Settings

__all__ = ["Meter", "TooComplex", "TooDeep", "metered"]


class TooComplex(InvalidInput):
    """The text has more of something than the setting `limit` allows."""

    title: ClassVar[str] = "The text is too complex"

    def __init__(self, detail: str, *, limit: str, line: int, column: int) -> None:
        super().__init__(detail, line=line, column=column)
        self.limit = limit


class TooDeep(TooComplex):
    """The text nests deeper than the setting `limit` allows."""

    title: ClassVar[str] = "The text is nested too deeply"


class _In(Enum):
    """What a bracket holds."""

    CLAUSES = auto()  # the query itself, or a sub-select
    TRIPLES = auto()  # a group, a template, [ … ], {| … |}, << … >>
    LIST = auto()
    PATH = auto()
    EXPRESSION = auto()
    HEADER = auto()  # the variables of VALUES
    DATA = auto()


class _Next(Enum):
    """What the next term would be."""

    SUBJECT = auto()
    VERB = auto()
    FIRST_OBJECT = auto()  # after the verb, which an operator may still continue
    OBJECT = auto()  # another one; no statement can begin before a mark or a keyword
    CONSTRAINT = auto()  # part of FILTER or BIND
    DATA = auto()  # a variable of VALUES
    RESOURCE = auto()  # what DESCRIBE describes


@dataclass(slots=True)
class _Frame:
    """An open bracket; `signs` wait for an operand in it, `weight` is how often it is read."""

    holds: _In
    next: _Next = _Next.SUBJECT
    signs: int = 0
    weight: int = 1


_OPERANDS = frozenset({Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK_NODE})
_TERMS = _OPERANDS | {Kind.NUMBER, Kind.STRING}
_VALUES = _TERMS | {Kind.LANGUAGE}
_CONSTANTS = frozenset({"A", "TRUE", "FALSE"})
_CONSTRAINTS = frozenset({"FILTER", "BIND"})
_KEYWORDS = frozenset({"OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "SILENT", "LATERAL"})
_STEPS = frozenset("/|^!*+?")
_SYMBOLS = frozenset("|&=<>+-*/!")
_PAIRS = frozenset({"||", "&&", "<=", ">=", "!="})
_REREAD = ("GROUP_CONCAT", "REGEX", "REPLACE", "SUBSTR")
_NAMES = {
    "max_operators": "operators",
    "max_triple_patterns": "triple patterns",
    "max_path_steps": "path steps",
    "max_list_elements": "list elements",
    "max_reads": "tokens to read, those that are read again included",
}
_NONE = Token(Kind.END, "", -1)


def metered(reader: Reader, settings: Settings, *, what: str = "query") -> Iterator[Token]:
    """The tokens of `reader`, up to the first that goes over a limit; errors say `what` it is.

    Raises `TooDeep` and `TooComplex`, and what `reader` raises.
    """
    return iter(Meter(reader, settings, what=what))


class Meter:
    """Counts what `reader` reads, and hands it on token by token."""

    def __init__(self, reader: Reader, settings: Settings, *, what: str = "query") -> None:
        self._reader = reader
        self._what = what
        self._limits = {name: getattr(settings, name) for name in _NAMES}
        self._max_nesting = settings.max_nesting
        self._counts = dict.fromkeys(_NAMES, 0)
        self._frames = [_Frame(_In.CLAUSES)]
        self._signs = 0
        self._token = self._before = self._earlier = _NONE

    def __iter__(self) -> Iterator[Token]:
        for token in self._reader:
            self._take(token)
            yield token

    def add_patterns(self, number: int) -> None:
        """Count patterns that will be written into the text. Raises `TooComplex`."""
        self._count("max_triple_patterns", number)

    def _take(self, token: Token) -> None:
        self._earlier, self._before, self._token = self._before, self._token, token
        depth, frame = len(self._reader.open), self._frames[-1]
        self._count("max_reads", frame.weight)
        if depth >= len(self._frames):
            self._open(frame, token.text)
        elif depth < len(self._frames) - 1:
            self._close()
        elif frame.holds is _In.DATA:
            return
        elif frame.holds is _In.HEADER:
            self._count("max_operators", token.kind is Kind.VARIABLE)
        elif token.kind is Kind.MARK:
            self._mark(frame, token.text)
        elif token.kind is Kind.WORD:
            self._word(frame, token.text.upper())
        elif token.kind in _TERMS and (self._earlier.text, self._before.text) != ("^", "^"):
            self._term(frame)

    def _open(self, frame: _Frame, bracket: str) -> None:
        inner = _Frame(*self._content(frame, bracket), weight=frame.weight * self._rereads(frame))
        self._frames.append(inner)
        self._check_nesting()
        if inner.holds is _In.EXPRESSION or (bracket == "{" and inner.holds is _In.TRIPLES):
            self._count("max_operators")
        if frame.holds is _In.TRIPLES and bracket == "{" and inner.holds is _In.TRIPLES:
            self._count("max_triple_patterns", self._before.kind is not Kind.WORD)
        if bracket == "<<":
            self._count("max_triple_patterns", frame.holds is not _In.DATA)

    def _content(self, frame: _Frame, bracket: str) -> tuple[_In, _Next]:
        if frame.holds is _In.DATA or frame.next is _Next.DATA:
            is_header = frame.holds is not _In.DATA and bracket == "("
            return _In.HEADER if is_header else _In.DATA, _Next.SUBJECT
        if bracket != "(" or self._before.text == "<<":
            return _In.TRIPLES, _Next.VERB if bracket == "[" else _Next.SUBJECT
        if frame.holds is _In.PATH or (frame.holds is _In.TRIPLES and frame.next is _Next.VERB):
            return _In.PATH, _Next.VERB
        if frame.holds in {_In.LIST, _In.TRIPLES} and frame.next is not _Next.CONSTRAINT:
            return _In.LIST, _Next.OBJECT
        return _In.EXPRESSION, _Next.SUBJECT

    def _rereads(self, frame: _Frame) -> int:
        """How often the parser may read the bracket that opens, for each time it reads `frame`."""
        is_reread = self._before.kind is Kind.WORD and self._before.text.upper().endswith(_REREAD)
        return 1 << (is_reread + (frame.signs > 0))

    def _close(self) -> None:
        inner, frame = self._frames.pop(), self._frames[-1]
        self._lay_down(inner)
        self._lay_down(frame)
        if self._token.text == "}":
            frame.next = _Next.OBJECT if self._before.text == "|" else _Next.SUBJECT
        elif inner.holds is _In.EXPRESSION and frame.next is _Next.CONSTRAINT:
            frame.next = _Next.SUBJECT
        elif inner.holds not in {_In.HEADER, _In.DATA}:
            self._term(frame)

    def _term(self, frame: _Frame) -> None:
        if frame.holds is _In.LIST:
            self._count("max_list_elements")
            self._count("max_triple_patterns", 2)
        elif frame.next is _Next.RESOURCE:
            self._count("max_operators")
        elif frame.holds is _In.TRIPLES:
            self._part(frame)

    def _part(self, frame: _Frame) -> None:
        match frame.next:
            case _Next.SUBJECT:
                frame.next = _Next.VERB
            case _Next.VERB:
                frame.next = _Next.FIRST_OBJECT
            case _Next.FIRST_OBJECT | _Next.OBJECT:
                frame.next = _Next.OBJECT
                self._count("max_triple_patterns")

    def _word(self, frame: _Frame, word: str) -> None:
        if frame.holds is _In.TRIPLES and self._before.text == "{" and word.startswith("SELECT"):
            frame.holds = _In.CLAUSES
        elif word in {"VALUES", "DATA"} and frame.holds in {_In.CLAUSES, _In.TRIPLES}:
            frame.next = _Next.DATA
            self._count("max_triple_patterns", frame.holds is _In.TRIPLES)
        elif frame.holds is _In.CLAUSES:
            frame.next = _Next.RESOURCE if word == "DESCRIBE" else _Next.SUBJECT
        elif frame.next is _Next.CONSTRAINT:
            return
        elif frame.holds is _In.LIST or word in _CONSTANTS:
            self._term(frame)
        elif frame.holds is _In.TRIPLES:
            self._keyword(frame, word)

    def _keyword(self, frame: _Frame, word: str) -> None:
        if word in _CONSTRAINTS:
            frame.next = _Next.CONSTRAINT
        elif word in _KEYWORDS:
            frame.next = _Next.SUBJECT
        else:  # two words that the engine reads apart, such as `atrue` or `trueFILTER`
            frame.next = _Next.OBJECT
            self._count("max_triple_patterns")

    def _mark(self, frame: _Frame, mark: str) -> None:
        if frame.holds is _In.EXPRESSION:
            self._operator(frame, mark)
        elif frame.holds is _In.PATH:
            self._count("max_path_steps", mark in _STEPS)
        elif frame.holds is _In.CLAUSES and mark == ";":
            self._begin_operation()
        elif frame.holds is _In.TRIPLES and frame.next is not _Next.CONSTRAINT:
            self._punctuation(frame, mark)

    def _begin_operation(self) -> None:
        # No query holds a semicolon outside braces: the engine would read no further.
        if len(self._frames) == 1:
            self._counts = dict.fromkeys(_NAMES, 0) | {"max_reads": self._counts["max_reads"]}

    def _punctuation(self, frame: _Frame, mark: str) -> None:
        if mark in _STEPS and frame.next in {_Next.VERB, _Next.FIRST_OBJECT}:
            self._count("max_path_steps")
            frame.next = frame.next if mark in "*+?" else _Next.VERB
        elif mark == ".":
            frame.next = _Next.SUBJECT
        elif mark == ";" or (mark == "|" and self._before.text == "{"):
            frame.next = _Next.VERB
        elif mark == ",":
            frame.next = _Next.OBJECT
        elif mark == "~":
            frame.next = _Next.OBJECT
            self._count("max_triple_patterns")

    def _operator(self, frame: _Frame, mark: str) -> None:
        if mark == "!" or (mark in "+-" and not self._follows_operand()):
            frame.signs += 1
            self._signs += 1
            self._check_nesting()
        else:
            self._lay_down(frame)
        if mark in _SYMBOLS and not self._ends_pair(mark):
            self._count("max_operators")

    def _ends_pair(self, mark: str) -> bool:
        """Whether the mark is the second character of an operator such as `<=`."""
        before = self._before
        return before.text + mark in _PAIRS and before.offset + 1 == self._token.offset

    def _follows_operand(self) -> bool:
        before = self._before
        return (
            before.kind in _VALUES
            or before.text in {")", "]", "}", ">>"}
            or (before.kind is Kind.WORD and before.text.upper() in _CONSTANTS)
        )

    def _lay_down(self, frame: _Frame) -> None:
        self._signs -= frame.signs
        frame.signs = 0

    def _check_nesting(self) -> None:
        if len(self._frames) - 1 + self._signs > self._max_nesting:
            raise self._over(TooDeep, "nests deeper", "max_nesting", self._max_nesting)

    def _count(self, name: str, number: int = 1) -> None:
        count = self._counts[name] = self._counts[name] + number
        if count > self._limits[name]:
            raise self._over(TooComplex, f"has more {_NAMES[name]}", name, self._limits[name])

    def _over(self, error: type[TooComplex], what: str, limit: str, most: int) -> TooComplex:
        place = self._reader.place(self._token.offset)
        detail = f"the {self._what} {what} than the limit {limit}, {most}"
        return error(detail, limit=limit, line=place.line, column=place.column)
