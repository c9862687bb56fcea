"""The endpoint over HTTP: the SPARQL 1.1 Protocol, its formats and its errors."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest

EX = "http://example.org/"
SELECT = "SELECT ?label { ?s <http://example.org/label> ?label } ORDER BY ?label"
CONSTRUCT = "CONSTRUCT WHERE { ?s <http://example.org/label> ?label }"
ASK = "ASK { ?s a <http://example.org/Ban> }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/amount> ?o }"
FORM = "application/x-www-form-urlencoded"


def get(client: httpx.Client, query: str, accept: str | None = None, **more: Any) -> httpx.Response:
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", params={"query": query, **more}, headers=headers)


def count(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of an error, after what holds for each of them."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    details: dict[str, Any] = response.json()
    assert details["status"] == status
    assert details["type"] == "about:blank" or details["type"].startswith("https://w3id.org/")
    assert details["title"]
    assert details["retryable"] is (status == 503)
    assert details["requestId"] == response.headers["X-Request-ID"]
    assert "Traceback" not in response.text
    return details


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_a_select_is_answered_in_the_format_asked_for(
    client: httpx.Client, accept: str | None, content_type: str
) -> None:
    response = get(client, SELECT, accept)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert "Accept" in response.headers["Vary"]
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert "輸出禁止" in response.content.decode()


@pytest.mark.parametrize(
    ("accept", "content_type", "format"),
    [
        (None, "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", "application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", "application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <http://example.org/ban>"])
def test_a_graph_is_answered_in_the_format_asked_for(
    client: httpx.Client, query: str, accept: str | None, content_type: str, format: ox.RdfFormat
) -> None:
    response = get(client, query, accept)
    assert response.headers["Content-Type"] == content_type
    objects = {str(quad.object) for quad in ox.parse(response.content, format=format)}
    assert {'"export ban"@en', '"輸出禁止"@ja'} <= objects


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        (None, '{"head":{},"boolean":true}'),
        ("text/csv", "true"),
        ("text/tab-separated-values", "true"),
    ],
)
def test_an_ask_is_answered(client: httpx.Client, accept: str | None, body: str) -> None:
    assert get(client, ASK, accept).text == body


def test_the_format_parameter_wins_over_accept(client: httpx.Client) -> None:
    response = get(client, SELECT, "application/sparql-results+xml", format="csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows == [["label"], ["export ban"], ["輸出禁止"]]
    assert get(client, CONSTRUCT, format="json").headers["Content-Type"] == "application/ld+json"


def test_the_three_ways_to_ask_give_one_answer(client: httpx.Client) -> None:
    by_get = get(client, SELECT)
    by_form = client.post("/sparql", data={"query": SELECT})
    directly = client.post(
        "/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query"}
    )
    assert by_get.status_code == 200
    assert by_get.content == by_form.content == directly.content


def test_a_form_may_name_its_charset(client: httpx.Client) -> None:
    body = urlencode({"query": "ASK { ?s ?p '輸出禁止'@ja }"})
    response = client.post(
        "/sparql", content=body, headers={"Content-Type": f"{FORM}; charset=UTF-8"}
    )
    assert response.json()["boolean"] is True


def test_head_has_the_headers_of_get_and_no_body(client: httpx.Client) -> None:
    by_get = get(client, SELECT, "text/csv")
    head = client.head("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Vary"):
        assert head.headers[name] == by_get.headers[name]
    assert client.head("/sparql", params={"query": "SELECT"}).status_code == 400


def test_a_triple_of_two_graphs_counts_once(client: httpx.Client) -> None:
    one, two = EX + "one", EX + "two"
    assert count(get(client, COUNT)) == 1
    assert count(get(client, COUNT, **{"default-graph-uri": one})) == 1
    assert count(get(client, COUNT, **{"default-graph-uri": [one, two]})) == 1
    clauses = f"SELECT (COUNT(*) AS ?n) FROM <{one}> FROM <{two}> {{ ?s <{EX}amount> ?o }}"
    assert count(get(client, clauses)) == 1
    graphs = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}amount> ?o }} }}"
    assert count(get(client, graphs)) == 2
    assert count(get(client, graphs, **{"named-graph-uri": one})) == 1


def test_the_data_set_of_the_request_overrides_from(client: httpx.Client) -> None:
    text = f"SELECT (COUNT(*) AS ?n) FROM <{EX}one> {{ ?s ?p ?o }}"
    assert count(get(client, text)) == 3
    assert count(get(client, text, **{"default-graph-uri": EX + "aside"})) == 1
    form = {"query": text, "default-graph-uri": [EX + "aside", EX + "two"]}
    assert count(client.post("/sparql", data=form)) == 3
    response = client.post(
        "/sparql",
        params={"default-graph-uri": EX + "two"},
        content=text,
        headers={"Content-Type": "application/sparql-query"},
    )
    assert count(response) == 2


@pytest.mark.parametrize(
    ("infer", "expected"), [({}, 2), ({"infer": "true"}, 2), ({"infer": "false"}, 1)]
)
def test_inferred_triples_can_be_left_out(
    client: httpx.Client, infer: dict[str, str], expected: int
) -> None:
    types = "SELECT (COUNT(*) AS ?n) { <http://example.org/ban> a ?type }"
    assert count(get(client, types, **infer)) == expected


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  ?s ?p }", 2, 10),  # the engine points behind the brace
        ("SELECT * {\n  ?s ex:p ?o }", 2, 6),
        ("SELECT * { ?s ?p ?o", 1, 10),
        ("SELECT ?s { ?s ?p ?o } LIMIT many", 1, 30),
    ],
)
def test_a_malformed_query_is_placed(
    client: httpx.Client, query: str, line: int, column: int
) -> None:
    details = problem(get(client, query), 400)
    assert (details["line"], details["column"]) == (line, column)
    assert details["type"] == "https://w3id.org/econsec/problems/invalid-input"


def test_a_request_has_one_operation(client: httpx.Client) -> None:
    both = {"query": ASK, "update": "CLEAR ALL"}
    assert "a query and an update" in problem(client.post("/sparql", data=both), 400)["detail"]
    in_url = client.post("/sparql", params={"update": "CLEAR ALL"}, data={"query": ASK})
    assert "not in a URL" in problem(in_url, 400)["detail"]


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ([("infer", "true")], "the parameter 'query' is missing"),
        ([("query", "")], "the text holds no query"),
        ([("query", ASK), ("query", ASK)], "the parameter 'query' is given 2 times"),
        ([("query", ASK), ("infer", "true"), ("infer", "true")], "'infer' is given 2 times"),
        ([("query", ASK), ("infer", "maybe")], "'infer' is true or false"),
        ([("query", ASK), ("infer", "false"), ("timeout", "x")], "a number of seconds"),
        ([("query", ASK), ("timeout", "soon")], "'timeout' is a number of seconds, not 'soon'"),
        ([("query", ASK), ("timeout", "121")], "a deadline of 121 s is not offered"),
        ([("query", ASK), ("timeout", "0")], "a deadline of 0 s is not offered"),
        ([("query", "CLEAR ALL")], "this is an update"),
        ([("query", ASK), ("default-graph-uri", "not an IRI")], "not an IRI"),
    ],
)
def test_a_request_that_is_no_query_is_told_why(
    client: httpx.Client, parameters: list[tuple[str, str]], detail: str
) -> None:
    assert detail in problem(client.get("/sparql", params=parameters), 400)["detail"]
    body = urlencode(parameters)
    posted = client.post("/sparql", content=body, headers={"Content-Type": FORM})
    assert detail in problem(posted, 400)["detail"]


def test_a_query_in_the_url_and_in_the_body_are_two(client: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    response = client.post("/sparql", params={"query": ASK}, content=ASK, headers=direct)
    assert "given 2 times" in problem(response, 400)["detail"]


@pytest.mark.parametrize(
    "text", [b"ASK { ?s ?p '\xff' }", "ASK { ?s ?p '日' }".encode("shift-jis")]
)
def test_what_is_not_utf_8_is_refused(client: httpx.Client, text: bytes) -> None:
    escaped = "query=" + "".join(f"%{byte:02x}" for byte in text)
    direct = {"Content-Type": "application/sparql-query"}
    for response in (
        client.get(f"/sparql?{escaped}"),
        client.post("/sparql", content=escaped, headers={"Content-Type": FORM}),
        client.post("/sparql", content=text, headers=direct),
    ):
        assert "not valid UTF-8" in problem(response, 400)["detail"]


@pytest.mark.parametrize(
    ("query", "wish", "offered"),
    [
        (SELECT, {"accept": "text/turtle"}, "application/sparql-results+json"),
        (ASK, {"accept": "text/html, */*;q=0"}, "text/csv"),
        (CONSTRUCT, {"accept": "text/csv"}, "text/turtle"),
        (CONSTRUCT, {"format": "csv"}, "application/n-quads"),
        (SELECT, {"format": "nonsense", "accept": "text/csv"}, "text/csv"),
    ],
)
def test_nothing_acceptable_lists_what_is_offered(
    client: httpx.Client, query: str, wish: dict[str, str], offered: str
) -> None:
    assert offered in problem(get(client, query, **wish), 406)["offered"]


@pytest.mark.parametrize(
    "content_type", ["text/turtle", "text/plain", "application/json", "nonsense", ""]
)
def test_a_body_of_another_kind_is_refused(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/sparql", content=ASK, headers=headers)
    problem(response, 415)
    assert response.headers["Accept-Post"] == (
        f"{FORM}, application/sparql-query, application/sparql-update"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/sparql-query; charset=shift_jis"},
        {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_must_be_plain_utf_8(client: httpx.Client, headers: dict[str, str]) -> None:
    problem(client.post("/sparql", content=ASK, headers=headers), 415)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_told_what_is_allowed(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/sparql")
    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_service_is_refused(client: httpx.Client) -> None:
    text = "SELECT * {\n SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }"
    details = problem(get(client, text), 403)
    assert details["detail"] == "SERVICE <http://127.0.0.1:9/> is not on the allow-list"
    assert (details["line"], details["column"]) == (2, 2)


def test_limits_are_named(client: httpx.Client) -> None:
    deep = "ASK " + "{" * 5_000 + "}" * 5_000
    assert problem(get(client, deep), 400)["limit"] == "max_nesting"
    long = "ASK { ?s ?p '" + "x" * 70_000 + "' }"
    direct = {"Content-Type": "application/sparql-query"}
    response = client.post("/sparql", content=long, headers=direct)
    assert problem(response, 413)["limit"] == "max_query_bytes"
    endless = client.post("/sparql", content=b"x" * 10_000_000, headers=direct)
    assert problem(endless, 413)["limit"] == "max_query_bytes"


def test_any_origin_may_ask_and_none_gets_credentials(client: httpx.Client) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    answered = client.get("/sparql", params={"query": ASK}, headers=origin)
    failed = client.get("/sparql?query=", headers=origin)
    preflight = client.options(
        "/sparql",
        headers={
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert (answered.status_code, failed.status_code, preflight.status_code) == (200, 400, 204)
    for response in (answered, failed, preflight):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert client.options("/sparql").headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_the_description_of_the_api_is_there_and_calls_nobody(client: httpx.Client) -> None:
    description = client.get("/openapi.json").json()
    paths = {"/sparql", "/update", "/store", "/health/live", "/health/ready"}
    assert paths <= set(description["paths"])
    assert set(description["paths"]["/sparql"]) == {"get", "post"}
    assert "https://" not in json.dumps(description)
    problem(client.get("/redoc"), 404)


def test_what_is_wrong_is_said_of_the_text_that_was_sent(client: httpx.Client) -> None:
    """Also where the first rows would do, for which the service asks twice."""
    query = "SELECT * WHERE {\n ?s ?p"
    plain, cut = (
        client.get("/sparql", params={"query": query, "truncate": value}).json()
        for value in ("false", "true")
    )
    assert (cut["detail"], cut["line"]) == (plain["detail"], plain["line"])
