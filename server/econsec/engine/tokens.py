"""The tokens of SPARQL text, read in one pass without recursion.

The engine's parser has no tokens: it reads keywords and names letter by letter
and falls back where a reading fails, so that `ex:SERVICE<…>` can turn out to
be a name and a keyword. This reader cuts the text as the SPARQL grammar says
(longest match) and refuses the few spellings that the engine could cut
otherwise; what it lets through, both read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode, RdfFormat, parse

from econsec.errors import InvalidInput
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Kind", "Place", "Reader", "Token"]


class Kind(StrEnum):
    """What a token is; its value is the name of its group in the pattern below."""

    IRI = "iri"
    NAME = "name"
    WORD = "word"
    VARIABLE = "variable"
    BLANK_NODE = "blank"
    NUMBER = "number"
    STRING = "string"
    LANGUAGE = "language"
    MARK = "mark"
    END = "end"
    DATA = "data"  # many tokens of plain data at once; no group of the pattern


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is written, and where it begins (in code points)."""

    kind: Kind
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column of the text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """An offset whose line is known, and where that line begins."""

    offset: int
    line: int
    begins: int


# The terminals of SPARQL 1.2, 19.8, possessive so that reading stays linear.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = rf"{_BASE}_"
_CHARS = rf"{_START}\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = rf"\\[tbnrf\"'\\]|{_UCHAR}"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_IRIREF = rf"""<(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>"""
# Only one group of dots, as in the engine: `ex:a.b.c` ends after `ex:a.b`.
_LOCAL = (
    rf"(?:[{_START}:0-9]|{_ESCAPED})(?:[{_CHARS}:]|{_ESCAPED})*+"
    rf"(?:\.++(?:[{_CHARS}:]|{_ESCAPED})++)?+"
)
_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_TOKEN = re.compile(
    rf"""{_GAP}(?:(?P<iri>{_IRIREF})
    |(?P<name>(?:[{_BASE}][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)?+:(?:{_LOCAL})?+)
    |(?P<word>[{_BASE}][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)
    |(?P<variable>[?$][{_START}0-9][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*+)
    |(?P<blank>_:[{_START}0-9][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)
    |(?P<number>(?:[0-9]++\.[0-9]*+|\.?[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
    |(?P<string>'''(?:(?:'{{1,2}}+)?+(?:[^'\\]|{_ECHAR}))*+'''
        |\"\"\"(?:(?:"{{1,2}}+)?+(?:[^"\\]|{_ECHAR}))*+\"\"\"
        |'(?:[^'\\\r\n]|{_ECHAR})*+'|"(?:[^"\\\r\n]|{_ECHAR})*+")
    |(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
    |(?P<mark>>>|[{{}}()\[\]<>.,;*+/|^!=~?&-])
    |(?P<end>\Z))""",
    re.VERBOSE,
)
_IRI = re.compile(_IRIREF)
_SPACE = re.compile(_GAP)
_KINDS = {kind.value: kind for kind in Kind}
_HEX = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?=:)")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_/.~%-]*")
_OPERANDS = frozenset(
    {Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK_NODE, Kind.NUMBER, Kind.STRING, Kind.LANGUAGE}
)
_CLOSES = {"}": "{", ")": "(", "]": "["}


