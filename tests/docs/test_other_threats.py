"""Threats that belong to no part alone: odd requests, hosts, patterns, what comes from outside."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
import uvicorn

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Query
from econsec.engine.writing.requests import Receipt, Version, Write
from econsec.service.spool import Spool
from econsec.service.tokens import Tokens
from econsec.settings import Settings
from econsec.web.app import create_app
from econsec.web.connection import connections
from econsec.web.limits import ConnectionLimits

TOKEN = "a-token-for-tests-0123456789abcdef"
KNOWN = f"Authorization: Bearer {TOKEN}\r\n"
CLEAR = "CLEAR SILENT GRAPH <http://e.org/g>"


class Recording(InProcess):
    """A data set that notes what would be written."""

    is_writable = True  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(EmbeddedStore(ox.Store(), Settings()))
        self.writes: list[Write] = []

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        """Note the change."""
        self.writes.append(write)
        return Receipt(Version(1))


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs over a data set, and how to talk to it byte by byte."""

    port: int
    backend: Recording = field(default_factory=Recording)

    def status(self, method: str, target: str, headers: str = "", body: str = "") -> int:
        """The status of the answer."""
        return int(self.answer(method, target, headers, body).split(b" ")[1])

    def answer(self, method: str, target: str, headers: str = "", body: str = "") -> bytes:
        """The answer to a request that is sent as it stands here."""
        host = "" if "Host:" in headers else "Host: e.org\r\n"
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {target} HTTP/1.1\r\n{host}Connection: close\r\n{length}{headers}\r\n"
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall((head + body).encode())
            while piece := connection.recv(65_536):
                received += piece
        return received


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """A server that would write, for who has the token."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Served(listener.getsockname()[1])
        tokens = Tokens({"tests": sha256(TOKEN.encode()).digest()})
        app = create_app(Settings(), served.backend, tokens=tokens, spool=Spool(folder))
        config = uvicorn.Config(
            app, http=connections(ConnectionLimits()), log_config=None, ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server does not start"
            time.sleep(0.01)
        try:
            yield served
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server of most of these tests."""
    with serving(tmp_path_factory.mktemp("spool")) as served:
        yield served


@pytest.fixture
def writes(served: Served) -> list[Write]:
    """What was written since the test began."""
    served.backend.writes.clear()
    return served.backend.writes


def update(served: Served, path: str, headers: str = "") -> int:
    sent = f"Content-Type: application/sparql-update\r\n{headers}"
    return served.status("POST", path, sent, CLEAR)


def test_who_has_a_token_writes(served: Served, writes: list[Write]) -> None:
    assert update(served, "/update", KNOWN) in {201, 204}
    assert served.status("DELETE", "/store?graph=http://e.org/g", KNOWN) in {201, 204}
    assert len(writes) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/update",
        "/update/",
        "//update",
        "/UPDATE",
        "/./update",
        "/sparql/../update",
        "/sparql/..;/update",
        "/%75pdate",
        "/update%2f",
        "/update%00",
        "/update;a=b",
        "/update?token=" + TOKEN,
        "/sparql",
        "http://e.org/update",
        "http://user:" + TOKEN + "@e.org/update",
    ],
)
def test_no_spelling_of_a_path_leads_around_the_token(
    served: Served, writes: list[Write], path: str
) -> None:
    assert update(served, path) in {400, 401, 404, 405, 307}
    for header in ("X-Authorization", "Proxy-Authorization", "X-Forwarded-User", "Cookie"):
        assert update(served, path, f"{header}: Bearer {TOKEN}\r\n") in {400, 401, 404, 405, 307}
    assert writes == []


@pytest.mark.parametrize(
    "header",
    [
        "X-HTTP-Method-Override: DELETE",
        "X-HTTP-Method: DELETE",
        "X-Method-Override: PUT",
        "X-Original-URL: /update",
        "X-Rewrite-URL: /update",
        "X-Forwarded-Prefix: /update",
    ],
)
def test_no_header_makes_another_request_of_one(
    served: Served, writes: list[Write], header: str
) -> None:
    headers = f"{header}\r\n{KNOWN}"
    targets = ("/store?default&_method=DELETE", "/sparql?query=ASK%7B%7D&_method=PUT")
    for target in targets:
        for method in ("GET", "HEAD"):
            assert served.status(method, target, headers) in {200, 400}
    assert writes == []


def test_one_host_does_not_get_the_answer_of_another(served: Served) -> None:
    target = "/sparql?query=SELECT%20(%3Cx%3E%20AS%20%3Fi)%20%7B%7D&format=csv"
    for _ in range(2):  # evaluated, then from the cache
        for host in ("one.example", "two.example"):
            answer = served.answer("GET", target, f"Host: {host}\r\n")
            assert f"http://{host}/x".encode() in answer
    lied = "Host: one.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
    answer = served.answer("GET", target, lied + "X-Forwarded-Proto: gopher\r\n")
    assert b"http://one.example/x" in answer


def test_who_has_used_up_his_quota_gets_nothing_from_the_cache_either(tmp_path: Path) -> None:
    target = "/sparql?query=ASK%7B%7D"
    with serving(tmp_path) as served:
        for _ in range(2):
            assert served.status("GET", target) == 200
        served.backend.on_spent("127.0.0.1", 1_000)
        answer = served.answer("GET", target)
        assert answer.startswith(b"HTTP/1.1 429 ")
        assert b"\r\nretry-after: " in answer
        assert b'"limit": "quota_seconds"' in answer
        assert served.status("GET", "/health/live") == 200


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a+)+$", "a" * 30_000 + "b"),
        ("^(a|a)*$", "a" * 30_000 + "b"),
        ("(.*a){20}", "a" * 3_000),
        ("(((a{100}){100}){100}){100}", "a"),
    ],
)
def test_a_regular_expression_takes_no_exponential_time(pattern: str, text: str) -> None:
    store = EmbeddedStore(ox.Store(), Settings())
    started = time.perf_counter()
    answer = store.query(Query(f'ASK {{ FILTER(REGEX("{text}", "{pattern}")) }}'))
    assert answer.truth() is (pattern == "(.*a){20}")
    assert time.perf_counter() - started < 5


def test_every_dependency_is_locked_by_hashes(root: Path) -> None:
    lock = (root / "requirements.lock").read_text("utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE).strip())
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "--require-hashes" in (root / "Makefile").read_text("utf-8")
