"""Answers that are there as a whole: tagged, compressed, and not sent where the client has them."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from econsec.web.routes import add_reading
from econsec.web.whole import whole

pytestmark = pytest.mark.anyio

TEXT = b"something that is said again and again. " * 100


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()

    async def plain(request: Request) -> Response:
        return await whole(request, TEXT, "text/turtle")

    async def chosen(request: Request) -> Response:
        headers = {"Vary": "Accept, Accept-Encoding", "Cache-Control": "public, max-age=9"}
        return await whole(request, TEXT, "text/turtle", headers={**headers, "Link": "</a>"})

    async def small(request: Request) -> Response:
        return await whole(request, b"small", "text/turtle")

    async def missing(request: Request) -> Response:
        return await whole(request, TEXT, "text/turtle", status=404)

    for answer in (plain, chosen, small, missing):
        add_reading(app, f"/{answer.__name__}", answer)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_it_is_compressed_for_who_takes_that(client: httpx.AsyncClient) -> None:
    packed = await client.get("/plain", headers={"Accept-Encoding": "gzip"})
    bare = await client.get("/plain", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(TEXT) / 10
    assert "content-encoding" not in bare.headers
    assert int(bare.headers["content-length"]) == len(TEXT)
    assert packed.content == bare.content == TEXT
    assert packed.headers["vary"] == bare.headers["vary"] == "Accept-Encoding"


async def test_one_weak_tag_is_for_both(client: httpx.AsyncClient) -> None:
    tags = {
        (await client.get("/plain", headers={"Accept-Encoding": each})).headers["etag"]
        for each in ("gzip", "identity")
    }
    [tag] = tags
    assert tag.startswith('W/"')
    assert (await client.get("/small")).headers["etag"] != tag


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("sent", ["{weak}", "{strong}", '"other", {weak}', "*"])
async def test_what_the_client_has_is_not_sent_again(
    client: httpx.AsyncClient, coding: str, sent: str
) -> None:
    first = await client.get("/chosen", headers={"Accept-Encoding": coding})
    weak = first.headers["etag"]
    known = sent.format(weak=weak, strong=weak.removeprefix("W/"))
    headers = {"Accept-Encoding": coding, "If-None-Match": known}
    again = await client.get("/chosen", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "vary", "cache-control", "link"):
        assert again.headers[name] == first.headers[name]
    assert "content-encoding" not in again.headers
    assert (await client.get("/small", headers=headers)).status_code == (
        304 if sent == "*" else 200
    )


async def test_headers_of_the_answer_go_before_the_usual_ones(client: httpx.AsyncClient) -> None:
    plain, chosen = await client.get("/plain"), await client.get("/chosen")
    assert plain.headers["cache-control"] == "public, no-cache"
    assert chosen.headers["cache-control"] == "public, max-age=9"
    assert chosen.headers["vary"] == "Accept, Accept-Encoding"
    assert chosen.headers["content-type"] == plain.headers["content-type"]


async def test_what_is_small_is_sent_as_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.get("/small", headers={"Accept-Encoding": "gzip"})
    assert (answer.content, answer.headers.get("content-encoding")) == (b"small", None)


async def test_an_error_is_sent_in_any_case(client: httpx.AsyncClient) -> None:
    first = await client.get("/missing")
    again = await client.get("/missing", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (404, TEXT)


async def test_compressed_twice_it_is_the_same(client: httpx.AsyncClient) -> None:
    bodies = set()
    for _ in range(2):
        async with client.stream("GET", "/plain", headers={"Accept-Encoding": "gzip"}) as answer:
            bodies.add(b"".join([chunk async for chunk in answer.aiter_raw()]))
    [body] = bodies
    assert gzip.decompress(body) == TEXT