class Reader:
    """Reads the tokens of one text and keeps what their reading depends on.

    `base` (at first that of the request) and `prefixes` (at first those that
    every query may use undeclared) are for the caller to fill in as it reads the
    prologue, between one token and the next; `open` holds the brackets that
    stand open. Where `plain` is set, a run of tokens that it matches inside braces
    or square brackets comes as one token. Every error is `InvalidInput`, with
    line and column unless it is about `base`.
    """

    def __init__(self, text: str, *, base: str | None = None) -> None:
        if base is not None and not _is_iri(base):
            raise InvalidInput(f"the base IRI {base!r} is not an absolute IRI")
        self.text = text
        self.base = base
        self.prefixes = dict(PREFIXES)
        self.open: list[Token] = []
        self.plain: re.Pattern[str] | None = None
        self._previous: Token | None = None
        self._placed = _Placed(0, 1, 0)

    def __iter__(self) -> Iterator[Token]:
        token = self._read(0)
        while token.kind is not Kind.END:
            self._check(token)
            self._previous = token
            yield token
            offset = token.offset + len(token.text)
            token = self._run(offset) or self._read(offset)
        if self.open:
            bracket = self.open[-1]
            raise self.error(f"the bracket {bracket.text} is never closed", bracket.offset)

    def place(self, offset: int) -> Place:
        """Where `offset` lies; CR, LF and CRLF each end a line."""
        # From the place before, so that many places in order cost one pass.
        before = self._placed if offset >= self._placed.offset else _Placed(0, 1, 0)
        count, text = self.text.count, self.text
        ends = (count(end, before.offset, offset) for end in ("\n", "\r"))
        line = before.line + sum(ends) - count("\r\n", before.offset, offset)
        begins = 1 + max(text.rfind(end, before.offset, offset) for end in ("\n", "\r"))
        self._placed = _Placed(offset, line, begins or before.begins)
        return Place(line, offset - self._placed.begins + 1)

    def error(self, detail: str, offset: int, *, remedy: str | None = None) -> InvalidInput:
        """An error that points at `offset`."""
        place = self.place(offset)
        return InvalidInput(detail, line=place.line, column=place.column, remedy=remedy)

    def resolve(self, token: Token) -> str:
        """The absolute IRI that an IRI or NAME token stands for."""
        if token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            if prefix not in self.prefixes:
                raise self.error(f"the prefix '{prefix}:' is not declared", token.offset)
            iri, base = self.prefixes[prefix] + local.replace("\\", ""), None
        else:
            iri, base = _unescape(token.text[1:-1]), self.base
        try:
            return NamedNode(iri).value if base is None else _join(base, iri)
        except (SyntaxError, ValueError) as error:
            raise self.error(f"{token.text} is not a valid IRI", token.offset) from error

    def _run(self, offset: int) -> Token | None:
        if self.plain is None or not self.open or self.open[-1].text not in {"{", "["}:
            return None
        if self._previous is not None and self._previous.kind is Kind.WORD:
            return None  # the name of a graph is read by itself
        run = self.plain.match(self.text, offset)
        return None if run is None else Token(Kind.DATA, run[0], offset)

    def _read(self, offset: int) -> Token:
        match = _TOKEN.match(self.text, offset)
        if match is None or match.lastgroup is None:
            gap = _SPACE.match(self.text, offset)
            at = offset if gap is None else gap.end()
            raise self.error(f"no SPARQL token begins with {self.text[at : at + 1]!r}", at)
        kind, text = _KINDS[match.lastgroup], match[match.lastgroup]
        token = Token(kind, text, match.start(match.lastgroup))
        return self._angle(token) if text.startswith("<") else token

    def _angle(self, token: Token) -> Token:
        """Settle what `<` begins: an IRI, a quoted triple or a comparison.

        Only inside parentheses and after an operand can it be a comparison.
        There, what looks like an IRI is taken for one only if the engine could
        not read it as a comparison with a different end.
        """
        nested = _IRI.match(self.text, token.offset + 1)
        quoting = Token(Kind.MARK, "<<", token.offset)
        if not self._may_compare():
            if token.kind is Kind.IRI:
                return token
            if self.text.startswith("<<", token.offset):
                return quoting
            raise self.error("this '<' begins no valid IRI", token.offset)
        if token.kind is Kind.IRI:
            self._check_unambiguous(token)
        elif nested is not None:
            self._check_unambiguous(Token(Kind.IRI, nested[0], nested.start()))
        elif self.text.startswith("<<", token.offset):
            return quoting
        return token

    def _may_compare(self) -> bool:
        previous = self._previous
        if previous is None or not self.open or self.open[-1].text != "(":
            return False
        if previous.kind is Kind.WORD:
            return previous.text.lower().endswith(("true", "false"))
        return previous.kind in _OPERANDS or previous.text in {")", "]", "}", ">", ">>"}

    def _check_unambiguous(self, token: Token) -> None:
        content = token.text[1:-1]
        scheme = _SCHEME.match(content)
        if scheme is not None and scheme.group() not in self.prefixes:
            return
        if _PLAIN_PATH.fullmatch(content) is None:
            raise self.error(
                f"{token.text} can be read as an IRI and as a comparison",
                token.offset,
                remedy="write a space after the '<' of a comparison, and an IRI in full",
            )

    def _check(self, token: Token) -> None:
        match token.kind:
            case Kind.MARK:
                self._balance(token)
            case Kind.STRING | Kind.IRI:
                self._check_escapes(token)
            case Kind.NAME if not self._is_declaring():
                self.resolve(token)

    def _is_declaring(self) -> bool:
        previous = self._previous
        return previous is not None and previous.text.upper() == "PREFIX"

    def _balance(self, token: Token) -> None:
        if token.text in {"{", "(", "[", "<<"}:
            self.open.append(token)
        elif token.text in _CLOSES:
            if not self.open or self.open[-1].text != _CLOSES[token.text]:
                raise self.error(f"the bracket {token.text} closes nothing", token.offset)
            self.open.pop()
        elif token.text == ">>" and self.open and self.open[-1].text == "<<":
            self.open.pop()

    def _check_escapes(self, token: Token) -> None:
        # The engine reads a string with such an escape as several shorter ones.
        for match in _HEX.finditer(token.text):
            point = int(match[1] or match[2] or "0", 16)
            if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
                raise self.error(f"{match[0]} is no character", token.offset + match.start())


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except (ValueError, SyntaxError):
        return False
    return True


def _unescape(text: str) -> str:
    return _HEX.sub(lambda match: chr(int(match[1] or match[2], 16)), text)


def _join(base: str, reference: str) -> str:
    """Resolve as the engine does; raises `SyntaxError` or `ValueError`."""
    if _IRI.fullmatch(f"<{reference}>") is None:
        raise ValueError(reference)
    triple = f"<{reference}> <{reference}> <{reference}> ."
    quad = next(iter(parse(triple, format=RdfFormat.TURTLE, base_iri=base)))
    return str(quad.subject)[1:-1]
