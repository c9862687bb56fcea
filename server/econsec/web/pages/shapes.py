"""`/shapes` as pages: what data are held against, and by which law."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from econsec.rdf.notation import long_iri
from econsec.service.named import Named
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.validate import profiles

__all__ = ["ShapePages"]


class ShapePages:
    """The pages of the packaged shapes."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def all(self, request: Request, listing: dict[str, Any], profile: str | None) -> Response:
        """Those of a profile, or all, as the catalogue lists them."""
        return await self._renderer.respond(
            request,
            "shapes.html.j2",
            view=self._renderer.view(request),
            listing=listing,
            profile=next((p for p in listing["profiles"] if p["name"] == profile), None),
        )

    async def one(self, request: Request, entry: dict[str, Any]) -> Response:
        """A shape with all that it demands."""
        targets = [
            {**each, "target": Named(long_iri(each["of"].strip("<>")), "uri")}
            for each in entry["targets"]
        ]
        return await self._renderer.respond(
            request,
            "shape.html.j2",
            shape=entry,
            targets=targets,
            profiles={each["name"]: each["label"] for each in profiles()},
        )
