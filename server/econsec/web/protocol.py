"""The operations of the SPARQL 1.1 Protocol (2.1 query, 2.2 update), read from a request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fastapi import Request

from econsec.engine.store import Query
from econsec.errors import EconSecError, InvalidInput
from econsec.rdf.negotiation import MediaType
from econsec.service.update import Update
from econsec.settings import Settings
from econsec.web.address import own_url
from econsec.web.parameters import Fields, accept, boolean, fields_of, seconds, single, text_of

__all__ = [
    "FORM",
    "SPARQL_QUERY",
    "SPARQL_UPDATE",
    "BodyTooLong",
    "DescriptionOperation",
    "Operation",
    "QueryOperation",
    "UnsupportedMediaType",
    "body_limit",
    "read",
]

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
SPARQL_UPDATE = "application/sparql-update"
_PARAMETERS = {SPARQL_QUERY: "query", SPARQL_UPDATE: "update"}
_MAX_FIELDS = 1_000
_FORM_BYTES = 4 << 20
_ENCODED, _ROOM = 3, 16_384
"""Bytes for each byte that is percent-encoded, and for the other parameters."""

_LONG = 16 << 10


class UnsupportedMediaType(EconSecError):
    """The body is in a format that an operation cannot be sent in (RFC 9110, 15.5.16)."""

    status: ClassVar[int] = 415
    title: ClassVar[str] = "Unsupported media type"
    headers: ClassVar[Mapping[str, str]] = {
        "Accept-Post": ", ".join((FORM, SPARQL_QUERY, SPARQL_UPDATE))
    }


class BodyTooLong(InvalidInput):
    """The body is longer than what is sent in this way may be (RFC 9110, 15.5.14)."""

    status: ClassVar[int] = 413
    title: ClassVar[str] = "The body is too long"

    def __init__(self, detail: str, *, limit: str) -> None:
        super().__init__(detail, remedy=f"send a long update as {SPARQL_UPDATE}, with a token")
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryOperation:
    """A query and how it is to be answered.

    The client takes the formats that it names, else those that `accept` says.
    `seconds` is the deadline that it wishes. Who `may_truncate` takes fewer rows than there are.
    """

    query: Query
    formats: tuple[str, ...]
    accept: str | None
    seconds: float | None
    may_truncate: bool
    byte_order_mark: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionOperation:
    """A request without a query: it asks what the service is (SPARQL 1.1 Service Description)."""

    formats: tuple[str, ...]
    accept: str | None


Operation = QueryOperation | Update | DescriptionOperation


async def read(request: Request, settings: Settings, *, by_author: bool) -> Operation:
    """Read the operation from a GET or HEAD, or from either kind of POST.

    Only what is sent `by_author`, one who may write, may be as long as an update.
    Raises `InvalidInput`, `UnsupportedMediaType` and `BodyTooLong`.
    """
    fields = fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)
    if "update" in fields:
        raise InvalidInput("an update is sent in the body of a POST, not in a URL")
    if request.method == "POST":
        fields = await _posted(request, fields, settings, by_author=by_author)
    base = own_url(request, settings)
    query, update = single(fields, "query"), single(fields, "update")
    if query is not None and update is not None:
        raise InvalidInput("the request has a query and an update")
    if update is not None:
        return _update(fields, update, base=base)
    if query is not None:
        return _query(request, fields, query, base=base)
    if request.method == "POST" or fields.keys() - {"format"}:
        raise InvalidInput("the parameter 'query' is missing")
    return DescriptionOperation(
        formats=tuple(fields.get("format", ())),
        accept=accept(request),
    )


def body_limit(settings: Settings) -> int:
    """The bytes that a request may need for a query, percent-encoded."""
    return _ENCODED * settings.max_query_bytes + _ROOM


def _limit(essence: str, settings: Settings, *, by_author: bool) -> int:
    """The bytes of a body. What is percent-encoded costs much to read."""
    least = body_limit(settings)
    if not by_author:
        return least
    if essence == FORM:
        return max(least, min(_FORM_BYTES, _ENCODED * settings.max_update_bytes + _ROOM))
    return max(least, settings.max_update_bytes + 1)


def _query(request: Request, fields: Fields, text: str, *, base: str) -> QueryOperation:
    return QueryOperation(
        query=Query(
            text,
            base=base,
            default_graphs=tuple(fields.get("default-graph-uri", ())),
            named_graphs=tuple(fields.get("named-graph-uri", ())),
            infer=boolean(fields, "infer", default=True),
        ),
        formats=tuple(fields.get("format", ())),
        accept=accept(request),
        seconds=seconds(fields, "timeout"),
        may_truncate=boolean(fields, "truncate", default=False),
        byte_order_mark=boolean(fields, "bom", default=False),
    )


def _update(fields: Fields, text: str, *, base: str) -> Update:
    return Update(
        text=text,
        base=base,
        using_graphs=tuple(fields.get("using-graph-uri", ())),
        using_named=tuple(fields.get("using-named-graph-uri", ())),
    )


async def _posted(
    request: Request, fields: Fields, settings: Settings, *, by_author: bool
) -> Fields:
    header = request.headers.get("content-type", "")
    media_type = MediaType.parse(header)
    essence = "" if media_type is None else media_type.essence
    if essence != FORM and essence not in _PARAMETERS:
        what = "a query or an update"
        raise UnsupportedMediaType(
            f"{what} cannot be sent as {header!r}" if header else "the body has no Content-Type",
            remedy=f"send it as {SPARQL_QUERY}, {SPARQL_UPDATE} or {FORM}",
        )
    if media_type is not None and media_type.charset != "utf-8":
        raise UnsupportedMediaType(f"the charset {media_type.charset!r} is not UTF-8")
    if "content-encoding" in request.headers:
        raise UnsupportedMediaType("the body is compressed", remedy="send it as it is")
    limit = _limit(essence, settings, by_author=by_author)
    body = await _body(request, limit, by_author=by_author)
    if essence != FORM:
        posted: Fields = {_PARAMETERS[essence]: [text_of(body, "body")]}
    elif len(body) < _LONG:
        posted = fields_of(body, "body", most=_MAX_FIELDS)
    else:  # what is percent-encoded takes its time
        posted = await asyncio.to_thread(fields_of, body, "body", most=_MAX_FIELDS)
    return {name: [*fields.get(name, ()), *posted.get(name, ())] for name in {**fields, **posted}}


async def _body(request: Request, limit: int, *, by_author: bool) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            name = "max_update_bytes" if by_author else "max_query_bytes"
            raise BodyTooLong(f"the body has more than {limit} bytes (limit {name})", limit=name)
    return bytes(body)
