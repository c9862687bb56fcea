"""Every IRI of ours leads to its document: `/id/…`, `/vocab/…` and others, and `/doc/…`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.errors import EconSecError
from econsec.rdf.formats import Format
from econsec.rdf.namespaces import BASE
from econsec.service.about import About
from econsec.service.documents import embedded, written
from econsec.service.highlights import highlights
from econsec.service.resources import Resource, Resources, ThingNotFound
from econsec.service.schemes import is_scheme, with_concepts
from econsec.service.search import Search
from econsec.settings import Settings
from econsec.web.address import own_url
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.pages.thing import ThingPage
from econsec.web.routes import add_reading
from econsec.web.variants import PAGE, VARIANTS, alternates, chosen, without_extension
from econsec.web.whole import whole

__all__ = ["install"]

_DOCUMENTS = "/doc"
_KINDS = ("id", "vocab", ".well-known/sparql-examples")
_VARY = "Accept, Accept-Language, Accept-Encoding"
_SAFE = "/:@!$&'()*+,;=~"


class _LinkedData:
    def __init__(
        self,
        backend: Backend,
        about: About,
        *,
        renderer: Renderer,
        search: Search | None,
        settings: Settings,
    ) -> None:
        self._about = about
        self._backend = backend
        self._page = ThingPage(renderer)
        self._renderer = renderer
        self._resources = Resources(backend)
        self._search = search
        self._settings = settings

    async def identify(self, request: Request) -> Response:
        """A thing is no document: 303 leads to the one that describes it (RFC 9110, 15.4.4)."""
        path = request.scope["path"].lstrip("/")
        named = without_extension(path)
        is_known = await self._resources.knows(BASE + path) or (
            named.format is not None and await self._resources.knows(BASE + named.path)
        )
        if not is_known:
            raise await self._unknown(named.path)
        query = request.scope["query_string"].decode("ascii", errors="replace")
        location = f"{_DOCUMENTS}/{quote(path, safe=_SAFE)}{'?' if query else ''}{query}"
        return Response(status_code=303, headers={"Location": location, "Vary": _VARY})

    async def document(self, request: Request, path: str) -> Response:
        """What is known of a thing, in the form that the client takes."""
        named = without_extension(path)
        if named.format is not None and not await self._resources.knows(BASE + path):
            path, format = named.path, named.format
        else:
            format = chosen(request, fields(request))
        if format.name == PAGE.name:
            return await self._renderer.once(request, partial(self._shown, request, path))
        resource = await self._resource(path)
        headers = _headers(path, format, resource)
        if is_scheme(resource):
            resource = await with_concepts(self._backend, resource)
        body = written(
            resource,
            url=own_url(request, self._settings),
            about=await self._about.facts(),
            format=format,
        )
        return await whole(request, body, format.content_type, headers=headers)

    async def _resource(self, path: str) -> Resource:
        try:
            return await self._resources.resource(BASE + path)
        except ThingNotFound:
            raise await self._unknown(path) from None

    async def _shown(self, request: Request, path: str) -> Response:
        about, resource, found = await asyncio.gather(
            self._about.facts(),
            self._resource(path),
            highlights(self._backend, BASE + path),
        )
        return await self._page.respond(
            request,
            resource,
            path=path,
            headers=_headers(path, PAGE, resource),
            json_ld=embedded(resource, url=own_url(request, self._settings), about=about),
            highlights=found,
        )

    async def _unknown(self, path: str) -> ThingNotFound:
        """The error, with what was perhaps meant."""
        error = ThingNotFound(f"the data set says nothing about <{BASE}{path}>")
        if self._search is not None:
            with suppress(EconSecError):  # nobody misses a suggestion
                similar = await self._search.similar(path.rpartition("/")[2])
                error.suggestions = tuple({"iri": each.iri, **each.names} for each in similar)
        return error


def install(
    app: FastAPI,
    *,
    backend: Backend,
    about: About,
    renderer: Renderer,
    settings: Settings,
    search: Search | None = None,
) -> None:
    """Add the documents of things to `app`, and the ways to them.

    With a `search`, who asks for something unknown is told what is called much like it.
    """
    data = _LinkedData(backend, about, renderer=renderer, search=search, settings=settings)
    for kind in _KINDS:
        add_reading(app, f"/{kind}/{{path:path}}", data.identify)
    add_reading(app, _DOCUMENTS + "/{path:path}", data.document)


def _headers(path: str, format: Format, resource: Resource) -> dict[str, str]:
    address = f"{_DOCUMENTS}/{quote(path, safe=_SAFE)}"
    topic = f'<{quote(resource.iri, safe=_SAFE)}>; rel="about"'
    headers = {"Vary": _VARY, "Link": f"{topic}, {alternates(address, format, VARIANTS)}"}
    if resource.is_truncated:
        headers["EconSec-Truncated"] = "true"
    return headers
