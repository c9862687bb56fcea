"""`/context.jsonld`: the JSON-LD context that our documents name."""

from __future__ import annotations

import hashlib

from fastapi import FastAPI, Request, Response

from econsec.rdf.formats import JSON_LD
from econsec.service.contexts import document
from econsec.web.conditions import condition, is_fresh

__all__ = ["PATH", "install"]

PATH = "/context.jsonld"
_SECONDS = 86_400


async def _read(request: Request) -> Response:
    """The context."""
    body = document()
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": f"public, max-age={_SECONDS}"}
    if is_fresh(condition(request), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON_LD.media_type, headers=headers)


def install(app: FastAPI) -> None:
    """Add the context to `app`."""
    app.get(
        PATH,
        operation_id="getContext",
        summary="The JSON-LD context: names for the terms of the ontology",
        response_class=Response,
        responses={
            200: {"description": "The context", "content": {JSON_LD.media_type: {}}},
            304: {"description": "It is what the client has"},
            400: {"description": "If-None-Match cannot be read"},
        },
    )(_read)
    app.head(PATH, include_in_schema=False)(_read)
