"""The service on a port of the loopback, with a data set of its own for each test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pyoxigraph as ox
import uvicorn

from econsec.engine.embedded import EmbeddedAnswer, EmbeddedStore
from econsec.engine.store import GraphSize, Query
from econsec.settings import Settings
from econsec.web.app import create_app

__all__ = ["Server", "running"]


class _Current:
    """The store of the test that is running, behind the one application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = EmbeddedStore(ox.Store(), settings)

    def turn_to(self, contents: ox.Store) -> None:
        self._store.close()
        self._store = EmbeddedStore(contents, self._settings)

    def query(self, query: Query) -> EmbeddedAnswer:
        return self._store.query(query)

    def graphs(self) -> tuple[GraphSize, ...]:
        return self._store.graphs()

    def close(self) -> None:
        self._store.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its client says nothing of its own about what it accepts."""

    client: httpx.Client
    _current: _Current

    def over(self, contents: ox.Store) -> httpx.Client:
        """Serve `contents` from now on: its default graph is the service's, nothing is added."""
        self._current.turn_to(contents)
        return self.client


@contextmanager
def running() -> Iterator[Server]:
    """A server in a thread, on a free port."""
    settings = Settings()
    current = _Current(settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Nagle's algorithm would cost each answer 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(create_app(settings, current), log_config=None, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server does not start"
                time.sleep(0.01)
            root = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=root, timeout=30, trust_env=False) as client:
                del client.headers["accept"]
                yield Server(client, current)
        finally:
            server.should_exit = True
            thread.join()
            current.close()
