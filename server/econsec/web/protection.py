"""`/protection`: which graphs are under validation, and by what."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import graph_name
from econsec.service.protection import Protection
from econsec.service.spool import Spool
from econsec.service.tokens import Tokens
from econsec.settings import Settings
from econsec.web.address import own_url
from econsec.web.api import problems
from econsec.web.authors import Authors
from econsec.web.parameters import fields_of
from econsec.web.receipts import committed
from econsec.web.uploads import ACCEPTED, Uploads

__all__ = ["PATH", "install"]

PATH = "/protection"
_MAX_FIELDS = 10
_MAX_SHAPES_BYTES = 4 << 20


class _Route:
    """Each public method answers one request."""

    def __init__(
        self, backend: Backend, tokens: Tokens, *, spool: Spool, settings: Settings
    ) -> None:
        self._authors = Authors(backend, tokens)
        self._protection = Protection(backend, settings)
        self._settings = settings
        self._spool = spool
        limit = min(settings.max_upload_bytes, _MAX_SHAPES_BYTES)
        self._uploads = Uploads(limit=limit)

    async def read(self, request: Request) -> Response:
        """GET: all graphs under validation, or one."""
        graph, _ = self._asked(request)
        if graph is not None:
            return _json(await self._protection.one(graph))
        return _json({"graphs": await self._protection.all()})

    async def put(self, request: Request) -> Response:
        """PUT: put a graph under validation; the answer is the report on what violates already."""
        author = self._authors.author(request)
        asked, profile = self._asked(request)
        graph = _named(asked)
        async with self._spool.session() as session:
            sent = None
            if _has_body(request):
                self._uploads.check(request)
                base = own_url(request, self._settings)
                sent = await self._uploads.receive(request, session, base=base)
            if sent is None and profile is None:
                raise InvalidInput("there is nothing to validate by", remedy=_REMEDY)
            receipt = await self._protection.put(graph, profile, sent, session=session, by=author)
        answer = _json(receipt.report)
        answer.headers.update(committed(receipt).headers)
        return answer

    async def delete(self, request: Request) -> Response:
        """DELETE: let a graph be written without validation."""
        author = self._authors.author(request)
        graph, _ = self._asked(request)
        return committed(await self._protection.remove(_named(graph), by=author))

    def _asked(self, request: Request) -> tuple[str | None, str | None]:
        fields = fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)
        if len(fields.get("graph", [])) > 1 or len(fields.get("profile", [])) > 1:
            raise InvalidInput("a graph and a profile are named once each")
        graph = next(iter(fields.get("graph", [])), None)
        name = None if graph is None else graph_name(graph).value
        return name, next(iter(fields.get("profile", [])), None)


def install(
    app: FastAPI, *, backend: Backend, tokens: Tokens, spool: Spool, settings: Settings
) -> None:
    """Add `/protection` to `app`."""
    route = _Route(backend, tokens, spool=spool, settings=settings)
    described: dict[str, Any] = {"response_class": Response}
    app.get(
        PATH,
        operation_id="getProtection",
        summary="Which graphs are under validation",
        openapi_extra={"parameters": [_GRAPH]},
        responses={200: _JSON, **problems(404)},
        **described,
    )(route.read)
    app.put(
        PATH,
        operation_id="putProtection",
        summary="Put a graph under validation, by a profile, by shapes in the body, or by both",
        openapi_extra={"parameters": [_GRAPH, _PROFILE], "requestBody": _BODY},
        responses={200: _JSON, **problems(401, 403, 404, 507)},
        **described,
    )(route.put)
    app.delete(
        PATH,
        operation_id="deleteProtection",
        summary="Let a graph be written without validation",
        openapi_extra={"parameters": [_GRAPH]},
        status_code=204,
        responses={204: {"description": "It is let go"}, **problems(401, 403, 404, 507)},
        **described,
    )(route.delete)


def _named(graph: str | None) -> str:
    if graph is None:
        raise InvalidInput("no graph is named", remedy="say ?graph=IRI")
    return graph


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or (
        "transfer-encoding" in request.headers
    )


def _json(content: Any) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    headers = {"Cache-Control": "no-store"}
    return Response(text, media_type="application/json", headers=headers)


_REMEDY = "name a profile with profile=, or send shapes"
_TEXT = {"type": "string"}
_JSON: dict[str, Any] = {"description": "As JSON", "content": {"application/json": {}}}
_GRAPH = {"name": "graph", "in": "query", "description": "The IRI of the graph", "schema": _TEXT}
_PROFILE = {"name": "profile", "in": "query", "description": "Its name", "schema": _TEXT}
_BODY = {
    "required": False,
    "content": {each.strip(): {"schema": _TEXT} for each in ACCEPTED.split(",")},
}
