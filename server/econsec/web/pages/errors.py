"""Errors as pages: what is wrong, where, what can be done, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from fastapi import Request, Response

from econsec.errors import EconSecError
from econsec.rdf.formats import JSON, NotAcceptable
from econsec.rdf.negotiation import negotiate
from econsec.service.named import Named
from econsec.service.search import Search
from econsec.web.languages import preferred_language
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.view import View
from econsec.web.parameters import accept
from econsec.web.variants import PAGE, is_browser

__all__ = ["ErrorPages"]

_NOT_FOUND = 404
_PROBLEM = replace(
    JSON,
    name="problem",
    media_type="application/problem+json",
    aliases=("application/json",),
    extensions=("json",),
    forms=frozenset(),
)


class ErrorPages:
    """The pages of problems (RFC 9457)."""

    def __init__(self, renderer: Renderer, search: Search) -> None:
        self._renderer = renderer
        self._search = search

    def are_preferred(self, request: Request) -> bool:
        """Whether the client is a browser, and names no problems before pages."""
        try:
            return (
                is_browser(request)
                and negotiate(accept(request), (_PROBLEM, PAGE)).name == PAGE.name
            )
        except NotAcceptable:
            return False

    async def respond(
        self, request: Request, problem: dict[str, Any], *, headers: Mapping[str, str]
    ) -> Response:
        """The page."""
        return await self._renderer.respond(
            request,
            "error.html.j2",
            view=self._view(request),
            status=problem["status"],
            headers={"Cache-Control": "no-store", **headers},
            problem=problem,
            similar=await self._similar(request, problem),
        )

    def _view(self, request: Request) -> View:
        """As of any page, unless it is the choice of a language that is wrong."""
        try:
            return self._renderer.view(request)
        except EconSecError:
            language = preferred_language(request)
            return View(language=language, content=language, path=request.scope["path"])

    async def _similar(self, request: Request, problem: dict[str, Any]) -> list[Named]:
        """What was perhaps meant: as the problem says, else called much like the address's end."""
        if problem["status"] != _NOT_FOUND:
            return []
        if (said := problem.get("suggestions")) is not None:
            return [Named(each.pop("iri"), "uri", labels=each) for each in said]
        last = unquote(request.scope["path"]).rstrip("/").rpartition("/")[2]
        try:
            found = await self._search.similar(last.rpartition(".")[0] or last)
        except EconSecError:  # what is wrong already may be wrong here, too
            return []
        return [Named(each.iri, "uri", labels=each.names) for each in found]
