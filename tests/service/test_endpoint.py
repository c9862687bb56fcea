"""An endpoint elsewhere, and all the ways in which one can answer."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal

from econsec.engine.store import Binding, Query
from econsec.errors import EconSecError, InvalidInput, NotAvailable, UsageError
from econsec.rdf.formats import CSV, JSON, TURTLE, XML, Format, by_name
from econsec.service.endpoint import ask

RESULTS = "application/sparql-results+json"
PROBLEM = "application/problem+json"


@dataclass
class Endpoint:
    """An endpoint that gives one reply, and remembers what it was asked."""

    url: str = ""
    status: int = 200
    content_type: str = RESULTS
    body: bytes = b"{}"
    length: int | None = None
    accept: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    reply = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply.accept, reply.fields = self.headers["Accept"], parse_qs(body.decode())
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(reply.length or len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        reply.url = f"http://127.0.0.1:{server.server_port}/sparql"
        yield reply
        server.shutdown()
        thread.join()


def first(offered: Sequence[Format]) -> Format:
    return offered[0]


def test_the_query_is_sent_with_its_data_set(endpoint: Endpoint) -> None:
    query = Query("ASK { ?s ?p '値' }", ("x:a", "x:b"), ("x:c",), infer=False)
    result = ask(query, first, endpoint=endpoint.url)
    assert endpoint.fields == {
        "query": ["ASK { ?s ?p '値' }"],
        "default-graph-uri": ["x:a", "x:b"],
        "named-graph-uri": ["x:c"],
        "infer": ["false"],
    }
    assert (endpoint.accept, result.format, result.body) == (RESULTS, JSON, b"{}")


def test_values_are_sent_within_the_query(endpoint: Endpoint) -> None:
    thing = Binding("thing", Literal('"}'))
    ask(Query("ASK { ?s ?p ?thing }", bindings=(thing,)), first, endpoint=endpoint.url)
    assert endpoint.fields == {"query": ['ASK { VALUES ?thing { "\\"}" }  ?s ?p ?thing }']}
    with pytest.raises(UsageError, match="does not use"):
        ask(Query("ASK {}", bindings=(thing,)), first, endpoint=endpoint.url)


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        ("SELECT * {}", "csv", CSV),
        ("# a comment\nPREFIX a: <x:> SELECT * {}", "xml", XML),
        ("CONSTRUCT WHERE {}", "ttl", TURTLE),
        ("DESCRIBE <x:y>", "ttl", TURTLE),
    ],
)
def test_the_chosen_format_is_asked_for(
    endpoint: Endpoint, text: str, name: str, format: Format
) -> None:
    endpoint.content_type = format.content_type
    result = ask(Query(text), partial(by_name, name), endpoint=endpoint.url)
    assert (endpoint.accept, result.format, result.truth) == (format.media_type, format, None)


@pytest.mark.parametrize(
    ("content_type", "body", "truth"),
    [
        (RESULTS, b'{ "head": {"link": []}, "boolean" : true }', True),
        (RESULTS, b'{"head":{},"boolean":false}', False),
        (
            XML.media_type,
            b"<?xml version='1.0'?>\n<sparql><boolean> true </boolean></sparql>",
            True,
        ),
        (XML.media_type, b"<sparql><boolean>false</boolean></sparql>", False),
        (CSV.media_type, b"true\n", True),
        (CSV.media_type, b"false", False),
    ],
)
def test_the_truth_is_read_from_any_format(
    endpoint: Endpoint, content_type: str, body: bytes, truth: bool
) -> None:
    endpoint.content_type, endpoint.body = content_type, body
    result = ask(Query("ASK {}"), partial(by_name, content_type), endpoint=endpoint.url)
    assert result.truth is truth


@pytest.mark.parametrize("status", [400, 403, 406, 413])
def test_a_query_that_is_rejected_is_placed_as_the_endpoint_says(
    endpoint: Endpoint, status: int
) -> None:
    endpoint.status, endpoint.content_type = status, PROBLEM
    problem = {"detail": "it's not right", "line": 2, "column": 9, "remedy": "try this"}
    endpoint.body = json.dumps(problem).encode()
    with pytest.raises(InvalidInput) as caught:
        ask(Query("SELECT * {}"), first, endpoint=endpoint.url)
    assert str(caught.value) == "2:9: it's not right (try this)"


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[1]", b'"text"', b"{}"])
def test_a_rejection_without_a_reason_is_one_all_the_same(endpoint: Endpoint, body: bytes) -> None:
    endpoint.status, endpoint.body = 400, body
    with pytest.raises(InvalidInput, match="does not take the query"):
        ask(Query("SELECT * {}"), first, endpoint=endpoint.url)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 404}, "no endpoint at this URL"),
        ({"status": 401}, "Unauthorized"),
        ({"status": 500}, "500"),
        ({"status": 503}, "503 Service Unavailable"),
        (
            {"content_type": "text/html; charset=utf-8"},
            f"asked for {RESULTS}, it answers in text/html",
        ),
        ({"content_type": "nonsense"}, "in no known format"),
        ({"length": 100}, "IncompleteRead"),
    ],
)
def test_an_endpoint_that_gives_no_answer_is_told(
    endpoint: Endpoint, reply: dict[str, object], reason: str
) -> None:
    for name, value in reply.items():
        setattr(endpoint, name, value)
    with pytest.raises(NotAvailable, match=re.escape(reason)) as caught:
        ask(Query("SELECT * {}"), first, endpoint=endpoint.url)
    assert caught.value.source == endpoint.url
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:1/sparql", NotAvailable),
        ("file:///etc/hostname", UsageError),
        ("localhost:8000", UsageError),
    ],
)
def test_where_there_is_no_endpoint(url: str, error: type[EconSecError]) -> None:
    with pytest.raises(error):
        ask(Query("ASK {}"), first, endpoint=url)


def test_an_update_is_not_sent(endpoint: Endpoint) -> None:
    with pytest.raises(InvalidInput, match="not a query"):
        ask(Query("CLEAR ALL"), first, endpoint=endpoint.url)
    assert endpoint.fields == {}
