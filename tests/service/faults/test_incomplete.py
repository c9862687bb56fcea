"""Promise 2: an answer that breaks off never looks whole, to no client and in no format."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest
from harness.processes import Role, eventually, kill
from harness.relay import relay
from harness.server import Server
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLWrapper

pytestmark = pytest.mark.xdist_group("faults-incomplete")

MEGABYTE = 1 << 20
THINGS = 1_000
SELECT = "SELECT * { GRAPH ?g { ?a ?p ?b } GRAPH ?h { ?c ?q ?d } }"
CONSTRUCT = "CONSTRUCT { ?a ?b ?d } WHERE { GRAPH ?g { ?a ?p ?b } GRAPH ?h { ?c ?q ?d } }"
"""A million rows, a million triples."""
FORMATS = {
    "JSON": (SELECT, "application/sparql-results+json"),
    "XML": (SELECT, "application/sparql-results+xml"),
    "CSV": (SELECT, "text/csv"),
    "TSV": (SELECT, "text/tab-separated-values"),
    "N-Triples": (CONSTRUCT, "application/n-triples"),
}
Ask = Callable[[int, str, str], object]


@pytest.fixture(scope="module")
def server(start: Callable[..., Server]) -> Server:
    """A server with a thousand triples, which multiply."""
    server = start(workers=1, workers_per_client=1)
    lines = (
        f"<http://e.org/{n}> <http://e.org/p> <http://e.org/{n + 1}> .\n" for n in range(THINGS)
    )
    assert server.client().put("http://e.org/graph", "".join(lines)).is_good
    return server


def target(text: str) -> str:
    return f"/sparql?{urlencode({'query': text})}"


def by_http_client(port: int, text: str, accept: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", target(text), headers={"Accept": accept})
        return connection.getresponse().read()
    finally:
        connection.close()


def by_urllib(port: int, text: str, accept: str) -> bytes:
    url = f"http://127.0.0.1:{port}{target(text)}"
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as response:
        return bytes(response.read())


def by_httpx(port: int, text: str, accept: str) -> bytes:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
        return client.get(target(text), headers={"Accept": accept}).content


def by_sparqlwrapper(port: int, text: str, accept: str) -> object:
    wrapper = SPARQLWrapper(f"http://127.0.0.1:{port}/sparql")
    wrapper.setQuery(text)
    wrapper.setOnlyConneg(True)
    wrapper.addParameter("format", accept)  # it knows no N-Triples
    return wrapper.query().response.read()


def by_rdflib(port: int, text: str, accept: str) -> object:
    store = SPARQLStore(f"http://127.0.0.1:{port}/sparql", returnFormat=accept)
    return list(store.query(text))


CLIENTS: dict[str, tuple[Ask, type[Exception]]] = {
    "http.client": (by_http_client, http.client.IncompleteRead),
    "urllib": (by_urllib, http.client.IncompleteRead),
    "httpx": (by_httpx, httpx.RemoteProtocolError),
    "SPARQLWrapper": (by_sparqlwrapper, http.client.IncompleteRead),
}


def kill_the_worker(server: Server) -> None:
    """The one that works, and whoever stands by."""
    for pid in server.processes()[Role.WORKER]:
        kill(pid)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("format", FORMATS)
def test_a_client_knows_that_its_answer_broke_off(server: Server, client: str, format: str) -> None:
    ask, error = CLIENTS[client]
    killed: list[bool] = []

    def strike() -> None:
        kill_the_worker(server)
        killed.append(True)

    with relay(server.port, after=MEGABYTE, do=strike) as port, pytest.raises(error):
        ask(port, *FORMATS[format])
    assert killed
    eventually(server.client().is_ready)


@pytest.mark.parametrize(("text", "format"), [(SELECT, "json"), (SELECT, "xml"), (SELECT, "csv")])
def test_rdflib_knows_that_its_answer_broke_off(server: Server, text: str, format: str) -> None:
    with (
        relay(server.port, after=MEGABYTE, do=lambda: kill_the_worker(server)) as port,
        pytest.raises(http.client.IncompleteRead),
    ):
        by_rdflib(port, text, format)
    eventually(server.client().is_ready)


@pytest.mark.parametrize("format", FORMATS)
def test_over_http_1_0_the_connection_is_reset(server: Server, format: str) -> None:
    """Where only the end of the connection ends an answer, an orderly end would look whole."""
    text, accept = FORMATS[format]
    received = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        lines = [f"GET {target(text)} HTTP/1.0", "Host: localhost", f"Accept: {accept}", "", ""]
        client.sendall("\r\n".join(lines).encode())
        with pytest.raises(ConnectionResetError):
            while piece := client.recv(65_536):
                if received < MEGABYTE <= received + len(piece):
                    kill_the_worker(server)
                received += len(piece)
    assert received >= MEGABYTE
    eventually(server.client().is_ready)


def test_an_answer_that_does_not_break_off_is_whole(server: Server) -> None:
    """Else the tests above might prove nothing."""
    text = f"{SELECT} LIMIT 50000"
    for ask, _ in CLIENTS.values():
        answer = ask(server.port, text, FORMATS["TSV"][1])
        assert isinstance(answer, bytes)
        assert len(answer) > MEGABYTE
        assert answer.count(b"\n") == 50_001
