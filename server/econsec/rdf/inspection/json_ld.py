"""JSON-LD, read before the parser sees it: nesting, contexts that lie elsewhere, long chains."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from econsec.errors import EconSecError, Refused
from econsec.rdf.inspection.contexts import Contexts
from econsec.rdf.inspection.place import Cursor, NestedTooDeep

__all__ = ["MAX_CONTEXT_TERMS", "ContextTooLarge", "JsonLdScanner"]

MAX_CONTEXT_TERMS = 2000
"""Terms of one context: some thousands that are defined by each other end the parser's process."""

_LONGEST_HELD = 16_384
_SHOWN = 200
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - _STEP.keys())
_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)"?|[\[\]{}:,]', re.DOTALL)
_STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")


class ContextTooLarge(Refused):
    """A JSON-LD context of more terms than are read."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "The JSON-LD context is too large"


@dataclass(frozen=True, slots=True)
class _Context:
    """A value of @context that is open: an array or an object, at its depth."""

    depth: int
    is_object: bool


class JsonLdScanner:
    """Counts open brackets, and writes out the contexts that the document names and we hold.

    `remote` is the first context that it names and we do not hold. Whether that
    is an error the parser knows: within a JSON literal it is data.
    """

    def __init__(self, max_nesting: int, contexts: Contexts) -> None:
        self.remote: str | None = None
        self._limit = max_nesting
        self._contexts = contexts
        self._cursor = Cursor()
        self._held = b""
        self._in_string = False
        self._depth = 0
        self._terms = 0
        self._open: list[_Context] = []
        self._string: bytes | None = None
        self._value_expected = False
        self._has_json = self._has_nested = False

    def feed(self, block: bytes, *, last: bool = False) -> bytes:
        """The bytes that have been read, with contexts written out.

        Raises `Refused`, `NestedTooDeep` and `ContextTooLarge`.
        """
        data = self._held + block
        whole = data if last else _without_half_escape(data)
        masked = whole.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        starts_in_string = self._in_string
        end = self._end(masked, last=last)
        piece, self._held = data[:end], data[end:]
        if self._needs_reading(piece) or not self._measure(masked[:end], starts_in_string):
            given = self._read(piece, starts_in_string)
        else:
            given = piece
        self._cursor.advance(piece)
        return given

    def _end(self, masked: bytes, *, last: bool) -> int:
        """Up to where to read now: not into a string, unless it is long."""
        quotes = masked.count(b'"')
        self._in_string = bool((quotes + self._in_string) % 2)
        if not self._in_string or quotes == 0 or last:
            return len(masked)
        start = masked.rfind(b'"')
        if len(masked) - start > _LONGEST_HELD:
            return len(masked)
        self._in_string = False
        return start

    def _needs_reading(self, piece: bytes) -> bool:
        return (
            self._value_expected
            or bool(self._open)
            or self._string is not None
            or b'@context"' in piece
            or b'@json"' in piece
            or _ESCAPED_LETTER.search(piece) is not None
        )

    def _measure(self, masked: bytes, starts_in_string: bool) -> bool:
        """Count the brackets of a piece without contexts; `False` where they go too deep."""
        outside = b"".join(masked.split(b'"')[int(starts_in_string) :: 2])
        brackets = outside.translate(None, _NO_BRACKETS)
        opening = brackets.count(b"[") + brackets.count(b"{")
        if self._depth + opening > self._limit:
            steps = map(_STEP.__getitem__, brackets)
            if max(accumulate(steps, initial=self._depth)) > self._limit:
                return False
        self._depth += 2 * opening - len(brackets)
        return True

    def _read(self, piece: bytes, starts_in_string: bool) -> bytes:
        """Read token by token."""
        given: list[bytes] = []
        taken = position = 0
        if starts_in_string:
            rest = _STRING_REST.match(piece)
            assert rest is not None
            position = rest.end()
        for token in _TOKEN.finditer(piece, position):
            try:
                written = self._take(token)
            except EconSecError as error:
                raise self._cursor.locate(error, piece[: token.start()]) from None
            if written is not None:
                given += (piece[taken : token.start()], written)
                taken = token.end()
        given.append(piece[taken:])
        return b"".join(given)

    def _take(self, token: re.Match[bytes]) -> bytes | None:
        """Take one token, and say what to write in its place where that is something else."""
        match token[0][:1]:
            case b'"':
                return self._take_string(token[1])
            case b":":
                self._take_key()
            case b"[" | b"{" as bracket:
                self._enter(is_object=bracket == b"{")
            case b"]" | b"}":
                self._leave()
            case _:
                self._value_expected = False
        self._string = None
        return None

    def _take_string(self, content: bytes) -> bytes | None:
        if not self._is_context():
            self._string = content
            if _decoded(content) == "@json":
                self._has_json = True
                self._check_literals()
            return None
        in_array = not self._value_expected
        self._value_expected = False
        iri = _decoded(content)
        written = self._contexts.written(iri)
        if written is None:
            self.remote = self.remote or iri[:_SHOWN]
            return None
        self._has_json |= b'"@json"' in written
        self._has_nested |= self._depth > 1 + in_array
        self._check_literals()
        # An array of contexts may not hold another one.
        return written[1:-1] if in_array and written.startswith(b"[") else written

    def _take_key(self) -> None:
        key = None if self._string is None else _decoded(self._string)
        if self._open and self._open[-1] == _Context(self._depth, is_object=True):
            self._terms += 1
            if self._terms > MAX_CONTEXT_TERMS:
                raise ContextTooLarge(f"a context has more than {MAX_CONTEXT_TERMS} terms")
            if key == "@import":
                raise Refused(
                    "the JSON-LD imports a context, and nothing is ever fetched",
                    remedy=f"write the context into the document; {self._contexts.offer()}",
                )
        self._value_expected = key == "@context"

    def _enter(self, *, is_object: bool) -> None:
        is_context = self._is_context()
        self._depth += 1
        if self._depth > self._limit:
            raise NestedTooDeep(
                f"the JSON is nested more than {self._limit} levels deep (limit max_upload_nesting)"
            )
        if is_context:
            if not self._open:
                self._terms = 0
            self._open.append(_Context(self._depth, is_object))
        self._value_expected = False

    def _leave(self) -> None:
        if self._open and self._open[-1].depth == self._depth:
            self._open.pop()
        self._depth -= 1
        self._value_expected = False

    def _is_context(self) -> bool:
        """Whether the value that comes now is a context, or one of an array of contexts."""
        within = self._open[-1] if self._open else None
        return self._value_expected or within == _Context(self._depth, is_object=False)

    def _check_literals(self) -> None:
        """A JSON literal may hold anything, a key @context too, and stays as it is."""
        if self._has_json and self._has_nested:
            raise Refused(
                "the JSON-LD has JSON literals, and names a context below its top",
                remedy="write the context into the document",
            )


def _without_half_escape(data: bytes) -> bytes:
    backslashes = len(data) - len(data.rstrip(b"\\"))
    return data[:-1] if backslashes % 2 else data


def _decoded(content: bytes) -> str:
    """The text of a JSON string, as far as it is one."""
    if b"\\" not in content:
        return content.decode(errors="replace")
    try:
        text = str(json.loads(b'"' + content + b'"', strict=False))
    except ValueError:
        return ""
    return text.encode(errors="backslashreplace").decode()
