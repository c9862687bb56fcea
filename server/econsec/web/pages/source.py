"""`/sources/{document}`: a source by its sections, and what was read from each."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.service.resources import ThingNotFound
from econsec.service.sections import Sections
from econsec.web.pages.rendering import Renderer
from econsec.web.routes import add_reading

__all__ = ["install"]


class _Sources:
    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._renderer = renderer
        self._sections = Sections(backend)

    async def document(self, request: Request, document: str) -> Response:
        """Its contents."""
        read = await self._sections.document(document)
        return await self._renderer.respond(
            request, "source.html.j2", read=read, path=f"/sources/{document}"
        )

    async def section(self, request: Request, document: str, number: str) -> Response:
        """One section."""
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            raise ThingNotFound(f"the document {document} has no section {number}")
        read = await self._sections.section(document, int(number))
        return await self._renderer.respond(
            request, "section.html.j2", read=read, path=f"/sources/{document}"
        )


def install(app: FastAPI, *, backend: Backend, renderer: Renderer) -> None:
    """Add `/sources/…` to `app`."""
    sources = _Sources(backend, renderer)
    add_reading(app, "/sources/{document}", renderer.kept(sources.document))
    add_reading(app, "/sources/{document}/{number}", renderer.kept(sources.section))
