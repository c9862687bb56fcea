"""Updates over HTTP against a real server over a real location."""

from __future__ import annotations

import httpx
import pytest

FORM = "application/x-www-form-urlencoded"
DIRECT = {"Content-Type": "application/sparql-update"}


def insert(graph: str, number: int = 1) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{ <http://e.org/a> <http://e.org/b> {number} }} }}"


def count(client: httpx.Client, graph: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    return int(answer.text.split()[1])


@pytest.mark.parametrize("path", ["/update", "/sparql"])
def test_an_update_is_carried_out_and_seen_by_the_next_query(
    writer: httpx.Client, graph: str, path: str
) -> None:
    direct = writer.post(path, content=insert(graph, 1), headers=DIRECT)
    assert (direct.status_code, direct.content) == (204, b""), direct.text
    assert count(writer, graph) == 1
    form = writer.post(path, data={"update": insert(graph, 2)})
    assert form.status_code == 204
    assert count(writer, graph) == 2
    assert int(form.headers["EconSec-Commit"]) > int(direct.headers["EconSec-Commit"])
    assert form.headers["EconSec-Version"] == f"{form.headers['EconSec-Commit']}.0"


def test_the_graphs_of_the_protocol_are_seen(writer: httpx.Client, graph: str) -> None:
    writer.post("/update", content=insert(f"{graph}/1"), headers=DIRECT)
    text = f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    form = {"update": text, "using-graph-uri": f"{graph}/1"}
    assert writer.post("/update", data=form).status_code == 204
    assert count(writer, graph) == 1
    text = f"INSERT {{ GRAPH <{graph}> {{ ?s ?p 2 }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    named = {"using-named-graph-uri": f"{graph}/1"}
    answer = writer.post("/update", params=named, content=text, headers=DIRECT)
    assert answer.status_code == 204
    assert count(writer, graph) == 2


def test_relative_iris_are_resolved_against_the_endpoint(writer: httpx.Client, graph: str) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <x> <y> <z> }} }}"
    assert writer.post("/update", content=text, headers=DIRECT).status_code == 204
    ask = f"ASK {{ GRAPH <{graph}> {{ <{writer.base_url}/x> ?p ?o }} }}"
    assert writer.get("/sparql", params={"query": ask}).json()["boolean"] is True


@pytest.mark.parametrize("path", ["/update", "/sparql"])
def test_nothing_that_is_read_changes_data(writer: httpx.Client, graph: str, path: str) -> None:
    answer = writer.get(path, params={"update": insert(graph)})
    assert (answer.status_code, "POST" in answer.json()["detail"]) == (400, True)
    assert count(writer, graph) == 0


def test_queries_have_a_place_of_their_own(writer: httpx.Client) -> None:
    for form in ({"query": "ASK {}"}, {"query": "ASK {}", "update": "CLEAR ALL"}, {}):
        assert writer.post("/update", data=form or {"x": "y"}).status_code == 400


@pytest.mark.parametrize("path", ["/update", "/sparql"])
@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        ("CLEAR XYZ", DIRECT, 400),
        ("ASK {}", DIRECT, 400),
        ("CLEAR NAMED", {"Content-Type": "text/plain"}, 415),
        ("CLEAR NAMED", {}, 415),
        ("CLEAR NAMED", {"Content-Type": "application/sparql-update; charset=utf-16"}, 415),
        (b"CLEAR GRAPH <\xff>", DIRECT, 400),
        ("update=CLEAR+NAMED&update=CLEAR+NAMED", {"Content-Type": FORM}, 400),
        ("update=%FF", {"Content-Type": FORM}, 400),
        ("LOAD <http://127.0.0.1:9/never-asked>", DIRECT, 403),
        ("LOAD SILENT <http://127.0.0.1:9/never-asked>", DIRECT, 403),
        ("INSERT { GRAPH <g> { ?s ?p ?o } } WHERE { SERVICE <x> { ?s ?p ?o } }", DIRECT, 403),
        ("INSERT DATA { <http://e.org/a> <http://e.org/b> 1 }", DIRECT, 403),
        ("DROP ALL", DIRECT, 403),
        ("CLEAR GRAPH <https://w3id.org/econsec/graph/inferred>", DIRECT, 403),
    ],
)
def test_what_is_refused_says_why(
    writer: httpx.Client, path: str, content: str | bytes, headers: dict[str, str], status: int
) -> None:
    answer = writer.post(path, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_syntax_error_has_its_place(writer: httpx.Client) -> None:
    text = "INSERT DATA {\n  GRAPH <http://e.org/g> { <a> <b> } }"
    answer = writer.post("/update", content=text, headers=DIRECT)
    assert (answer.status_code, answer.json()["line"]) == (400, 2)


def test_a_data_set_is_named_once(writer: httpx.Client) -> None:
    text = "WITH <http://e.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
    answer = writer.post(
        "/update", params={"using-graph-uri": "http://e.org/h"}, content=text, headers=DIRECT
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/update", "/sparql"])
def test_an_update_needs_a_token(anonymous: httpx.Client, graph: str, path: str) -> None:
    wrong = {"Authorization": "Bearer wrong-wrong-wrong-wrong"}
    for headers in ({}, wrong):
        answer = anonymous.post(path, content=insert(graph), headers={**DIRECT, **headers})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert count(anonymous, graph) == 0


@pytest.mark.parametrize("is_form", [True, False])
@pytest.mark.parametrize(("more", "status"), [(0, 204), (1, 413)])
def test_the_size_is_that_of_the_text(
    writer: httpx.Client, graph: str, more: int, status: int, is_form: bool
) -> None:
    text = insert(graph) + " " * (100_000 + more - len(insert(graph)))
    sent = {"data": {"update": text}} if is_form else {"content": text, "headers": DIRECT}
    answer = writer.post("/update", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    if status == 413:
        assert answer.json()["limit"] == "max_update_bytes"


def test_a_percent_encoded_form_has_room(writer: httpx.Client, graph: str) -> None:
    literal = "あ" * 30_000
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <http://e.org/a> <http://e.org/b> '{literal}' }} }}"
    assert len(text.encode()) < 100_000
    assert writer.post("/update", data={"update": text}).status_code == 204
    assert count(writer, graph) == 1


def test_updates_of_several_operations_are_carried_out_whole_or_not_at_all(
    writer: httpx.Client, graph: str
) -> None:
    text = f"{insert(graph)} ; CREATE GRAPH <{graph}>"
    answer = writer.post("/update", content=text, headers=DIRECT)
    assert answer.status_code == 400, answer.text
    assert count(writer, graph) == 0


def test_the_methods_are_told(writer: httpx.Client) -> None:
    assert writer.options("/update").headers["allow"] == "OPTIONS, POST"
    answer = writer.delete("/update")
    assert (answer.status_code, answer.headers["content-type"]) == (
        405,
        "application/problem+json",
    )


def test_only_who_may_write_may_send_much(writer: httpx.Client, anonymous: httpx.Client) -> None:
    text = "ASK {} #" + "x" * 300_000
    for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong-wrong"}):
        for sent in ({"data": {"update": text}}, {"content": text, "headers": DIRECT}):
            answer = anonymous.post(
                "/sparql", **{**sent, "headers": {**sent.get("headers", {}), **headers}}
            )
            assert (answer.status_code, answer.json()["limit"]) == (413, "max_query_bytes")
    assert writer.post("/sparql", data={"update": text}).json()["limit"] == "max_update_bytes"
