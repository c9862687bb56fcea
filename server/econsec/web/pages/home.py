"""`/`: what the graph holds, and where to begin."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.knowledge.catalogue import QueryFile, packaged_catalogue
from econsec.service.overview import Overview, overview
from econsec.web.pages.rendering import Renderer

__all__ = ["install"]

_SHOWN = ("chokepoints", "budgets", "commitments-by-modality", "timeline", "bans-in-force-on-a-day")


class _Home:
    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._backend = backend
        self._renderer = renderer
        self._state: object = None
        self._overview: Overview | None = None

    async def read(self, request: Request) -> Response:
        """The page."""
        return await self._renderer.respond(
            request, "home.html.j2", overview=await self._known(), examples=_examples()
        )

    async def _known(self) -> Overview:
        """The overview, counted once for each commit."""
        publication = self._backend.publication
        state = publication.digest, publication.commit
        if self._overview is None or state != self._state:
            self._overview, self._state = await overview(self._backend), state
        return self._overview


def install(app: FastAPI, *, backend: Backend, renderer: Renderer) -> None:
    """Add `/` to `app`."""
    home = _Home(backend, renderer)
    app.get("/", include_in_schema=False)(renderer.kept(home.read))
    app.head("/", include_in_schema=False)(renderer.kept(home.read))


@cache
def _examples() -> list[QueryFile]:
    known = {query.name: query for query in packaged_catalogue()["examples"]}
    return [known[name] for name in _SHOWN if name in known]
