"""`/sparql`: the query operation of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from econsec.engine.store import Store
from econsec.rdf.formats import Form, Format, NotAcceptable, by_name, offered
from econsec.rdf.negotiation import negotiate
from econsec.service.query import Choice, answer
from econsec.settings import Settings
from econsec.web.protocol import FORM, SPARQL_QUERY, Operation, read

__all__ = ["install"]

_PATH = "/sparql"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")


def install(app: FastAPI, *, store: Store, settings: Settings) -> None:
    """Add the endpoint to `app`."""

    async def query(request: Request) -> Response:
        operation = await read(request, settings)
        result = await run_in_threadpool(
            answer, operation.query, _choice(operation), store=store, settings=settings
        )
        headers = {"Content-Type": result.format.content_type, "Vary": "Accept"}
        return Response(result.body, headers=headers)

    async def options() -> Response:
        return Response(status_code=204, headers={"Allow": ", ".join(_METHODS)})

    described: dict[str, Any] = {"summary": "Ask a SPARQL query", "responses": _RESPONSES}
    described["response_class"] = Response
    app.get(_PATH, operation_id="queryByGet", openapi_extra=_BY_GET, **described)(query)
    app.post(_PATH, operation_id="queryByPost", openapi_extra=_BY_POST, **described)(query)
    app.head(_PATH, include_in_schema=False)(query)
    app.options(_PATH, include_in_schema=False)(options)


def _choice(operation: Operation) -> Choice:
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
]
_FIELDS = {"type": "object", "properties": {"query": _TEXT}, "required": ["query"]}
_BODY = {"required": True, "content": {SPARQL_QUERY: {"schema": _TEXT}, FORM: {"schema": _FIELDS}}}
_BY_GET = {"parameters": [_QUERY, *_OPTIONS]}
_BY_POST = {"parameters": _OPTIONS, "requestBody": _BODY}
_ANSWERS = [*offered(Form.SOLUTIONS), *offered(Form.GRAPH)]
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": {f.media_type: {} for f in _ANSWERS}},
    400: {"description": "The query cannot be read", **_PROBLEM},
    403: {"description": "The query asks for what is refused here, such as SERVICE", **_PROBLEM},
    406: {"description": "No format on offer is acceptable", **_PROBLEM},
}
