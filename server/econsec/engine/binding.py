"""Values for variables of a query, written into its text as SPARQL 1.1 means them: VALUES.

The engine's own substitutions were measured (pyoxigraph 0.5.13) and are not
used. They refuse a variable that only filters use, unless the outermost SELECT
projects it; a sub-SELECT that does not project it does not see them, and its
answer is silently empty (a COUNT is 0); nor does a FILTER under CONSTRUCT; and
BOUND is false. A data block at the head of each group that uses the variable
holds everywhere, shows the value where the query projects it, and is understood
by every other engine too. What it cannot express is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from econsec.engine.complexity import Meter
from econsec.engine.guard import read_prologue
from econsec.engine.store import Query
from econsec.engine.tokens import Kind, Reader, Token
from econsec.errors import UsageError
from econsec.settings import Settings

__all__ = ["bound", "variables"]

_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def variables(text: str, *, base: str | None = None) -> frozenset[str]:
    """The names of the variables that the text of a query uses. Raises `InvalidInput`."""
    reader = Reader(text, base=base)
    tokens = _tokens(reader, iter(reader))
    return frozenset(token.text[1:] for token in tokens if token.kind is Kind.VARIABLE)


def bound(query: Query, settings: Settings | None = None) -> str:
    """The text of `query` with its bindings in it, on the same lines.

    Raises `UsageError`, with line and column where there is a place, on a
    variable that the query does not use or sets itself, and where a data block
    would mean something else; `InvalidInput` on text that is not a query; and,
    where there are `settings`, `TooComplex` on one that with its data blocks, a
    pattern each, goes over their limits.
    """
    reader = Reader(query.text, base=query.base)
    meter = None if settings is None else Meter(reader, settings)
    tokens = _tokens(reader, iter(meter or reader))
    blocks: dict[int, str] = {}
    for binding in query.bindings:
        block = f" VALUES ?{binding.variable} {{ {binding.term} }} "
        for offset in _places(reader, tokens, binding.variable):
            blocks[offset] = blocks.get(offset, "") + block
            if meter is not None:
                meter.add_patterns(1)
    return _with_blocks(query.text, blocks)


@dataclass(slots=True)
class _Block:
    """What a brace opens, or the query itself: a group of patterns, or a SELECT around one.

    `where` is the group of a SELECT; `clause` the one of its modifiers that is being read.
    """

    opener: Token | None
    is_group: bool = False
    is_minus: bool = False
    where: _Block | None = None
    clause: str = ""
    is_grouped: bool = False
    groups_by_variable: bool = False
    is_using: bool = False


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Any other bracket; an aggregate sees the solutions before they are grouped."""

    is_aggregate: bool


