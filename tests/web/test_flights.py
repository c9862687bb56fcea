"""Those who ask the same at the same time have it evaluated once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from econsec.engine.backends import InProcess
from econsec.engine.cache import Cache
from econsec.engine.publication import Publication
from econsec.engine.store import Query
from econsec.engine.workers import Reply
from econsec.engine.workers.reply import Head
from econsec.errors import InvalidInput
from econsec.rdf.formats import JSON, Form
from econsec.service.answers import Asked, prepare
from econsec.settings import Settings
from econsec.web.answering import Answering

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Slow(InProcess):
    """Answers when it is told to, and counts."""

    def __init__(self, body: bytes = b"{}") -> None:
        self.publication = Publication()
        self.runs = 0
        self.go = asyncio.Event()
        self._body = body

    async def run(self, *arguments: Any, **more: Any) -> Reply:
        self.runs += 1
        await self.go.wait()
        if not self._body:
            raise InvalidInput("it fails")
        return Reply(Head(Form.BOOLEAN, True, JSON), [self._body], None)


async def asking(backend: Slow, cache_bytes: int = 1 << 20) -> tuple[Any, list[asyncio.Task[Any]]]:
    settings = Settings()
    answering = Answering(backend, Cache(cache_bytes), settings)
    asked = Asked(query=Query("ASK {}"), choose=lambda offered: offered[0])
    prepared = await prepare(asked, backend=backend, settings=settings)

    async def ask() -> bytes:
        answer = await answering.answer(prepared, {}, gzip=False, shared=True)
        return bytes(answer.body)

    tasks = [asyncio.create_task(ask()) for _ in range(5)]
    await asyncio.sleep(0.01)
    return ask, tasks


async def test_the_first_leads_and_the_others_wait() -> None:
    backend = Slow()
    ask, tasks = await asking(backend)
    backend.go.set()
    assert await asyncio.gather(*tasks) == [b"{}"] * 5
    assert (backend.runs, await ask()) == (1, b"{}")
    assert backend.runs == 1


async def test_when_the_leader_leaves_one_other_leads() -> None:
    backend = Slow()
    _, tasks = await asking(backend)
    tasks[0].cancel()
    await asyncio.sleep(0.01)
    backend.go.set()
    assert await asyncio.gather(*tasks[1:]) == [b"{}"] * 4
    assert backend.runs == 2


async def test_when_a_follower_leaves_nobody_else_notices() -> None:
    backend = Slow()
    _, tasks = await asking(backend)
    tasks[2].cancel()
    await asyncio.sleep(0.01)
    backend.go.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert answers.count(b"{}") == 4 and backend.runs == 1


async def test_what_fails_or_is_not_kept_each_evaluates() -> None:
    failing = Slow(b"")
    _, tasks = await asking(failing)
    failing.go.set()
    failures = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(failure, InvalidInput) for failure in failures)
    assert failing.runs == 5
    large = Slow()
    _, tasks = await asking(large, cache_bytes=0)
    large.go.set()
    assert await asyncio.gather(*tasks) == [b"{}"] * 5
    assert large.runs == 5
