"""`/graph/…`: a named graph by its IRI; programs get its content, people its description."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.rdf.namespaces import BASE
from econsec.service.graphs import Graphs
from econsec.settings import Settings
from econsec.web.conditions import condition, entity_tag, is_fresh
from econsec.web.pages.rendering import fields
from econsec.web.receipts import COMMIT
from econsec.web.representations import EXTENSIONS, RDF_FORMATS, Asked
from econsec.web.routes import add_reading
from econsec.web.streaming import StreamedReply
from econsec.web.variants import PAGE, VARIANTS, chosen, without_extension

__all__ = ["EXAMPLES", "install"]

EXAMPLES = "/.well-known/sparql-examples"
"""The graph of the examples, which tools look for in this place."""

_SAFE = "/:@!$&'()*+,;=~"


class _GraphDocuments:
    def __init__(self, backend: Backend, settings: Settings) -> None:
        self._backend = backend
        self._graphs = Graphs(backend, settings)

    async def graph(self, request: Request) -> Response:
        """The content; who wants a page is led to the description."""
        path = request.scope["path"]
        named = without_extension(path)
        format = named.format or chosen(request, fields(request), VARIANTS)
        if format.name == PAGE.name:
            location = f"/doc{quote(named.path if named.format else path, safe=_SAFE)}"
            query = request.scope["query_string"].decode("ascii", errors="replace")
            headers = {"Location": f"{location}{'?' if query else ''}{query}", "Vary": "Accept"}
            return Response(status_code=303, headers=headers)
        return await self._content(request, Asked(named.path, format))

    async def examples(self, request: Request) -> Response:
        """The examples; to a browser, Turtle as text."""
        named = without_extension(request.scope["path"], RDF_FORMATS)
        format = named.format or chosen(request, fields(request), RDF_FORMATS)
        return await self._content(request, Asked(named.path, format))

    async def _content(self, request: Request, by: Asked) -> Response:
        publication = self._backend.publication
        graph = BASE + by.path.lstrip("/")
        commit, client = publication.commit, request.state.client
        await self._graphs.check(graph, commit=commit, client=client)
        tag = entity_tag(publication, graph, is_writable=self._backend.is_writable)
        headers = {"Cache-Control": "public, no-cache", COMMIT: str(commit), **by.headers}
        headers["Vary"] = "Accept"
        if tag is not None:
            headers["ETag"] = f'W/"{tag}"'
            if is_fresh(condition(request), tag):
                return Response(status_code=304, headers=headers)
        headers["Content-Type"] = by.content_type
        if request.method == "HEAD":
            return Response(headers=headers)
        reply = await self._graphs.read(graph, by.format, commit=commit, client=client)
        if reply.body is not None:
            return Response(reply.body, headers=headers)
        return StreamedReply(reply, headers=headers)


def install(app: FastAPI, *, backend: Backend, settings: Settings) -> None:
    """Add the graphs to `app`."""
    documents = _GraphDocuments(backend, settings)
    routes = [
        ("/graph/{path:path}", documents.graph),
        (EXAMPLES, documents.examples),
        *((f"{EXAMPLES}.{extension}", documents.examples) for extension in EXTENSIONS),
    ]
    for path, answer in routes:
        add_reading(app, path, answer)
