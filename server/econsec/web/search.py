"""`/search` and `/suggest`: things by their names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.errors import InvalidInput
from econsec.rdf.formats import JSON
from econsec.rdf.namespaces import ES
from econsec.rdf.notation import long_iri
from econsec.service.named import Named
from econsec.service.search import Found, Search, Thing
from econsec.web.api import problems
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.pages.view import View
from econsec.web.parameters import Fields, single
from econsec.web.routes import add_reading
from econsec.web.variants import PAGE, chosen

__all__ = ["install"]

_MOST_CHARACTERS = 200
_PAGE_LENGTH = 25
_MOST = 100
_SUGGESTED = 8
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_PLAIN = replace(JSON, name="list", media_type="application/json", aliases=(), extensions=("json",))
_OFFERED = (_PLAIN, PAGE)


class _Route:
    def __init__(self, backend: Backend, search: Search, renderer: Renderer) -> None:
        self._backend = backend
        self._search = search
        self._renderer = renderer

    async def find(self, request: Request) -> Response:
        """What is found, as a page or as JSON."""
        given = fields(request)
        text, type = _text(given), single(given, "type") or None
        view = self._renderer.view(request)
        kind = None if type is None else _class(type)
        found = await self._search.find(text, language=view.content.value, type=kind)
        offset = _number(given, "offset", default=0)
        limit = min(_number(given, "limit", default=_PAGE_LENGTH), _MOST)
        shown = found[offset : offset + limit]
        if chosen(request, given, _OFFERED).name != PAGE.name:
            return self._json(
                {
                    "query": text,
                    "total": len(found),
                    "offset": offset,
                    "results": [_described(view, each) for each in shown],
                }
            )
        return await self._renderer.respond(
            request,
            "search.html.j2",
            view=view,
            text=text,
            total=len(found),
            found=[await self._hit(each) for each in shown],
            kinds=await self._kinds(found) if kind is None else [],
            kind=None if kind is None else await self._named(kind),
            type=type,
            offset=offset,
            limit=limit,
            similar=[] if found or not text else await self._search.similar(text),
        )

    async def suggest(self, request: Request) -> Response:
        """The first few, for a field that somebody types into."""
        given = fields(request)
        view = self._renderer.view(request)
        type = single(given, "type") or None
        found = await self._search.find(
            _text(given),
            language=view.content.value,
            type=None if type is None else _class(type),
        )
        limit = min(_number(given, "limit", default=_SUGGESTED), _MOST)
        return self._json(
            {"suggestions": [await self._suggestion(view, each) for each in found[:limit]]}
        )

    async def _suggestion(self, view: View, found: Found) -> dict[str, Any]:
        kind = await self._kind(found.thing)
        name = view.said(found.thing.names)
        return {
            "iri": found.thing.iri,
            "label": found.match.text if name is None else name.text,
            "language": found.match.language if name is None else name.language,
            "match": found.match.text,
            "type": None if kind is None else view.name(kind).text,
            "href": view.href(found.thing.iri),
        }

    async def _hit(self, found: Found) -> dict[str, Any]:
        thing = Named(found.thing.iri, "uri", labels=found.thing.names)
        return {"thing": thing, "found": found, "kind": await self._kind(found.thing)}

    async def _kinds(self, found: list[Found]) -> list[tuple[Named, int]]:
        """The classes that are stated of what was found, the most frequent first."""
        counts: dict[str, int] = {}
        for each in found:
            for type in each.thing.types[:1]:
                counts[type] = counts.get(type, 0) + 1
        ordered = sorted(counts, key=lambda type: (-counts[type], type))[:12]
        return [(await self._named(type), counts[type]) for type in ordered]

    async def _kind(self, thing: Thing) -> Named | None:
        return await self._named(thing.types[0]) if thing.types else None

    async def _named(self, iri: str) -> Named:
        known = await self._search.thing(iri)
        return Named(iri, "uri", labels={} if known is None else known.names)

    def _json(self, content: Any) -> Response:
        headers = {
            "Cache-Control": "public, no-cache",
            "EconSec-Commit": str(self._backend.publication.commit),
            "Vary": "Accept, Accept-Language",
        }
        text = json.dumps(content, ensure_ascii=False)
        return Response(text, media_type="application/json", headers=headers)


def install(app: FastAPI, *, backend: Backend, search: Search, renderer: Renderer) -> None:
    """Add `/search` and `/suggest` to `app`."""
    route = _Route(backend, search, renderer)
    described: dict[str, Any] = {"response_class": Response, "responses": _RESPONSES}
    add_reading(
        app,
        "/search",
        route.find,
        operation_id="search",
        summary="Find things by their names and definitions",
        openapi_extra={"parameters": [*_PARAMETERS, _OFFSET, _FORMAT]},
        **described,
    )
    app.get(
        "/suggest",
        operation_id="suggest",
        summary="The first things that match what somebody types",
        openapi_extra={"parameters": _PARAMETERS},
        **described,
    )(route.suggest)


def _described(view: View, found: Found) -> dict[str, Any]:
    thing, match = found.thing, found.match
    return {
        "iri": thing.iri,
        "labels": thing.names,
        "definition": thing.definition,
        "types": thing.types,
        "match": {
            "field": match.field.name.lower(),
            "text": match.text,
            "language": match.language or None,
        },
        "href": view.href(thing.iri),
    }


def _text(given: Fields) -> str:
    text = (single(given, "q") or "").strip()
    if len(text) > _MOST_CHARACTERS:
        raise InvalidInput(f"a search text has {_MOST_CHARACTERS} characters at most")
    return text


def _class(name: str) -> str:
    """A class by its IRI, by `es:Good`, or by `Good`."""
    return long_iri(name) if ":" in name else ES + name


def _number(given: Fields, name: str, *, default: int) -> int:
    value = single(given, name)
    if value is None:
        return default
    if _NUMBER.fullmatch(value) is None:
        raise InvalidInput(f"the parameter '{name}' is a whole number, not {value!r}")
    return int(value)


def _parameter(name: str, description: str, type: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": type}}


_PARAMETERS = [
    _parameter("q", "What to look for; all words must occur, in any width, case or kana"),
    _parameter("lang", "en or ja: matches in it go first, and names are given in it"),
    _parameter("type", "Only things of this class: its IRI, es:Good or Good"),
    _parameter("limit", f"How many, {_MOST} at most", "integer"),
]
_OFFSET = _parameter("offset", "How many to pass over", "integer")
_FORMAT = _parameter("format", "json or html; wins over Accept")
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "What is found, the best first", "content": {"application/json": {}}},
    **problems(406),
}
