"""What is read takes GET and HEAD, and the description has only what it is told."""

from __future__ import annotations

from fastapi import FastAPI, Response

from econsec.web.routes import add_reading


async def _answer() -> Response:
    return Response("here")


def _methods(app: FastAPI, path: str) -> set[str]:
    routes = [route for route in app.routes if getattr(route, "path", None) == path]
    return {method for route in routes for method in getattr(route, "methods", ())}


def test_it_takes_get_and_head_undescribed() -> None:
    app = FastAPI()
    add_reading(app, "/page", _answer)
    assert _methods(app, "/page") == {"GET", "HEAD"}
    assert app.openapi()["paths"] == {}


def test_get_is_described_and_head_is_not() -> None:
    app = FastAPI()
    add_reading(app, "/page", _answer, operation_id="getPage", summary="The page")
    assert _methods(app, "/page") == {"GET", "HEAD"}
    described = app.openapi()["paths"]["/page"]
    assert set(described) == {"get"}
    assert described["get"]["operationId"] == "getPage"
