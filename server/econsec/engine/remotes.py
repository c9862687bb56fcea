"""SERVICE and LOAD: where a text would make the engine reach out to another server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from econsec.engine.tokens import Kind, Place, Reader, Token
from econsec.errors import Refused, UsageError

__all__ = ["AllowList", "Remote", "remote_at", "watched"]

_KEYWORDS = ("SERVICE", "LOAD")
# A keyword, SILENT and the target.
_LONGEST = 3


class AllowList:
    """The endpoints that SERVICE may ask.

    Each is the beginning of an IRI, down to a `/` of its path at least: so that
    `https://example.org` admits `https://example.org/sparql`, but not
    `https://example.org.elsewhere.example/`. Raises `UsageError` on what is no such IRI.
    """

    def __init__(self, prefixes: str) -> None:
        self._prefixes = tuple(_prefix(part) for part in prefixes.split(",") if part.strip())

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._prefixes)

    def admits(self, remote: Remote) -> bool:
        """Whether it is a SERVICE whose target is named and begins as one of these."""
        target = remote.target.removeprefix("<").removesuffix(">")
        segments = unquote(urlsplit(target).path).split("/")
        is_plain = remote.target.startswith("<") and not {".", ".."} & {*segments}
        return remote.keyword == "SERVICE" and is_plain and target.startswith(self._prefixes)


def _prefix(text: str) -> str:
    prefix = text.strip()
    parts = urlsplit(prefix)
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise UsageError(
            f"{prefix!r} is no beginning of an endpoint's IRI",
            remedy="write as https://example.org/sparql, several of them separated by commas",
        )
    return prefix if parts.path else f"{prefix}/"


@dataclass(frozen=True, slots=True)
class Remote:
    """A SERVICE or LOAD: its target as an IRI or as it is written, and its place."""

    keyword: str
    target: str
    place: Place

    def refusal(self) -> Refused:
        """The error that says so."""
        return Refused(
            f"{self.keyword} {self.target} is not on the allow-list",
            line=self.place.line,
            column=self.place.column,
        )


def watched(
    reader: Reader, tokens: Iterable[Token], found: Callable[[Remote], None]
) -> Iterator[Token]:
    """The same tokens; `found` is told of each SERVICE or LOAD, two tokens later at most."""
    held: deque[Token] = deque()
    for token in tokens:
        yield token
        held.append(token)
        if len(held) == _LONGEST:
            _look(reader, held, found)
    while held:
        _look(reader, held, found)


def remote_at(reader: Reader, keyword: str, tokens: Sequence[Token]) -> Remote:
    """What the keyword, the first of `tokens`, reaches out to."""
    return Remote(keyword, _target(reader, tokens[1:]), reader.place(tokens[0].offset))


def _look(reader: Reader, held: deque[Token], found: Callable[[Remote], None]) -> None:
    """Look at the first of the tokens that are held, and let go of it."""
    token = held[0]
    if token.kind is Kind.WORD or token.kind is Kind.NAME:
        for keyword in _KEYWORDS:
            if _opens(keyword, token, held):
                found(remote_at(reader, keyword, [*held]))
    held.popleft()


def _opens(keyword: str, token: Token, held: deque[Token]) -> bool:
    """Whether the engine may read the keyword here, written apart or run into its neighbours.

    `SERVICESILENT`, `trueSERVICE` and, before a group, `SERVICEex:endpoint`
    are clauses to its parser.
    """
    text = token.text.upper()
    if token.kind is Kind.NAME:
        return text.startswith(keyword) and len(held) > 1 and held[1].text == "{"
    return keyword in text


def _target(reader: Reader, following: Sequence[Token]) -> str:
    for token in following:
        if token.kind in {Kind.IRI, Kind.NAME}:
            return f"<{reader.resolve(token)}>"
        if token.text.upper() != "SILENT":
            return token.text
    return ""
