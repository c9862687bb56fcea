"""`/store`: the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.engine.writing.requests import GraphMethod
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import graph_name
from econsec.rdf.formats import Form, Format, by_name, offered
from econsec.rdf.negotiation import negotiate
from econsec.service.graphs import Graphs
from econsec.service.spool import Spool
from econsec.service.tokens import Tokens
from econsec.settings import Settings
from econsec.web.address import own_url
from econsec.web.api import problems
from econsec.web.authors import Authors
from econsec.web.conditions import check_match, condition, entity_tag, is_fresh
from econsec.web.parameters import accept, fields_of
from econsec.web.receipts import COMMIT, committed
from econsec.web.streaming import StreamedReply
from econsec.web.uploads import ACCEPTED, Uploads

__all__ = ["PATH", "install"]

PATH = "/store"
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
_MAX_FIELDS = 100


@dataclass(frozen=True, slots=True)
class _Target:
    """The graph that a request is about; `is_new` where the store is to name it."""

    graph: str | None
    is_new: bool = False


class _GraphStore:
    """The protocol over a backend; each public method answers one request."""

    def __init__(
        self, backend: Backend, tokens: Tokens, *, spool: Spool, settings: Settings
    ) -> None:
        self._backend = backend
        self._authors = Authors(backend, tokens)
        self._spool = spool
        self._settings = settings
        self._graphs = Graphs(backend, settings)
        self._uploads = Uploads(limit=settings.max_upload_bytes)

    async def read(self, request: Request) -> Response:
        """GET and HEAD: the graph, in a format that the client takes (5.2, 5.6)."""
        target = _named(request, self._settings)
        format = _format(request)
        asked = condition(request)
        publication = self._backend.publication
        commit, client = publication.commit, request.state.client
        await self._graphs.check(target.graph, commit=commit, client=client)
        tag = entity_tag(publication, target.graph, is_writable=self._backend.is_writable)
        check_match(asked, tag)
        audience = "private" if "authorization" in request.headers else "public"
        headers = {
            "Vary": "Accept",
            "Cache-Control": f"{audience}, no-cache",
            COMMIT: str(commit),
        }
        if tag is not None:
            headers["ETag"] = f'"{tag}"'
        if is_fresh(asked, tag):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = format.content_type
        if request.method == "HEAD":
            return Response(headers=headers)
        reply = await self._graphs.read(target.graph, format, commit=commit, client=client)
        if reply.body is not None:
            return Response(reply.body, headers=headers)
        return StreamedReply(reply, headers=headers)

    async def write(self, request: Request) -> Response:
        """PUT and POST: replace the graph, or add to it (5.3, 5.5)."""
        author = self._authors.author(request)
        named = _target if request.method == "POST" else _named
        target = named(request, self._settings)
        self._graphs.check_writable(target.graph)
        self._uploads.check(request)
        asked = condition(request)
        base = target.graph or own_url(request, self._settings)
        async with self._spool.session() as session:
            sent = await self._uploads.receive(request, session, base=base)
            receipt = await self._graphs.write(
                GraphMethod(request.method),
                target.graph,
                sent,
                session=session,
                by=author,
                condition=asked,
            )
        return committed(receipt, location=target.graph if target.is_new else None)

    async def delete(self, request: Request) -> Response:
        """DELETE: drop the graph (5.4)."""
        author = self._authors.author(request)
        target = _named(request, self._settings)
        receipt = await self._graphs.delete(target.graph, by=author, condition=condition(request))
        return committed(receipt)

    async def options(self) -> Response:
        """OPTIONS: what can be done here, and what can be sent."""
        headers = {"Allow": ", ".join(_METHODS), "Accept-Post": ACCEPTED}
        return Response(status_code=204, headers=headers)


def install(
    app: FastAPI, *, backend: Backend, tokens: Tokens, spool: Spool, settings: Settings
) -> None:
    """Add the graph store to `app`."""
    store = _GraphStore(backend, tokens, spool=spool, settings=settings)
    methods: dict[str, Callable[..., Awaitable[Response]]] = {
        "get": store.read,
        "put": store.write,
        "post": store.write,
        "delete": store.delete,
    }
    for name, answer in methods.items():
        add = getattr(app, name)
        described = {"summary": _SUMMARIES[name], "responses": _RESPONSES, **_OPEN}
        extra = {"parameters": _GRAPH, **({"requestBody": _BODY} if name in _SENDING else {})}
        add(PATH, operation_id=f"{name}Graph", openapi_extra=extra, **described)(answer)
        add(PATH + "/{path:path}", include_in_schema=False)(answer)
    for path in (PATH, PATH + "/{path:path}"):
        app.head(path, include_in_schema=False)(store.read)
        app.options(path, include_in_schema=False)(store.options)


def _target(request: Request, settings: Settings) -> _Target:
    """The graph that the URL names (4.1, 4.2). Raises `InvalidInput`.

    Below the store, the request's own URL is the name of the graph.
    """
    fields = fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)
    graphs = fields.get("graph", [])
    if len(graphs) + ("default" in fields) > 1:
        raise InvalidInput("the request names more than one graph")
    url = own_url(request, settings)
    if request.scope["path"].removeprefix(PATH).strip("/"):
        if graphs or "default" in fields:
            raise InvalidInput("the graph is named by the path and by a parameter")
        return _Target(graph_name(url).value)
    if graphs:
        return _Target(graph_name(graphs[0]).value)
    if "default" in fields:
        return _Target(None)
    return _Target(f"{url.rstrip('/')}/{uuid4()}", is_new=True)


def _named(request: Request, settings: Settings) -> _Target:
    target = _target(request, settings)
    if target.is_new:
        raise InvalidInput("no graph is named", remedy="say ?graph=IRI or ?default")
    return target


def _format(request: Request) -> Format:
    formats = offered(Form.GRAPH)
    named = request.query_params.getlist("format")
    if named:
        return by_name(named[-1], formats)
    return negotiate(accept(request), formats)


_OPEN: dict[str, Any] = {"response_class": Response}
_SENDING = frozenset({"put", "post"})
_SUMMARIES = {
    "get": "Read a graph",
    "put": "Replace a graph",
    "post": "Add to a graph, or make a new one",
    "delete": "Delete a graph",
}
_GRAPH = [
    {
        "name": "graph",
        "in": "query",
        "description": "The IRI of the graph; below /store, the URL itself names it",
        "schema": {"type": "string", "format": "iri"},
    },
    {
        "name": "default",
        "in": "query",
        "description": "The default graph",
        "schema": {"type": "string"},
        "allowEmptyValue": True,
    },
]
_BODY = {
    "required": True,
    "content": {each.strip(): {"schema": {"type": "string"}} for each in ACCEPTED.split(",")},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    201: {"description": "The graph is new"},
    204: {"description": "The graph is changed"},
    **problems(401, 403, 404, 406, 412, 422, 507),
}
