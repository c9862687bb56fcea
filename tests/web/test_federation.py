"""SERVICE reaches the endpoints that are allowed, and no others."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pyoxigraph as ox
import pytest

from econsec.engine.location import Location
from econsec.service.stores import location_backend
from econsec.settings import Settings

from .conftest import asking, listening

ANSWER = {
    "head": {"vars": ["x"]},
    "results": {"bindings": [{"x": {"type": "literal", "value": "7"}}]},
}
BODIES = {
    "/ok": json.dumps(ANSWER),
    "/bad": "nonsense",
    "/cut": json.dumps(ANSWER)[:-9],
}

Serving = Callable[[str], AbstractContextManager[httpx.Client]]


class Endpoint(BaseHTTPRequestHandler):
    """Another endpoint, with a path for each way to answer."""

    asked: ClassVar[list[str]] = []
    hang = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if self.path == "/slow":
            self.hang.wait(30)
        elif self.path == "/moved":
            self.send_response(307)
            self.send_header("Location", "/ok")
            self.end_headers()
        elif self.path in BODIES:
            body = BODIES[self.path].encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(500)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    Endpoint.asked.clear()
    Endpoint.hang.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        Endpoint.hang.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def federating(tmp_path: Path) -> Serving:
    def fill(store: ox.Store) -> None:
        store.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")

    Location.create(tmp_path).publish(fill)

    @contextmanager
    def serve(allowed: str) -> Iterator[httpx.Client]:
        settings = Settings(service_allowed=allowed, workers=1, service_workers=1)
        backend = location_backend(tmp_path, settings, is_writable=False)
        with listening(backend, settings) as root, asking(root) as client:
            yield client

    return serve


def asked(client: httpx.Client, target: str, **parameters: str) -> httpx.Response:
    query = f"SELECT ?x {{ SERVICE {target} {{ ?s ?p ?x }} }}"
    return client.get("/sparql", params={"query": query, "format": "csv", **parameters})


def test_an_allowed_endpoint_is_asked_each_time(endpoint: str, federating: Serving) -> None:
    with federating(endpoint) as client:
        for _ in range(2):
            answer = asked(client, f"<{endpoint}/ok>")
            assert (answer.status_code, answer.text) == (200, "x\r\n7\r\n")
            assert answer.headers["Cache-Control"] == "no-store"
        assert Endpoint.asked == ["/ok", "/ok"]


@pytest.mark.parametrize("path", ["/bad", "/cut", "/moved", "/broken"])
def test_an_endpoint_that_fails_is_a_bad_gateway(
    endpoint: str, federating: Serving, path: str
) -> None:
    with federating(endpoint) as client:
        answer = asked(client, f"<{endpoint}{path}>")
        assert answer.status_code == 502, answer.text
        assert answer.json()["type"].endswith("/problems/remote-failed")
        assert "SERVICE failed" in answer.json()["detail"]
        assert Endpoint.asked == [path]
        assert asked(client, f"<{endpoint}/ok>").status_code == 200


def test_an_endpoint_that_hangs_meets_the_deadline(endpoint: str, federating: Serving) -> None:
    with federating(endpoint) as client:
        answer = asked(client, f"<{endpoint}/slow>", timeout="0.5")
        assert (answer.status_code, answer.json()["limit"]) == (503, "deadline_seconds")
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_what_is_not_allowed_is_not_asked(endpoint: str, federating: Serving) -> None:
    host = endpoint.removeprefix("http://")
    others = [
        f"<{endpoint}/other>",
        f"<http://user@{host}/sparql>",
        f"<http://{host}1/sparql>",
        f"<{endpoint}/sparql/../other>",
        f"<https://{host}/sparql>",
        "?where",
        f"SILENT <{endpoint}/other>",
        "SILENT ?where",
    ]
    with federating(f"{endpoint}/sparql") as client:
        for target in others:
            assert asked(client, target).status_code == 403, target
        load = client.get("/sparql", params={"query": f"ASK {{}} ; LOAD <{endpoint}/sparql>"})
        assert load.status_code in {400, 403}
    with federating("") as client:
        assert asked(client, f"<{endpoint}/ok>").status_code == 403
    assert Endpoint.asked == []