class _Scan:
    """One pass over a query in search of one variable."""

    def __init__(self, reader: Reader, tokens: Sequence[Token], variable: str) -> None:
        self._reader = reader
        self._tokens = tokens
        self._variable = variable
        self._open: list[_Block | _Bracket] = []
        self.top = _Block(None)
        self.blocks = [self.top]
        for index, token in enumerate(tokens):
            self._step(index, token)

    def _step(self, index: int, token: Token) -> None:
        if token.text == "{":
            self._enter(index, token)
        elif token.text in {"(", "[", "<<"}:
            self._open.append(_Bracket(_is_word(self._tokens[index - 1], *_AGGREGATES)))
        elif token.text in {"}", ")", "]", ">>"} and self._open:
            self._open.pop()
        elif token.kind is Kind.WORD:
            self._read_clause(index)
        elif self._is_variable(token):
            self._use(index, token)

    def _enter(self, index: int, token: Token) -> None:
        before, parent = self._tokens[index - 1], self._open[-1] if self._open else self.top
        header = _values_header(self._tokens, index)
        for named in header or ():
            if self._is_variable(named):
                raise self._set_by_query(named)
        is_group = header is None and _is_group(self._tokens, index)
        block = _Block(token, is_group, is_minus=_is_word(before, "MINUS"))
        if is_group and isinstance(parent, _Block) and not parent.is_group:
            parent.where = parent.where or block
        self.blocks.append(block)
        self._open.append(block)

    def _read_clause(self, index: int) -> None:
        # The engine reads `GROUPBY` and `HAVINGBOUND(…)` as two words.
        text = "".join(token.text for token in self._tokens[index : index + 2]).upper()
        words = ("GROUPBY", "ORDERBY", "HAVING", "LIMIT", "OFFSET", "VALUES")
        word = next((word for word in words if text.startswith(word)), None)
        if word is not None:
            self._innermost.is_grouped |= word == "GROUPBY"
            self._innermost.clause = word.removesuffix("BY")

    def _use(self, index: int, token: Token) -> None:
        if _is_word(self._tokens[index - 1], "AS"):
            raise self._set_by_query(token)
        for block in (self.top, *self._open):
            if isinstance(block, _Block):
                block.is_using = True
                self._check_minus(block, token)
        self._check_clause(token)

    def _check_minus(self, block: _Block, token: Token) -> None:
        if block.is_minus:
            detail = f"a value for {token.text} would change what MINUS compares"
            raise self._refusal(token, detail, "write FILTER NOT EXISTS { … } instead")

    def _check_clause(self, token: Token) -> None:
        block, brackets = self._innermost, self._brackets
        if block.clause == "GROUP":
            # A group by an expression of the variable has no value of the variable.
            block.groups_by_variable |= not brackets
            return
        needs_group = block.clause == "HAVING" or (block.clause == "ORDER" and block.is_grouped)
        if not needs_group or block.groups_by_variable:
            return
        if not any(bracket.is_aggregate for bracket in brackets):
            detail = f"{block.clause} sees no value of {token.text}, which no group has"
            raise self._refusal(token, detail, f"add {token.text} to GROUP BY")

    @property
    def _innermost(self) -> _Block:
        return next((each for each in reversed(self._open) if isinstance(each, _Block)), self.top)

    @property
    def _brackets(self) -> list[_Bracket]:
        """The brackets that stand open within the innermost block."""
        inwards = takewhile(lambda each: isinstance(each, _Bracket), reversed(self._open))
        return [each for each in inwards if isinstance(each, _Bracket)]

    def _is_variable(self, token: Token) -> bool:
        return token.kind is Kind.VARIABLE and token.text[1:] == self._variable

    def _set_by_query(self, token: Token) -> UsageError:
        detail = f"the query sets {token.text} itself"
        return self._refusal(token, detail, "take out its BIND, VALUES or AS to give a value")

    def _refusal(self, token: Token, detail: str, remedy: str) -> UsageError:
        place = self._reader.place(token.offset)
        return UsageError(detail, line=place.line, column=place.column, remedy=remedy)


def _tokens(reader: Reader, stream: Iterator[Token]) -> list[Token]:
    form = read_prologue(reader, stream)
    # The prologue's own tokens are no part of what is read below.
    return [Token(Kind.WORD, form.value, 0), *stream]


def _places(reader: Reader, tokens: Sequence[Token], name: str) -> Iterator[int]:
    """Where the data block of one variable goes: behind which opening braces."""
    scan = _Scan(reader, tokens, name)
    if not scan.top.is_using:
        raise UsageError(
            f"the query does not use ?{name}, so a value for it would change nothing",
            remedy=f"use ?{name} in the query, or give no value",
        )
    if scan.top.where is None or _is_short_form(tokens):
        raise UsageError(
            f"the query has no group in which ?{name} could be given a value",
            remedy="write its patterns as WHERE { … }, after CONSTRUCT { … } in a CONSTRUCT",
        )
    for block in scan.blocks:
        if block.is_using and block.where is not None:
            block.where.is_using = True
    for block in scan.blocks:
        if block.is_using and block.is_group and block.opener is not None:
            yield block.opener.offset + 1


def _is_group(tokens: Sequence[Token], index: int) -> bool:
    """Whether the brace at `index` opens a group of patterns, no annotation, template or SELECT."""
    follows = tokens[index + 1]
    is_select = follows.kind is Kind.WORD and follows.text.upper().startswith("SELECT")
    if is_select or follows.text == "|":
        return False
    return not _is_word(tokens[index - 1], "CONSTRUCT")


def _values_header(tokens: Sequence[Token], index: int) -> Sequence[Token] | None:
    """The variables of the VALUES whose data begin at `index`, if they do."""
    start = index - 1
    if tokens[start].text == ")":
        while start > 0 and tokens[start].text != "(":
            start -= 1
    elif tokens[start].kind is not Kind.VARIABLE:
        return None
    return tokens[start:index] if _is_word(tokens[start - 1], "VALUES") else None


def _is_short_form(tokens: Sequence[Token]) -> bool:
    return tokens[0].text == "CONSTRUCT" and tokens[1].text != "{"


def _is_word(token: Token, *words: str) -> bool:
    # The engine reads `trueMINUS` as two words.
    return token.kind is Kind.WORD and token.text.upper().endswith(words)


def _with_blocks(text: str, blocks: dict[int, str]) -> str:
    return "".join(_pieces(text, sorted(blocks.items())))


def _pieces(text: str, blocks: Iterable[tuple[int, str]]) -> Iterator[str]:
    start = 0
    for offset, block in blocks:
        yield text[start:offset]
        yield block
        start = offset
    yield text[start:]
