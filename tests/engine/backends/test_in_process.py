"""A store in this process behind the port."""

from __future__ import annotations

from typing import IO

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Answer, GraphSize, Query
from econsec.engine.writing.requests import UpdateWrite
from econsec.errors import NotAvailable, Refused
from econsec.rdf.formats import JSON, Form, Format
from econsec.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Saying:
    """A store that gives one answer to everything."""

    form = Form.BOOLEAN

    def __init__(self, truth: bool | None) -> None:
        self._truth = truth

    def query(self, query: Query) -> Answer:
        return self

    def write(self, output: IO[bytes], format: Format) -> None:
        output.write(b"")

    def truth(self) -> bool | None:
        return self._truth

    def graphs(self) -> tuple[GraphSize, ...]:
        return ()

    def close(self) -> None:
        pass


@pytest.mark.parametrize("truth", [False, None])
async def test_a_store_that_answers_wrongly_is_not_ready(truth: bool | None) -> None:
    await InProcess(Saying(True)).check_ready()
    with pytest.raises(NotAvailable, match="no right answer"):
        await InProcess(Saying(truth)).check_ready()


async def test_what_a_client_spends_is_told() -> None:
    backend = InProcess(EmbeddedStore(ox.Store(), Settings()))
    spent: list[tuple[str, float]] = []
    backend.on_spent = lambda client, seconds: spent.append((client, seconds))
    reply = await backend.run(Query("ASK {}"), JSON, client="c")
    assert reply.head.truth is True
    await backend.run(Query("ASK {}"), JSON)
    ((client, seconds),) = spent
    assert client == "c" and seconds > 0


async def test_it_is_read_only() -> None:
    backend = InProcess(EmbeddedStore(ox.Store(), Settings()))
    assert not backend.is_writable
    with pytest.raises(Refused, match="read-only"):
        await backend.write(UpdateWrite(agent="a", request_id="r", text="CLEAR ALL"))
