"""`/`: what the graph holds, and where to begin."""

from __future__ import annotations

from functools import cache, partial

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.knowledge.catalogue import QueryFile, packaged_catalogue
from econsec.service.memo import Memo
from econsec.service.overview import overview
from econsec.web.pages.rendering import Renderer
from econsec.web.routes import add_reading

__all__ = ["install"]

_SHOWN = ("chokepoints", "budgets", "commitments-by-modality", "timeline", "bans-in-force-on-a-day")


class _Home:
    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._overview = Memo(backend, partial(overview, backend))
        self._renderer = renderer

    async def read(self, request: Request) -> Response:
        """The page."""
        return await self._renderer.respond(
            request,
            "home.html.j2",
            overview=await self._overview.value(),
            examples=_examples(),
        )


def install(app: FastAPI, *, backend: Backend, renderer: Renderer) -> None:
    """Add `/` to `app`."""
    home = _Home(backend, renderer)
    add_reading(app, "/", renderer.kept(home.read))


@cache
def _examples() -> list[QueryFile]:
    known = {query.name: query for query in packaged_catalogue()["examples"]}
    return [known[name] for name in _SHOWN if name in known]
