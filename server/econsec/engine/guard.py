"""What a query's text is and asks for, read before the engine sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from econsec.engine.complexity import TooComplex, TooDeep, metered
from econsec.engine.remotes import AllowList, Remote, watched
from econsec.engine.tokens import Kind, Reader, Token
from econsec.errors import InvalidInput
from econsec.rdf.formats import Form
from econsec.settings import Settings

__all__ = [
    "QueryForm",
    "QueryTooLong",
    "Remote",
    "TooComplex",
    "TooDeep",
    "Traits",
    "after_prologue",
    "check",
    "read",
    "read_prologue",
    "size_in_bytes",
]


class QueryForm(StrEnum):
    """The forms of SPARQL 1.1 Query, 16; an update is none of them."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def answer(self) -> Form:
        """What the answer to a query of this form is made of."""
        return _ANSWERS[self]


_ANSWERS = {
    QueryForm.SELECT: Form.SOLUTIONS,
    QueryForm.ASK: Form.BOOLEAN,
    QueryForm.CONSTRUCT: Form.GRAPH,
    QueryForm.DESCRIBE: Form.GRAPH,
}
_GRAPH_NAMES = frozenset({Kind.IRI, Kind.NAME})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)


class QueryTooLong(InvalidInput):
    """The text is longer than the setting `limit` allows."""

    status: ClassVar[int] = 413
    title: ClassVar[str] = "The query is too long"
    limit: ClassVar[str] = "max_query_bytes"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a query's text says about it; graphs are absolute IRIs.

    `graphs` are those that GRAPH names.
    """

    form: QueryForm
    services: tuple[Remote, ...] = ()
    loads: tuple[Remote, ...] = ()
    from_graphs: tuple[str, ...] = ()
    from_named: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()


def check(text: str, settings: Settings, *, base: str | None = None) -> Traits:
    """Read a query and refuse what must not reach the engine.

    Raises `Refused` on LOAD, and on SERVICE unless its target is on the allow-list of the
    settings, SILENT and variable targets included, and what `read` raises.
    """
    traits = read(text, settings, base=base)
    allowed = _allow_list(settings.service_allowed)
    for remote in (*traits.services, *traits.loads):
        if not allowed.admits(remote):
            raise remote.refusal()
    return traits


_allow_list = lru_cache(maxsize=16)(AllowList)


def read(text: str, settings: Settings, *, base: str | None = None) -> Traits:
    """Measure a query's text in one pass; relative IRIs are resolved against `base`.

    Raises `QueryTooLong`, `TooDeep`, `TooComplex`, and `InvalidInput` on an update, and on a
    text that has no SPARQL tokens, open brackets or undeclared prefixes.
    """
    size = size_in_bytes(text)
    if size > settings.max_query_bytes:
        raise QueryTooLong(
            f"the query has {size} bytes; the limit max_query_bytes is {settings.max_query_bytes}"
        )
    reader = Reader(text, base=base)
    tokens = metered(reader, settings)
    form = read_prologue(reader, tokens)
    remotes: list[Remote] = []
    body = tuple(watched(reader, tokens, remotes.append))
    return Traits(
        form=form,
        services=tuple(remote for remote in remotes if remote.keyword == "SERVICE"),
        loads=tuple(remote for remote in remotes if remote.keyword == "LOAD"),
        from_graphs=tuple(_dataset(reader, body, named=False)),
        from_named=tuple(_dataset(reader, body, named=True)),
        graphs=tuple(dict.fromkeys(_graphs(reader, body))),
    )


def size_in_bytes(text: str) -> int:
    """How long a text is in UTF-8. Raises `InvalidInput` on what cannot be written in it."""
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput("the text is not valid UTF-8") from error


def read_prologue(reader: Reader, tokens: Iterator[Token]) -> QueryForm:
    """Read BASE and PREFIX into `reader` and name the form that follows."""
    token = after_prologue(reader, tokens)
    if token is None:
        raise reader.error("the text holds no query", len(reader.text))
    word = token.text.upper()
    if word in QueryForm.__members__:
        return QueryForm(word)
    if word in _UPDATES:
        raise reader.error("this is an update; only queries are answered", token.offset)
    raise reader.error(
        f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {token.text}", token.offset
    )


def after_prologue(reader: Reader, tokens: Iterator[Token]) -> Token | None:
    """Read BASE and PREFIX into `reader` and return the first token behind them."""
    for token in tokens:
        match token.text.upper():
            case "BASE":
                reader.base = _iri(reader, tokens)
            case "PREFIX":
                name = next(tokens, None)
                if name is None or name.text.find(":") != len(name.text) - 1:
                    raise reader.error("PREFIX is not followed by a prefix", token.offset)
                reader.prefixes[name.text[:-1]] = _iri(reader, tokens)
            case "VERSION":
                next(tokens, None)
            case _:
                return token
    return None


def _iri(reader: Reader, tokens: Iterator[Token]) -> str:
    token = next(tokens, None)
    if token is None or token.kind is not Kind.IRI:
        offset = len(reader.text) if token is None else token.offset
        raise reader.error("expected an IRI in angle brackets", offset)
    return reader.resolve(token)


def _graphs(reader: Reader, body: Sequence[Token]) -> Iterator[str]:
    for word, name in pairwise(body):
        if word.kind is Kind.WORD and name.kind in _GRAPH_NAMES and word.text.upper() == "GRAPH":
            yield reader.resolve(name)


def _dataset(reader: Reader, body: Sequence[Token], *, named: bool) -> Iterator[str]:
    """The graphs of FROM, or of FROM NAMED."""
    for index, token in enumerate(body):
        if token.kind is not Kind.WORD or not token.text.upper().startswith("FROM"):
            continue
        following = body[index + 1 : index + 3]
        is_named = bool(following) and following[0].text.upper() == "NAMED"
        graph = following[1 if is_named else 0 :][:1]
        if len(token.text) > len("FROM") or not graph or graph[0].kind not in _GRAPH_NAMES:
            raise reader.error("FROM is not followed by an IRI", token.offset)
        if is_named is named:
            yield reader.resolve(graph[0])
