"""The Graph Store HTTP Protocol against a real server over a real location."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat

TOKEN = "a-token-for-tests-0123456789abcdef"
MAX_UPLOAD_BYTES = 200_000
TURTLE = {"Content-Type": "text/turtle"}
ONE = "<http://e.org/a> <http://e.org/b> 1 ."
TWO = "<http://e.org/a> <http://e.org/b> 2 ."
ANOTHER = {"graph": "http://example.org/graph/another"}


class Served(Protocol):
    """What the fixture of that name offers."""

    @property
    def folder(self) -> Path: ...
    @property
    def location(self) -> Path: ...


def lines(client: httpx.Client, graph: str) -> set[str]:
    answer = client.get(
        "/store", params={"graph": graph}, headers={"Accept": "application/n-triples"}
    )
    assert answer.status_code == 200, answer.text
    return set(answer.text.splitlines())


def put(client: httpx.Client, graph: str, text: str = ONE, **headers: str) -> httpx.Response:
    sent = {**TURTLE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.put("/store", params={"graph": graph}, content=text, headers=sent)


def values(*numbers: int) -> set[str]:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    return {f'<http://e.org/a> <http://e.org/b> "{n}"^^<{integer}> .' for n in numbers}


def test_a_put_creates_a_graph_and_the_next_one_replaces_it(
    writer: httpx.Client, graph: str
) -> None:
    created = put(writer, graph)
    assert (created.status_code, created.content) == (201, b"")
    assert lines(writer, graph) == values(1)
    replaced = put(writer, graph, TWO)
    assert replaced.status_code == 204
    assert lines(writer, graph) == values(2)
    first, second = (int(each.headers["EconSec-Commit"]) for each in (created, replaced))
    assert second > first
    assert replaced.headers["EconSec-Version"] == f"{second}.0"


def test_a_post_adds(writer: httpx.Client, graph: str) -> None:
    for text, status in ((ONE, 201), (TWO, 204), (ONE, 204)):
        answer = writer.post("/store", params={"graph": graph}, content=text, headers=TURTLE)
        assert answer.status_code == status
    assert lines(writer, graph) == values(1, 2)


def test_blank_nodes_of_two_requests_are_two(writer: httpx.Client, graph: str) -> None:
    for _ in range(2):
        text = "_:x <http://e.org/b> 1 ."
        writer.post("/store", params={"graph": graph}, content=text, headers=TURTLE)
    assert len(lines(writer, graph)) == 2


def test_a_post_to_the_store_makes_a_graph_with_an_address(
    writer: httpx.Client,
) -> None:
    first = writer.post("/store", content=ONE, headers=TURTLE)
    second = writer.post("/store/", content=TWO, headers=TURTLE)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.headers["Location"].startswith(f"{writer.base_url}/store/")
    assert lines(writer, first.headers["Location"]) == values(1)
    assert writer.get(second.headers["Location"]).status_code == 200


def test_below_the_store_the_url_is_the_name(writer: httpx.Client) -> None:
    assert writer.put("/store/people/%C3%A9.ttl", content=ONE, headers=TURTLE).status_code == 201
    assert writer.get("/store/people/%C3%A9.ttl").status_code == 200
    assert lines(writer, f"{writer.base_url}/store/people/%C3%A9.ttl") == values(1)
    assert writer.delete("/store/people/%C3%A9.ttl").status_code == 204


def test_relative_iris_are_resolved_against_the_graph(writer: httpx.Client, graph: str) -> None:
    put(writer, graph, "<> <b> <#c> .")
    assert lines(writer, graph) == {f"<{graph}> <http://example.org/graph/b> <{graph}#c> ."}


def test_a_graph_is_deleted_once(writer: httpx.Client, graph: str) -> None:
    put(writer, graph)
    assert writer.delete("/store", params={"graph": graph}).status_code == 204
    gone = writer.delete("/store", params={"graph": graph})
    assert (gone.status_code, gone.json()["type"].rpartition("/")[2]) == (404, "graph-not-found")
    assert writer.get("/store", params={"graph": graph}).status_code == 404


def test_an_empty_graph_is_there(writer: httpx.Client, graph: str) -> None:
    assert put(writer, graph, "").status_code == 201
    assert lines(writer, graph) == set()
    assert writer.head("/store", params={"graph": graph}).status_code == 200


@pytest.mark.parametrize(
    ("media_type", "format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/trig", RdfFormat.TRIG),
        ("application/n-quads", RdfFormat.N_QUADS),
    ],
)
def test_every_format_is_read_and_written(
    writer: httpx.Client, graph: str, media_type: str, format: RdfFormat
) -> None:
    quads = [
        ox.Quad(
            ox.NamedNode("http://e.org/a"),
            ox.NamedNode("http://e.org/b"),
            ox.Literal("輸出禁止", language="ja"),
        )
    ]
    body = ox.serialize(quads, format=format)
    headers = {"Content-Type": f"{media_type}; charset=utf-8"}
    sent = writer.put("/store", params={"graph": graph}, content=body, headers=headers)
    assert sent.status_code == 201, sent.text
    answer = writer.get("/store", params={"graph": graph}, headers={"Accept": media_type})
    assert answer.headers["content-type"].startswith(media_type)
    assert [*ox.parse(answer.content, format=format)] == quads


def test_a_format_can_be_named_in_the_url(writer: httpx.Client, graph: str) -> None:
    put(writer, graph)
    answer = writer.get("/store", params={"graph": graph, "format": "nt"})
    assert answer.headers["content-type"] == "application/n-triples"


def test_a_head_is_a_get_without_content(writer: httpx.Client, graph: str) -> None:
    put(writer, graph)
    found, head = (writer.request(m, "/store", params={"graph": graph}) for m in ("GET", "HEAD"))
    assert head.content == b""
    for name in ("content-type", "etag", "vary", "cache-control"):
        assert head.headers[name] == found.headers[name]


def test_the_entity_tag_is_that_of_the_graph(writer: httpx.Client, graph: str) -> None:
    version = put(writer, graph).headers["EconSec-Version"]

    def tag(**headers: str) -> str:
        answer = writer.get("/store", params={"graph": graph}, headers=headers)
        return str(answer.headers["etag"])

    before = tag()
    assert before == f'"{version}"'
    assert tag(Accept="application/ld+json") == before
    put(writer, ANOTHER["graph"])
    assert tag() == before
    put(writer, graph, TWO)
    assert tag() != before


def test_what_the_client_has_is_not_sent_again(writer: httpx.Client, graph: str) -> None:
    put(writer, graph)
    tag = writer.get("/store", params={"graph": graph}).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = writer.get("/store", params={"graph": graph}, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    put(writer, graph, TWO)
    fresh = writer.get("/store", params={"graph": graph}, headers={"If-None-Match": tag})
    assert fresh.status_code == 200


def test_a_change_can_depend_on_what_was_seen(writer: httpx.Client, graph: str) -> None:
    version = put(writer, graph).headers["EconSec-Version"]
    assert put(writer, graph, TWO, If_Match=f'"{version}"').status_code == 204
    lost = put(writer, graph, ONE, If_Match=f'"{version}"')
    assert (lost.status_code, lost.json()["title"]) == (412, "The graph has changed")
    for condition in ({"If_None_Match": "*"}, {"If_Match": '"0.0"'}):
        assert put(writer, graph, ONE, **condition).status_code == 412
    current = writer.get("/store", params={"graph": graph}).headers["etag"]
    assert put(writer, graph, ONE, If_Match=f"W/{current}").status_code == 412
    assert lines(writer, graph) == values(2)
    stale = {"If-Match": f'"{version}"'}
    assert writer.delete("/store", params={"graph": graph}, headers=stale).status_code == 412


def test_a_graph_is_made_only_if_it_is_not_there(writer: httpx.Client, graph: str) -> None:
    assert put(writer, graph, ONE, If_None_Match="*").status_code == 201
    assert put(writer, graph, TWO, If_None_Match="*").status_code == 412
    assert put(writer, f"{graph}x", ONE, If_Match="*").status_code == 412


@pytest.mark.parametrize("header", ["12.0", '"12', "x, *", ","])
def test_a_condition_that_cannot_be_read_is_not_passed_over(
    writer: httpx.Client, graph: str, header: str
) -> None:
    answer = put(writer, graph, ONE, If_Match=header)
    assert (answer.status_code, "if-match" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "url",
    [
        "/store?default&graph=http://e.org/g",
        "/store?graph=http://e.org/g&graph=http://e.org/h",
        "/store?graph=relative",
        "/store?graph=http://e.org/a%20b",
        "/store?graph=http://e.org/%3E",
        "/store?graph=%FF",
        "/store/g?graph=http://e.org/g",
        "/store/g?default",
    ],
)
def test_a_graph_must_be_named_rightly(writer: httpx.Client, method: str, url: str) -> None:
    body = {} if method in {"GET", "DELETE"} else {"content": ONE, "headers": TURTLE}
    answer = writer.request(method, url, **body)  # type: ignore[arg-type]
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_the_store_itself_is_no_graph(writer: httpx.Client, method: str) -> None:
    body = {"content": ONE, "headers": TURTLE} if method == "PUT" else {}
    assert writer.request(method, "/store", **body).status_code == 400  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_writing_needs_a_token(anonymous: httpx.Client, graph: str, method: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong-wrong-wrong-wrong"}):
        answer = anonymous.request(
            method, "/store", params={"graph": graph}, content=ONE, headers={**TURTLE, **headers}
        )
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert anonymous.get("/store", params={"graph": graph}).status_code == 404


@pytest.mark.parametrize("name", ["inferred", "ontology", "shapes", "void"])
def test_protected_graphs_are_not_written(writer: httpx.Client, name: str) -> None:
    answer = put(writer, f"https://w3id.org/econsec/graph/{name}")
    assert (answer.status_code, answer.json()["title"]) == (403, "The graph is protected")


@pytest.mark.parametrize(
    ("target", "token", "status"),
    [
        ("/store?default", TOKEN, b"403"),
        ("/store?graph=https://w3id.org/econsec/graph/inferred", TOKEN, b"403"),
        ("/store?graph=http://e.org/g", "wrong-wrong-wrong-wrong", b"401"),
        ("/store?graph=g", TOKEN, b"400"),
    ],
)
def test_what_will_not_be_written_need_not_be_sent(
    served: Served, target: str, token: str, status: bytes
) -> None:
    address = httpx.URL(served.root)
    head = (
        f"PUT {target} HTTP/1.1\r\nHost: {address.netloc.decode()}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: text/turtle\r\n"
        "Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((address.host, address.port or 80), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1_000).split()[1] == status


def test_the_merge_is_read_and_not_written(writer: httpx.Client, graph: str) -> None:
    put(writer, graph, "<http://e.org/merged> <http://e.org/b> 1 .")
    merged = writer.get("/store?default", headers={"Accept": "application/n-triples"})
    assert "<http://e.org/merged>" in merged.text
    for method in ("PUT", "POST", "DELETE"):
        body = {} if method == "DELETE" else {"content": ONE, "headers": TURTLE}
        answer = writer.request(method, "/store?default", **body)  # type: ignore[arg-type]
        assert answer.status_code == 403
        assert "name the graph" in answer.json()["remedy"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/csv"},
        {"Content-Type": "nonsense"},
        {"Content-Type": "text/turtle; charset=latin1"},
        {"Content-Type": "text/turtle", "Content-Encoding": "br"},
        {"Content-Type": "text/turtle", "Content-Encoding": "gzip, gzip"},
    ],
)
def test_what_cannot_be_read_as_rdf_is_refused(
    writer: httpx.Client, graph: str, headers: dict[str, str]
) -> None:
    answer = writer.put("/store", params={"graph": graph}, content=ONE, headers=headers)
    assert answer.status_code == 415
    assert "text/turtle" in answer.headers["accept-post"]


def test_a_document_that_is_malformed_says_where(writer: httpx.Client, graph: str) -> None:
    put(writer, graph)
    answer = put(writer, graph, f"{TWO}\n<a> <b> oops .")
    assert answer.status_code == 400
    assert answer.json()["line"] == 2
    assert lines(writer, graph) == values(1)


def test_named_graphs_do_not_fit_into_a_graph(writer: httpx.Client, graph: str) -> None:
    answer = writer.put(
        "/store",
        params={"graph": graph},
        content=f"<http://e.org/other> {{ {ONE} }}",
        headers={"Content-Type": "application/trig"},
    )
    assert answer.status_code == 400
    assert writer.get("/store", params={"graph": "http://e.org/other"}).status_code == 404


def test_gzip_is_accepted(writer: httpx.Client, graph: str) -> None:
    headers = {**TURTLE, "Content-Encoding": "gzip"}
    body = gzip.compress(ONE.encode())
    sent = writer.put("/store", params={"graph": graph}, content=body, headers=headers)
    assert sent.status_code == 201
    assert lines(writer, graph) == values(1)
    broken = writer.put("/store", params={"graph": graph}, content=body[:-9], headers=headers)
    assert broken.status_code == 400
    assert lines(writer, graph) == values(1)


def test_the_files_of_a_form_are_merged(writer: httpx.Client, graph: str) -> None:
    files = [
        ("one", ("one.ttl", ONE, "text/turtle")),
        ("two", ("two.ttl.gz", gzip.compress(TWO.encode()), "application/octet-stream")),
        ("three", ("three.nt", ONE.replace("1", '"3"'), "text/plain")),
    ]
    sent = writer.post("/store", params={"graph": graph}, files=files)
    assert sent.status_code == 201, sent.text
    assert lines(writer, graph) == {*values(1, 2), '<http://e.org/a> <http://e.org/b> "3" .'}


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"nothing of the kind"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.doc"\r\n\r\nb\r\n'
            b"--x--\r\n",
        ),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    writer: httpx.Client, graph: str, type: str, body: bytes
) -> None:
    answer = writer.post(
        "/store", params={"graph": graph}, content=body, headers={"Content-Type": type}
    )
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize(("more", "status"), [(-1, 201), (0, 201), (1, 413)])
@pytest.mark.parametrize("is_announced", [True, False])
def test_the_size_is_limited(
    writer: httpx.Client, graph: str, more: int, status: int, is_announced: bool
) -> None:
    body = (ONE + "#" * (MAX_UPLOAD_BYTES + more - len(ONE))).encode()

    def pieces() -> Iterator[bytes]:
        yield body[:1_000]
        yield body[1_000:]

    content = body if is_announced else pieces()
    answer = writer.put("/store", params={"graph": graph}, content=content, headers=TURTLE)
    assert answer.status_code == status, answer.text
    if status == 413:
        assert answer.json()["limit"] == "max_upload_bytes"


def test_other_methods_are_not_there(writer: httpx.Client, graph: str) -> None:
    for path in ("/store", "/store/x"):
        answer = writer.patch(path, params={"graph": graph}, content="CLEAR ALL")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
        options = writer.options(path)
        assert (options.status_code, options.headers["allow"]) == (204, answer.headers["allow"])


def test_the_log_has_who_sent_what_and_nothing_stays_behind(
    writer: httpx.Client, served: Served, graph: str
) -> None:
    body = gzip.compress(ONE.encode())
    headers = {**TURTLE, "Content-Encoding": "gzip"}
    sent = writer.put("/store", params={"graph": graph}, content=body, headers=headers)
    records = map(json.loads, (served.location / "audit.jsonl").read_text().splitlines())
    commit = int(sent.headers["EconSec-Commit"])
    (record,) = [each for each in records if each.get("commit") == commit]
    (request,) = record["requests"]
    assert (request["agent"], request["kind"], request["graph"]) == ("tests", "put", graph)
    assert request["sha256"] == hashlib.sha256(body).hexdigest()
    assert (request["size"], request["mediaType"]) == (len(body), "text/turtle")
    assert request["id"] == sent.headers["X-Request-ID"]
    assert [*served.folder.rglob("upload-*")] == []
