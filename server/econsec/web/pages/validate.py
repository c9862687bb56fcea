"""`/validate` as a page: data pasted or chosen, a profile, and the report."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.paths import resources
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.parameters import single
from econsec.web.routes import add_reading

__all__ = ["install", "profiles"]

_DEFAULT = "designation"


class _Page:
    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def read(self, request: Request) -> Response:
        """The form."""
        listed = profiles()
        asked = single(fields(request), "profile")
        known = {each["name"] for each in listed}
        return await self._renderer.respond(
            request,
            "validate.html.j2",
            styles_inline=True,  # of the report, which the script shows below the form
            profiles=listed,
            chosen=asked if asked in known else _DEFAULT,
        )


def install(app: FastAPI, *, renderer: Renderer) -> None:
    """Add `GET /validate` to `app`."""
    add_reading(app, "/validate", _Page(renderer).read)


@cache
def profiles() -> list[dict[str, Any]]:
    """The profiles of the packaged shapes: their names, labels and definitions."""
    # pySHACL and rdflib come with it, which take long to import.
    from econsec.knowledge.shape_catalogue import ShapeCatalogue

    found: list[dict[str, Any]] = ShapeCatalogue(resources() / "shapes").listing()["profiles"]
    return found
