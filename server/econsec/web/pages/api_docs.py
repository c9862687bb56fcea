"""`/docs`: the programming interface, to read and to try, with nothing from elsewhere."""

from __future__ import annotations

import json

from fastapi import FastAPI, Request, Response

from econsec.web.pages.rendering import Renderer
from econsec.web.routes import add_reading

__all__ = ["PATH", "install"]

PATH = "/docs"


def install(app: FastAPI, *, renderer: Renderer) -> None:
    """Add `/docs` to `app`."""

    async def read(request: Request) -> Response:
        view = renderer.view(request)
        return await renderer.respond(
            request,
            "api_docs.html.j2",
            view=view,
            settings=json.dumps({"description": f"{view.root}/openapi.json"}),
        )

    add_reading(app, PATH, read)
