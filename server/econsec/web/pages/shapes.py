"""`/shapes` as pages: what data are held against, and by which law."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from econsec.engine.backends import Backend
from econsec.rdf.notation import long_iri
from econsec.service.named import Named, labels_of
from econsec.web.pages.rendering import Renderer
from econsec.web.pages.validate import profiles

__all__ = ["ShapePages"]


class ShapePages:
    """The pages of the packaged shapes."""

    def __init__(self, backend: Backend, renderer: Renderer) -> None:
        self._backend = backend
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
        """A shape with all that it demands. Raises `EconSecError`."""
        iris = [long_iri(each["of"].strip("<>")) for each in entry["targets"]]
        labels = await labels_of(self._backend, iris)
        targets = [
            {"kind": each["kind"], "target": Named(iri, "uri", labels=labels.get(iri, {}))}
            for each, iri in zip(entry["targets"], iris, strict=True)
        ]
        return await self._renderer.respond(
            request,
            "shape.html.j2",
            shape=entry,
            targets=targets,
            profiles={each["name"]: each["label"] for each in profiles()},
        )
