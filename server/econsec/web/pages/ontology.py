"""`/ontology` and `/terms/{name}`: the ontology to read."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.service.ontology import Ontology
from econsec.web.pages.rendering import Renderer
from econsec.web.routes import add_reading

__all__ = ["OntologyPages", "install"]


class OntologyPages:
    """The pages of the ontology in a data set."""

    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._ontology = Ontology(backend)
        self._renderer = renderer

    async def whole(self, request: Request) -> Response:
        """All terms by module; the anchors are the ends of their IRIs."""
        return await self._renderer.respond(
            request, "ontology.html.j2", modules=await self._ontology.modules()
        )

    async def term(self, request: Request, name: str) -> Response:
        """A class or a property."""
        return await self._renderer.respond(
            request, "term.html.j2", read=await self._ontology.term(name)
        )


def install(app: FastAPI, pages: OntologyPages) -> None:
    """Add `/terms/…` to `app`; `/ontology` has other forms, too, and is added elsewhere."""
    add_reading(app, "/terms/{name}", pages.term)
