"""The dumps that the manifest lists for each graph lead to the files."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.rdf.namespaces import BASE

FILES = [dump for entry in Manifest.read(default_manifest()).graphs for dump in entry.files]


@pytest.mark.parametrize("dump", FILES, ids=lambda dump: dump.iri.removeprefix(BASE))
def test_a_file_of_a_graph_is_there(site: httpx.Client, dump: object) -> None:
    iri, path = dump.iri, dump.path  # type: ignore[attr-defined]
    answer = site.get("/" + iri.removeprefix(BASE), headers={"Accept": "*/*"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    if not iri.startswith(BASE + "ontology/") or iri.count("/") > 5:
        assert answer.content == path.read_bytes()


def test_it_is_not_sent_again(site: httpx.Client) -> None:
    first = site.get("/data/alignment/actors.ttl")
    headers = {"If-None-Match": first.headers["etag"]}
    assert site.get("/data/alignment/actors.ttl", headers=headers).status_code == 304
    assert site.head("/data/alignment/actors.ttl").content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/data/nothing.ttl",
        "/data/../pyproject.toml",
        "/data/%2e%2e/ontology/core.ttl",
        "/data/manifest",
        "/ontology/vocab/nothing.ttl",
        "/data/",
        "/shapes/nothing.ttl",
        "/shapes/ProductListShape.ttl",
    ],
)
def test_other_files_are_not(site: httpx.Client, root: Path, path: str) -> None:
    assert (root / "pyproject.toml").is_file()
    request = httpx.Request("GET", site.base_url)
    request.url = request.url.copy_with(raw_path=path.encode())
    assert site.send(request).status_code == 404
