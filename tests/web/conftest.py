"""A real server over twelve triples, for the tests that speak HTTP to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from econsec.engine.backends import Backend, InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.knowledge.manifest import INFERRED
from econsec.settings import Settings
from econsec.web.app import create_app
from econsec.web.connection import connections
from econsec.web.limits import ConnectionLimits
from econsec.web.protocol import body_limit

LIMITS = ConnectionLimits(target_bytes=body_limit(Settings()))
DATA = f"""
PREFIX ex: <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA {{
    ex:ban a ex:Ban ; ex:label "export ban"@en, "輸出禁止"@ja ; ex:amount 1.5 .
    GRAPH ex:one {{ ex:ban a ex:Ban ; ex:amount 1.5 ; ex:label "export ban"@en . }}
    GRAPH ex:two {{ ex:ban ex:amount 1.5 ; ex:label "輸出禁止"@ja . }}
    ex:ban a ex:Measure .
    GRAPH {INFERRED} {{ ex:ban a ex:Measure . }}
    GRAPH ex:aside {{ ex:note ex:says "only in a named graph" . }}
}}
"""


@pytest.fixture(scope="session")
def store() -> Iterator[EmbeddedStore]:
    """Four asserted triples (one of them in two graphs), one inferred, one apart: 12 quads."""
    contents = ox.Store()
    contents.update(DATA)
    assert len(contents) == 12
    store = EmbeddedStore(contents, Settings())
    yield store
    store.close()


@contextmanager
def listening(backend: Backend, settings: Settings) -> Iterator[str]:
    """The root of a server that runs in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(settings, backend)
        server = uvicorn.Server(
            uvicorn.Config(app, http=connections(LIMITS), log_config=None, ws="none")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server does not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def asking(server: str) -> Iterator[httpx.Client]:
    """A client that says nothing of its own about what it accepts."""
    with httpx.Client(base_url=server, trust_env=False) as client:
        del client.headers["accept"]
        yield client


@pytest.fixture(scope="session")
def server(store: EmbeddedStore) -> Iterator[str]:
    """The root of a server over the store."""
    with listening(InProcess(store), Settings()) as root:
        yield root


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with asking(server) as client:
        yield client


@pytest.fixture
def serving(store: EmbeddedStore) -> Callable[[Settings], AbstractContextManager[httpx.Client]]:
    """`with serving(settings) as client`: a server over the store with settings of its own."""

    @contextmanager
    def serve(settings: Settings) -> Iterator[httpx.Client]:
        with listening(InProcess(store), settings) as root, asking(root) as client:
            yield client

    return serve


@pytest.fixture(scope="session")
def serving_data() -> Callable[[ox.Store], AbstractContextManager[httpx.Client]]:
    """`with serving_data(store) as client`: a server over other data."""

    @contextmanager
    def serve(contents: ox.Store) -> Iterator[httpx.Client]:
        store = EmbeddedStore(contents, Settings())
        try:
            with listening(InProcess(store), Settings()) as root, asking(root) as client:
                yield client
        finally:
            store.close()

    return serve
