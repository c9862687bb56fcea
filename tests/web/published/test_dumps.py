"""`/dumps/`: lists, files, parts of files and hashes."""

from __future__ import annotations

import base64
import gzip
import hashlib

import httpx
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from econsec.web.dumps import CANONICAL_HASH, DIGEST

from .conftest import BROWSER


@pytest.fixture(scope="module")
def names(site: httpx.Client) -> list[str]:
    return [each["name"] for each in site.get("/dumps/").json()["files"]]


def test_the_list_says_what_is_in_the_files(site: httpx.Client, dataset: Store) -> None:
    answer = site.get("/dumps/")
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert told["ready"] is True
    assert told["quads"] == sum(not isinstance(quad.graph_name, DefaultGraph) for quad in dataset)
    assert len(told["canonicalHash"]["value"]) == 64
    for each in told["files"]:
        file = site.get(each["href"])
        assert each["bytes"] == len(file.content)
        assert each["sha256"] == hashlib.sha256(file.content).hexdigest()


def test_a_file_is_what_it_says(site: httpx.Client, names: list[str], dataset: Store) -> None:
    answer = site.get(f"/dumps/{names[0]}")
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-length"] == str(len(answer.content))
    assert names[0] in answer.headers["content-disposition"]
    digest = hashlib.sha256(answer.content).digest()
    assert answer.headers[DIGEST] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers[CANONICAL_HASH] == site.get("/dumps/").json()["canonicalHash"]["value"]
    quads = {*parse(gzip.decompress(answer.content), RdfFormat.N_QUADS)}
    assert quads == {quad for quad in dataset if not isinstance(quad.graph_name, DefaultGraph)}
    exposed = answer.headers["access-control-expose-headers"]
    assert DIGEST in exposed and CANONICAL_HASH in exposed


def test_a_part_can_be_had(site: httpx.Client, names: list[str]) -> None:
    path = f"/dumps/{names[1]}"
    whole = site.get(path)
    tag = whole.headers["etag"]
    part = site.get(path, headers={"Range": "bytes=10-19", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    other = site.get(path, headers={"Range": "bytes=10-19", "If-Range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, len(whole.content))
    beyond = site.get(path, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416
    assert site.get(path, headers={"If-None-Match": tag}).status_code == 304
    head = site.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))


def test_the_checksum_file_is_one_that_sha256sum_reads(
    site: httpx.Client, names: list[str]
) -> None:
    answer = site.get(f"/dumps/{names[0]}.sha256")
    digest = hashlib.sha256(site.get(f"/dumps/{names[0]}").content).hexdigest()
    assert answer.text == f"{digest}  {names[0]}\n"
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("name", ["econsec-9.9.9-0.nq.gz", "x.sha256", "%2e%2e", "order.json"])
def test_other_files_are_not_there(site: httpx.Client, names: list[str], name: str) -> None:
    answer = site.get(f"/dumps/{name}")
    assert answer.status_code == 404
    if name != "%2e%2e":
        assert names[0] in answer.json()["remedy"]


@pytest.mark.parametrize(("language", "word"), [("en", "Downloads"), ("ja", "ダウンロード")])
def test_people_get_a_page(site: httpx.Client, names: list[str], language: str, word: str) -> None:
    answer = site.get("/dumps/", headers={"Accept": BROWSER, "Accept-Language": language})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == language
    assert f"<h1>{word}</h1>" in answer.text
    assert all(f'href="/dumps/{name}"' in answer.text for name in names)
    assert site.get("/dumps/").json()["files"][0]["sha256"] in answer.text
    assert site.get("/dumps/", headers={"Accept": "text/turtle"}).status_code == 406
