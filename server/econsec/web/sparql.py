"""`/sparql`: the operations of the SPARQL 1.1 Protocol, the Service Description, and a page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.routing import Route

from econsec.engine.backends import Backend
from econsec.rdf.formats import Form, Format, NotAcceptable, by_name, offered
from econsec.rdf.negotiation import negotiate
from econsec.service.about import About
from econsec.service.answers import Asked, Prepared, prepare
from econsec.service.query import Choice
from econsec.service.receipts import receipt
from econsec.service.update import Update
from econsec.settings import Settings
from econsec.web.answering import Answering, cache_key
from econsec.web.api import problems
from econsec.web.authors import Authors
from econsec.web.conditions import condition, is_fresh
from econsec.web.description import Descriptions
from econsec.web.encoding import takes_gzip
from econsec.web.leaving import cancelled_when_left
from econsec.web.pages.editor import EditorPage, is_wanted
from econsec.web.protocol import (
    FORM,
    SPARQL_QUERY,
    DescriptionOperation,
    QueryOperation,
    read,
)
from econsec.web.repeats import ANSWER_KEY
from econsec.web.update import Updates

__all__ = ["PATH", "Endpoint", "install"]

PATH = "/sparql"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_VARY = "Accept, Accept-Encoding"


class Endpoint:
    """Answers queries itself, and has the other operations answered."""

    def __init__(
        self,
        *,
        backend: Backend,
        settings: Settings,
        about: About,
        answering: Answering,
        authors: Authors,
        descriptions: Descriptions,
        page: EditorPage,
        updates: Updates,
    ) -> None:
        self._backend = backend
        self._settings = settings
        self._answering = answering
        self._about = about
        self._authors = authors
        self._descriptions = descriptions
        self._page = page
        self._updates = updates

    async def respond(self, request: Request) -> Response:
        """The answer to whichever operation the request is. Raises `EconSecError`."""
        if is_wanted(request):
            return await self._page.respond(request)
        by_author = request.method == "POST" and self._authors.knows(request)
        operation = await read(request, self._settings, by_author=by_author)
        match operation:
            case Update():
                return await self._updates.carry_out(request, operation)
            case DescriptionOperation():
                return await self._descriptions.describe(request, _choice(operation))
            case QueryOperation():
                return await self._answer(request, operation)

    async def _answer(self, request: Request, operation: QueryOperation) -> Response:
        asked = Asked(
            query=operation.query,
            choose=_choice(operation),
            seconds=operation.seconds,
            client=request.state.client,
            may_truncate=operation.may_truncate,
            byte_order_mark=operation.byte_order_mark,
        )
        prepared = await prepare(asked, backend=self._backend, settings=self._settings)
        request.state.query_hash = prepared.hash
        request.state.query_text = prepared.query.text
        headers = await self._headers(request, prepared)
        if prepared.key is not None and is_fresh(condition(request), prepared.key):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = prepared.format.content_type
        gzip = takes_gzip(", ".join(request.headers.getlist("accept-encoding")))
        shared = _is_shared(request)
        with cancelled_when_left(request):
            answer = await self._answering.answer(prepared, headers, gzip=gzip, shared=shared)
        if prepared.key is not None and shared:
            setattr(request.state, ANSWER_KEY, cache_key(prepared.key, gzip=gzip))
        return answer

    async def _headers(self, request: Request, prepared: Prepared) -> dict[str, str]:
        headers = receipt(prepared, await self._about.facts())
        headers["Vary"] = _VARY
        if prepared.key is None:
            headers["Cache-Control"] = "no-store"
            return headers
        headers["ETag"] = f'W/"{prepared.key}"'
        audience = "public" if _is_shared(request) else "private"
        age = self._settings.cache_max_age_seconds
        headers["Cache-Control"] = f"{audience}, max-age={age}" if age else f"{audience}, no-cache"
        return headers


def install(app: FastAPI, endpoint: Endpoint) -> None:
    """Add the endpoint to `app`."""

    async def respond(request: Request) -> Response:
        return await endpoint.respond(request)

    async def options() -> Response:
        return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})

    # FastAPI's own routes only describe it: what they do around a handler takes longer than
    # many a query.
    methods = [method for method in _METHODS if method != "OPTIONS"]
    app.router.routes.append(Route(PATH, respond, methods=methods))
    described: dict[str, Any] = {"summary": "Ask a SPARQL query", "responses": _RESPONSES}
    described["response_class"] = Response
    app.get(PATH, operation_id="queryByGet", openapi_extra=_BY_GET, **described)(respond)
    app.post(PATH, operation_id="queryByPost", openapi_extra=_BY_POST, **described)(respond)
    app.options(PATH, include_in_schema=False)(options)


def _is_shared(request: Request) -> bool:
    """Whether what one client gets may be given to another."""
    return "authorization" not in request.headers


def _choice(operation: QueryOperation | DescriptionOperation) -> Choice:
    """`?format=` when it is given, for links that anybody can open, else `Accept`."""

    def choose(offered: Sequence[Format]) -> Format:
        if not operation.formats:
            return negotiate(operation.accept, offered)
        # SPARQLWrapper names one format several times, in words that no one server knows.
        for name in operation.formats[:-1]:
            with suppress(NotAcceptable):
                return by_name(name, offered)
        return by_name(operation.formats[-1], offered)

    return choose


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_QUERY = _parameter("query", "A SPARQL query", _TEXT, required=True)
_OPTIONS = [
    _parameter("default-graph-uri", "Graphs whose merge is the default graph", _IRIS),
    _parameter("named-graph-uri", "The named graphs", _IRIS),
    _parameter("format", "A media type or a file extension; wins over Accept", _TEXT),
    _parameter("infer", "Whether inferred triples count", {"type": "boolean", "default": True}),
    _parameter("timeout", "The deadline in seconds", {"type": "number", "exclusiveMinimum": 0}),
    _parameter(
        "truncate",
        "Whether the first rows will do where there are more than the limit",
        {"type": "boolean", "default": False},
    ),
    _parameter("bom", "Whether CSV has a byte-order mark", {"type": "boolean", "default": False}),
]
_FIELDS = {"type": "object", "properties": {"query": _TEXT}, "required": ["query"]}
_BODY = {"required": True, "content": {SPARQL_QUERY: {"schema": _TEXT}, FORM: {"schema": _FIELDS}}}
_BY_GET = {"parameters": [_QUERY, *_OPTIONS]}
_BY_POST = {"parameters": _OPTIONS, "requestBody": _BODY}
_ANSWERS = [*offered(Form.SOLUTIONS), *offered(Form.GRAPH)]
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": {f.media_type: {} for f in _ANSWERS}},
    204: {"description": "The update is carried out"},
    **problems(401, 403, 406, 422, 507),
}
