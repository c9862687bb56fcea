"""The service on ports of the loopback: one to ask, whose data is swapped, and one to write to."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pyoxigraph as ox
import uvicorn

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedAnswer, EmbeddedStore
from econsec.engine.publication import Publication
from econsec.engine.store import GraphSize, Query
from econsec.settings import Settings
from econsec.web.app import create_app

from .manifest import Test
from .suites import Suite

__all__ = ["TOKEN", "Server", "running", "writable"]

TOKEN = "a-token-for-tests-0123456789abcdef"
_LISTENING = re.compile(r"(http://\S+)/sparql")
_CONTENTS = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_SERVED = {
    "ECONSEC_DEFAULT_GRAPH": "plain",
    "ECONSEC_WORKERS": "1",
    "ECONSEC_WORKERS_PER_CLIENT": "1",
}


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


class Server:
    """A server over data that the harness hands it, and one over a location on disk.

    `writer` sends a token; neither client says anything of its own about what it
    accepts. `variables` have what a conversation keeps for later.
    """

    def __init__(
        self, client: httpx.Client, writer: httpx.Client, current: _Current, backend: InProcess
    ) -> None:
        self.client = client
        self.writer = writer
        self.variables: dict[str, str] = {}
        self._current = current
        self._backend = backend
        self._suite: Suite | None = None

    def over(self, contents: ox.Store) -> httpx.Client:
        """Serve `contents` from now on: its default graph is the service's, nothing is added."""
        self._current.turn_to(contents)
        # Answers are cached for as long as there is no other commit.
        self._backend.publication = Publication(commit=self._backend.publication.commit + 1)
        return self.client

    def begin(self, test: Test, contents: ox.Store) -> None:
        """Fill the location for a test, unless it goes on where the one before it ended."""
        if test.suite.sequence and self._suite is test.suite:
            return
        self._suite = test.suite
        self.variables.clear()
        self.fill(contents)

    def fill(self, contents: ox.Store) -> None:
        """Let the location hold `contents` and nothing else."""
        graphs = "".join(f"CREATE GRAPH {graph} ;\n" for graph in contents.named_graphs())
        quads = "".join(map(_inserted, contents))
        text = f"DROP ALL ;\n{graphs}INSERT DATA {{\n{quads}}}"
        headers = {"Content-Type": "application/sparql-update"}
        self.writer.post("/update", content=text.encode(), headers=headers).raise_for_status()

    def contents(self) -> ox.Store:
        """All that the location holds, as a query tells it."""
        headers = {
            "Content-Type": "application/sparql-query",
            "Accept": "application/sparql-results+json",
        }
        answer = self.writer.post("/sparql", content=_CONTENTS, headers=headers)
        rows = ox.parse_query_results(
            answer.raise_for_status().content, format=ox.QueryResultsFormat.JSON
        )
        assert isinstance(rows, ox.QuerySolutions)
        found = ox.Store()
        found.extend(ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows)
        return found


def _inserted(quad: ox.Quad) -> str:
    triple = f"{quad.triple} ."
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return f"{triple}\n"
    return f"GRAPH {quad.graph_name} {{ {triple} }}\n"


@contextmanager
def running() -> Iterator[Server]:
    """Both servers, on free ports: one in a thread, one in a process of its own."""
    settings = Settings()
    current = _Current(settings)
    backend = InProcess(current)
    with (
        _threaded(settings, backend) as root,
        writable() as other,
        _client(root) as client,
        _client(other) as writer,
    ):
        writer.headers["Authorization"] = f"Bearer {TOKEN}"
        yield Server(client, writer, current, backend)
    current.close()


def _client(root: str) -> httpx.Client:
    client = httpx.Client(base_url=root, timeout=30, trust_env=False)
    del client.headers["accept"]
    return client


@contextmanager
def _threaded(settings: Settings, backend: InProcess) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Nagle's algorithm would cost each answer 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(create_app(settings, backend), log_config=None, ws="none")
        server = uvicorn.Server(config)
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
def writable(**settings: str) -> Iterator[str]:
    """The root of `econsec serve` over an empty location, whose default graph is plain data."""
    with TemporaryDirectory() as folder:
        tokens = Path(folder) / "tokens"
        tokens.write_text(f"tests {TOKEN}\n")
        tokens.chmod(0o600)
        command = [sys.executable, "-m", "econsec", "serve", "--port", "0"]
        command += ["--location", f"{folder}/location", "--token-file", str(tokens)]
        environment = {**os.environ, **_SERVED, **settings}
        log = Path(folder) / "log"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            try:
                assert process.stdout is not None
                found = _LISTENING.search(process.stdout.readline())
                assert found is not None, log.read_text()
                yield found[1]
            finally:
                process.terminate()
