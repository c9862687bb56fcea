"""Life and readiness are two things."""

from __future__ import annotations

import asyncio

import httpx
import pyoxigraph as ox
from fastapi import FastAPI

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.settings import Settings
from econsec.web.app import create_app


def get(app: FastAPI, path: str) -> httpx.Response:
    async def response() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return asyncio.run(response())


def test_a_server_that_answers_is_live_and_ready(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}
    assert client.head("/health/ready").status_code == 200


def test_without_its_store_it_lives_and_is_not_ready() -> None:
    store = EmbeddedStore(ox.Store(), Settings())
    app = create_app(Settings(), InProcess(store))
    assert get(app, "/health/ready").status_code == 200
    store.close()
    assert get(app, "/health/live").status_code == 200
    response = get(app, "/health/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "the store does not answer"
    assert response.json()["retryable"] is True
    assert get(app, "/sparql?query=ASK+%7B%7D").status_code == 503
