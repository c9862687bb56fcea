"""`/shapes`: the shapes graph to read, to browse and to take away."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from econsec.paths import resources
from econsec.rdf.formats import (
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    Format,
    by_name,
)
from econsec.rdf.negotiation import negotiate
from econsec.web.api import PROBLEM, problems
from econsec.web.pages.shapes import ShapePages
from econsec.web.parameters import accept, fields_of, only, single
from econsec.web.routes import add_reading
from econsec.web.variants import PAGE
from econsec.web.whole import whole

if TYPE_CHECKING:
    from econsec.knowledge.shape_catalogue import ShapeCatalogue

__all__ = ["PATH", "install"]

PATH = "/shapes"
_MAX_FIELDS = 20
_MOST_KEPT = 256
_LIST = replace(JSON, name="list", media_type="application/json", aliases=(), extensions=("json",))
_OFFERED = (
    TURTLE,
    N_TRIPLES,
    RDF_XML,
    # Plain JSON is the list.
    replace(JSON_LD, aliases=(), extensions=("jsonld",)),
    _LIST,
    PAGE,
)


class _Shapes:
    """The packaged shapes, read when they are first asked for."""

    def __init__(self, pages: ShapePages) -> None:
        self._pages = pages
        self._written = lru_cache(_MOST_KEPT)(self._write)
        self._lock = asyncio.Lock()

    async def all(self, request: Request) -> Response:
        """The whole graph, or the part of it that `profile=` names."""
        fields = fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)
        only(fields, ("profile", "format", "lang", "content"))
        return await self._answer(request, None, single(fields, "profile"))

    async def one(self, request: Request, name: str) -> Response:
        """A shape and all that it reaches."""
        return await self._answer(request, name, None)

    async def _answer(self, request: Request, name: str | None, profile: str | None) -> Response:
        format = _format(request)
        if format.name == PAGE.name:
            return await self._page(request, name, profile)
        # Nothing of this is changed while the service runs, and there are few combinations.
        async with self._lock:
            body = await asyncio.to_thread(self._written, name, profile, format)
        headers = {
            "Vary": "Accept, Accept-Encoding",
            "Link": _links(request.scope["path"], profile, format),
        }
        return await whole(request, body, format.content_type, headers=headers)

    async def _page(self, request: Request, name: str | None, profile: str | None) -> Response:
        async with self._lock:
            catalogue = await asyncio.to_thread(_catalogue)
        if name is not None:
            return await self._pages.one(request, catalogue.entry(name))
        return await self._pages.all(request, catalogue.listing(profile), profile)

    def _write(self, name: str | None, profile: str | None, format: Format) -> bytes:
        catalogue = _catalogue()
        if format.name != _LIST.name:
            if name is not None:
                return catalogue.shape_written(name, format)
            return catalogue.written(format, profile=profile)
        found = catalogue.listing(profile) if name is None else catalogue.entry(name)
        return json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n"


def install(app: FastAPI, *, pages: ShapePages) -> None:
    """Add `/shapes` and `/shapes/{name}` to `app`."""
    shapes = _Shapes(pages)
    described: dict[str, Any] = {"response_class": Response}
    add_reading(
        app,
        PATH,
        shapes.all,
        operation_id="getShapes",
        summary="The SHACL shapes, or a list of them",
        openapi_extra={"parameters": [_PROFILE, _FORMAT]},
        responses=_RESPONSES,
        **described,
    )
    add_reading(
        app,
        PATH + "/{name}",
        shapes.one,
        operation_id="getShape",
        summary="A shape with all that it reaches",
        openapi_extra={"parameters": [_FORMAT]},
        responses={404: {"description": "There is no such shape", **PROBLEM}, **_RESPONSES},
        **described,
    )


@cache
def _catalogue() -> ShapeCatalogue:
    # pySHACL and rdflib come with it, which take long to import.
    from econsec.knowledge.shape_catalogue import ShapeCatalogue

    return ShapeCatalogue(resources() / "shapes")


def _format(request: Request) -> Format:
    named = request.query_params.getlist("format")
    return by_name(named[-1], _OFFERED) if named else negotiate(accept(request), _OFFERED)


def _links(path: str, profile: str | None, chosen: Format) -> str:
    """The other forms of the same (RFC 8288)."""
    selection = "" if profile is None else f"profile={quote(profile)}&"
    return ", ".join(
        f'<{path}?{selection}format={format.extensions[0]}>; rel="alternate"; '
        f'type="{format.media_type}"'
        for format in _OFFERED
        if format.name != chosen.name
    )


_TEXT = {"type": "string"}
_PROFILE = {
    "name": "profile",
    "in": "query",
    "description": "Only what this profile needs: hygiene, designation, document, federation",
    "schema": _TEXT,
}
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "A media type or a file extension; wins over Accept",
    "schema": _TEXT,
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Turtle, another RDF format, or a list as JSON",
        "content": {format.media_type: {} for format in _OFFERED},
    },
    304: {"description": "It is what the client has"},
    **problems(406),
}
