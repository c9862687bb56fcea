"""What is observed of a request, also when it ends badly or before it has a route."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp

from econsec.web.observing import Observation, Observing


class Cached:
    """Answers one path before there is a route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope.get("path") == "/cached":
            await PlainTextResponse("kept")(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def observed(method: str, path: str) -> list[Observation]:
    seen: list[Observation] = []
    app = FastAPI()

    @app.get("/things/{name}")
    async def thing(name: str, request: Request) -> PlainTextResponse:
        request.state.query_hash = "abc"
        return PlainTextResponse("x" * 10)

    @app.get("/breaks")
    async def breaks() -> StreamingResponse:
        async def parts() -> Any:
            yield "one"
            raise OSError("gone")

        return StreamingResponse(parts())

    @app.get("/fails")
    async def fails() -> None:
        raise asyncio.CancelledError

    app.add_middleware(Cached)
    app.add_middleware(Observing, observers=[seen.append], paths={"/cached"})

    async def ask() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            try:
                await client.request(method, path)
            except (Exception, asyncio.CancelledError):
                assert path in {"/breaks", "/fails"}

    asyncio.run(ask())
    return seen


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/things/one", ("GET", "/things/{name}", 200, "2xx", 10)),
        ("GET", "/things/two", ("GET", "/things/{name}", 200, "2xx", 10)),
        ("GET", "/cached", ("GET", "/cached", 200, "2xx", 4)),
        ("GET", "/nowhere", ("GET", "other", 404, "4xx", 22)),
        ("BREW", "/nowhere", ("other", "other", 404, "4xx", 22)),
        ("POST", "/things/one", ("POST", "/things/{name}", 405, "4xx", 31)),
        ("GET", "/breaks", ("GET", "/breaks", 200, "aborted", 3)),
        ("GET", "/fails", ("GET", "/fails", None, "aborted", 0)),
    ],
)
def test_a_request_is_observed_once(method: str, path: str, expected: tuple[Any, ...]) -> None:
    (seen,) = observed(method, path)
    assert (seen.method, seen.route, seen.status, seen.outcome, seen.bytes_sent) == expected
    assert 0 < seen.seconds < 5


def test_what_the_application_noted_is_there() -> None:
    (seen,) = observed("GET", "/things/one")
    assert seen.state["query_hash"] == "abc"
