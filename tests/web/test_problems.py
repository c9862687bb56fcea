"""Errors that nobody foresaw: an answer without a trace, and a trace in the log."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.store import Answer, GraphSize, Query
from econsec.settings import Settings
from econsec.web.app import create_app


class BrokenStore:
    """A store that fails in a way that is its own."""

    def query(self, query: Query) -> Answer:
        raise ZeroDivisionError("a secret of the inside")

    def graphs(self) -> tuple[GraphSize, ...]:
        return ()

    def close(self) -> None:
        pass


def get(path: str) -> httpx.Response:
    async def response() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(Settings(), InProcess(BrokenStore())))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path, headers={"Origin": "https://elsewhere.example"})

    return asyncio.run(response())


def test_an_unforeseen_error_keeps_its_cause_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = get("/sparql?query=ASK+%7B%7D")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "secret" not in response.text
    details = response.json()
    assert (details["type"], details["status"]) == ("about:blank", 500)
    assert details["requestId"] == response.headers["X-Request-ID"]
    assert details["requestId"] in caplog.text
    assert "a secret of the inside" in caplog.text


def test_an_unknown_path_is_a_problem_too() -> None:
    response = get("/nowhere")
    assert response.status_code == 404
    assert response.json()["detail"] == "there is nothing at /nowhere"


def test_each_request_has_an_id_of_its_own() -> None:
    ids = {get("/health/live").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
