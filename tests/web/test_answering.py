"""Receipts, validators, caching and compression of answers, over HTTP."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest

from econsec.settings import Settings

ASK = "ASK { ?s a <http://example.org/Ban> }"
LONG = "SELECT * { VALUES ?x { " + " ".join(f'"{n} {n * n}"' for n in range(900)) + " } }"
ONE = "http://example.org/one"
Serving = Callable[[Settings], AbstractContextManager[httpx.Client]]
TWO = "http://example.org/two"


def get(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", params={"query": query}, headers=names)


def test_an_answer_comes_with_a_receipt(client: httpx.Client) -> None:
    headers = get(client, ASK).headers
    assert headers["EconSec-Commit"] == headers["EconSec-Inference-Commit"] == "0"
    assert headers["EconSec-Query-Hash"] == "sha256:" + hashlib.sha256(ASK.encode()).hexdigest()
    assert headers["EconSec-Complete"] == "true"
    assert "EconSec-Graphs" not in headers


def test_the_receipt_names_the_graphs(client: httpx.Client) -> None:
    by_text = get(client, f"ASK FROM <{ONE}> FROM NAMED <{TWO}> {{}}").headers
    by_request = client.get("/sparql", params={"query": ASK, "default-graph-uri": ONE}).headers
    assert by_text["EconSec-Graphs"] == f"<{ONE}>, <{TWO}>"
    assert by_request["EconSec-Graphs"] == f"<{ONE}>"
    prefix = "PREFIX ex: <http://example.org/>"
    text = f"{prefix} ASK {{ GRAPH ex:two {{}} GRAPH ?g {{}} graph<{ONE}>{{}} }}"
    assert get(client, text).headers["EconSec-Graphs"] == f"<{TWO}>, <{ONE}>"


def test_without_inference_no_inference_is_vouched_for(client: httpx.Client) -> None:
    headers = client.get("/sparql", params={"query": ASK, "infer": "false"}).headers
    assert "EconSec-Inference-Commit" not in headers


def test_who_has_the_answer_is_told_so_and_nothing_else(client: httpx.Client) -> None:
    for _ in range(2):  # evaluated, then from the cache
        first = get(client, ASK)
        tag = first.headers["ETag"]
        for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = get(client, ASK, If_None_Match=sent)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert again.headers["Vary"] == "Accept, Accept-Encoding"
        assert get(client, ASK, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("changed", "accept"),
    [
        ({"query": ASK + " "}, None),
        ({"query": ASK, "infer": "false"}, None),
        ({"query": ASK, "default-graph-uri": ONE}, None),
        ({"query": ASK, "named-graph-uri": ONE}, None),
        ({"query": ASK, "format": "xml"}, None),
        ({"query": ASK}, "application/sparql-results+xml"),
        ({"query": ASK}, "application/json"),
    ],
)
def test_another_answer_has_another_tag(
    client: httpx.Client, changed: dict[str, Any], accept: str | None
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    other = client.get("/sparql", params=changed, headers=headers)
    assert other.status_code == 200
    assert other.headers["ETag"] != get(client, ASK).headers["ETag"]


def test_ways_of_asking_share_an_answer(client: httpx.Client) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    tags = {
        get(client, ASK).headers["ETag"],
        client.get("/sparql", params={"query": ASK, "format": "json"}).headers["ETag"],
        client.post("/sparql", content=ASK, headers=direct).headers["ETag"],
        client.post("/sparql", data={"query": ASK}).headers["ETag"],
    }
    assert len(tags) == 1


@pytest.mark.parametrize(
    "expression", ["NOW()", "RAND()", "uuid()", "STRUUID()", "BNODE()", "nOw ( )"]
)
def test_what_differs_each_time_is_neither_kept_nor_called_known(
    client: httpx.Client, expression: str
) -> None:
    query = f"SELECT ?x {{ BIND({expression} AS ?x) }}"
    first = get(client, query)
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert get(client, query).content != first.content
    assert get(client, query, If_None_Match="*").status_code == 200


def test_a_shared_cache_keeps_nothing_of_who_says_who_he_is(client: httpx.Client) -> None:
    assert get(client, ASK).headers["Cache-Control"] == "public, no-cache"
    known = get(client, ASK, Authorization="Bearer something")
    assert known.headers["Cache-Control"] == "private, no-cache"
    assert get(client, ASK).headers["Cache-Control"] == "public, no-cache"


def test_an_answer_is_compressed_for_who_takes_that(client: httpx.Client) -> None:
    plain = get(client, LONG, Accept_Encoding="identity")
    packed = get(client, LONG, Accept_Encoding="gzip;q=0.5, br")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content) // 2
    assert packed.content == plain.content
    refused = get(client, LONG, Accept_Encoding="gzip;q=0, *")
    assert "Content-Encoding" not in refused.headers
    with client.stream(
        "GET", "/sparql", params={"query": LONG}, headers={"Accept-Encoding": "gzip"}
    ) as raw:
        assert gzip.decompress(b"".join(raw.iter_raw())) == plain.content


def test_a_head_has_the_headers_of_the_get(client: httpx.Client) -> None:
    get_headers = get(client, ASK).headers
    head = client.head("/sparql", params={"query": ASK})
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "EconSec-Query-Hash", "Vary"):
        assert head.headers[name] == get_headers[name]


TEN = "SELECT ?x { VALUES ?x { 0 1 2 3 4 5 6 7 8 9 } } ORDER BY ?x"


@pytest.mark.parametrize(
    ("limit", "rows", "is_truncated"), [(10, 10, False), (9, 9, True), (1, 1, True)]
)
def test_rows_are_left_out_only_for_who_takes_that(
    serving: Serving, limit: int, rows: int, is_truncated: bool
) -> None:
    with serving(Settings(result_rows=limit)) as client:
        asked = {"query": TEN, "format": "csv", "truncate": "true"}
        for _ in range(2):
            answer = client.get("/sparql", params=asked)
            assert answer.text.split() == ["x", *map(str, range(rows))]
            assert ("EconSec-Truncated" in answer.headers) is is_truncated
            assert ("EconSec-Complete" in answer.headers) is not is_truncated
        ask = client.get("/sparql", params={"query": "ASK {}", "truncate": "true"})
        assert ask.headers["EconSec-Complete"] == "true"


def test_csv_has_a_byte_order_mark_for_who_asks_for_it(serving: Serving) -> None:
    for buffer_bytes in (1 << 20, 0):
        with serving(Settings(buffer_bytes=buffer_bytes)) as client:
            asked = {"query": TEN, "format": "csv"}
            plain = client.get("/sparql", params=asked)
            marked = client.get("/sparql", params={**asked, "bom": "true"})
            assert marked.content == b"\xef\xbb\xbf" + plain.content
            assert marked.headers["ETag"] != plain.headers["ETag"]
            json = client.get("/sparql", params={**asked, "format": "json", "bom": "true"})
            assert json.content.startswith(b"{")


def test_nobody_guesses_what_an_answer_is(client: httpx.Client) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=nonsense", "/nowhere"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"
