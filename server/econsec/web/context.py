"""`/context.jsonld`: the JSON-LD context that our documents name."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from econsec.rdf.formats import JSON_LD
from econsec.service.contexts import document
from econsec.web.routes import add_reading
from econsec.web.whole import whole

__all__ = ["PATH", "install"]

PATH = "/context.jsonld"
_SECONDS = 86_400


async def _read(request: Request) -> Response:
    """The context."""
    headers = {"Cache-Control": f"public, max-age={_SECONDS}"}
    return await whole(request, document(), JSON_LD.media_type, headers=headers)


def install(app: FastAPI) -> None:
    """Add the context to `app`."""
    add_reading(
        app,
        PATH,
        _read,
        operation_id="getContext",
        summary="The JSON-LD context: names for the terms of the ontology",
        response_class=Response,
        responses={
            200: {"description": "The context", "content": {JSON_LD.media_type: {}}},
            304: {"description": "It is what the client has"},
            400: {"description": "If-None-Match cannot be read"},
        },
    )
