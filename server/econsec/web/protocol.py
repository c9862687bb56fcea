"""The SPARQL 1.1 Protocol's query operation (2.1), read from an HTTP request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qs

from fastapi import Request

from econsec.engine.guard import QueryTooLong
from econsec.engine.store import Query
from econsec.errors import EconSecError, InvalidInput
from econsec.rdf.negotiation import MediaType
from econsec.settings import Settings

__all__ = ["FORM", "SPARQL_QUERY", "Operation", "UnsupportedMediaType", "body_limit", "read"]

FORM = "application/x-www-form-urlencoded"
SPARQL_QUERY = "application/sparql-query"
_MAX_FIELDS = 1_000
_BOOLEANS = {"true": True, "false": False}

_Fields = Mapping[str, list[str]]


class UnsupportedMediaType(EconSecError):
    """The body is in a format that a query cannot be sent in (RFC 9110, 15.5.16)."""

    status: ClassVar[int] = 415
    title: ClassVar[str] = "Unsupported media type"
    headers: ClassVar[Mapping[str, str]] = {"Accept-Post": f"{FORM}, {SPARQL_QUERY}"}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, and the formats that the client takes: by their names, else by `accept`."""

    query: Query
    formats: tuple[str, ...]
    accept: str | None


async def read(request: Request, settings: Settings) -> Operation:
    """Read the operation from a GET or HEAD, or from either kind of POST.

    Raises `InvalidInput`, `UnsupportedMediaType` and `QueryTooLong`.
    """
    fields = _fields(request.scope["query_string"], "query string")
    if request.method == "POST":
        fields = await _posted(request, fields, limit=body_limit(settings))
    if "update" in fields:
        raise InvalidInput("this is an update; only queries are answered")
    text = _single(fields, "query")
    if text is None:
        raise InvalidInput("the parameter 'query' is missing")
    return Operation(
        query=Query(
            text,
            default_graphs=tuple(fields.get("default-graph-uri", ())),
            named_graphs=tuple(fields.get("named-graph-uri", ())),
            infer=_boolean(fields, "infer", default=True),
        ),
        formats=tuple(fields.get("format", ())),
        accept=", ".join(request.headers.getlist("accept")) or None,
    )


def body_limit(settings: Settings) -> int:
    """The bytes that a request may need for a query: three for each, percent-encoded."""
    return 3 * settings.max_query_bytes + 16_384


async def _posted(request: Request, fields: _Fields, *, limit: int) -> _Fields:
    header = request.headers.get("content-type", "")
    media_type = MediaType.parse(header)
    essence = "" if media_type is None else media_type.essence
    if essence not in {FORM, SPARQL_QUERY}:
        raise UnsupportedMediaType(
            f"a query cannot be sent as {header!r}" if header else "the body has no Content-Type",
            remedy=f"send it as {SPARQL_QUERY} or {FORM}",
        )
    if media_type is not None and media_type.charset != "utf-8":
        raise UnsupportedMediaType(f"the charset {media_type.charset!r} is not UTF-8")
    if "content-encoding" in request.headers:
        raise UnsupportedMediaType("the body is compressed", remedy="send it as it is")
    body = await _body(request, limit)
    posted = _fields(body, "body") if essence == FORM else {"query": [_text(body, "body")]}
    return {name: [*fields.get(name, ()), *posted.get(name, ())] for name in {**fields, **posted}}


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise QueryTooLong(f"the body has more than {limit} bytes (limit max_query_bytes)")
    return bytes(body)


def _fields(encoded: bytes, where: str) -> _Fields:
    text = _text(encoded, where)
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the {where} is not valid UTF-8") from error
    except ValueError as error:
        raise InvalidInput(f"the {where} has more than {_MAX_FIELDS} fields") from error


def _text(encoded: bytes, where: str) -> str:
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the {where} is not valid UTF-8") from error


def _single(fields: _Fields, name: str) -> str | None:
    values = fields.get(name, [])
    if len(values) > 1:
        raise InvalidInput(f"the parameter '{name}' is given {len(values)} times")
    return values[0] if values else None


def _boolean(fields: _Fields, name: str, *, default: bool) -> bool:
    value = _single(fields, name)
    if value is None:
        return default
    if value not in _BOOLEANS:
        raise InvalidInput(f"the parameter '{name}' is true or false, not {value!r}")
    return _BOOLEANS[value]
