"""What every document has in common: a tag, compression, HEAD, and 304."""

from __future__ import annotations

import httpx
import pytest

from .conftest import BROWSER

MAGNETS = "/doc/id/good/permanent-magnets"
PATHS = {
    MAGNETS: "Accept, Accept-Language, Accept-Encoding",
    f"{MAGNETS}.jsonld": "Accept, Accept-Language, Accept-Encoding",
    f"{MAGNETS}.nt": "Accept, Accept-Language, Accept-Encoding",
    "/shapes": "Accept, Accept-Encoding",
    "/shapes?profile=document&format=json": "Accept, Accept-Encoding",
    "/shapes/AmountShape": "Accept, Accept-Encoding",
    "/ontology": "Accept, Accept-Encoding",
    "/.well-known/void": "Accept, Accept-Encoding",
    "/context.jsonld": "Accept-Encoding",
    "/data/alignment/actors.ttl": "Accept-Encoding",
    "/sparql/terms": "Accept-Encoding",
}


@pytest.mark.parametrize("path", PATHS)
def test_it_is_compressed_for_who_takes_that(site: httpx.Client, path: str) -> None:
    bare = site.get(path, headers={"Accept-Encoding": "identity"})
    packed = site.get(path, headers={"Accept-Encoding": "gzip"})
    assert (bare.status_code, packed.status_code) == (200, 200)
    assert "content-encoding" not in bare.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(bare.headers["content-length"]) / 2
    assert int(bare.headers["content-length"]) == len(bare.content)
    assert packed.content == bare.content
    for name in ("etag", "content-type", "cache-control", "link"):
        assert packed.headers.get(name) == bare.headers.get(name)
    assert packed.headers["vary"] == bare.headers["vary"] == PATHS[path]


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", PATHS)
def test_head_and_304_say_what_get_says(site: httpx.Client, path: str, coding: str) -> None:
    site_headers = {"Accept-Encoding": coding}
    got, head = site.get(path, headers=site_headers), site.head(path, headers=site_headers)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length", "content-encoding", "vary", "link"):
        assert head.headers.get(name) == got.headers.get(name)
    for ask in (site.get, site.head):
        again = ask(path, headers={**site_headers, "If-None-Match": got.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "vary", "cache-control", "link"):
            assert again.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("path", [MAGNETS, "/shapes", "/shapes/AmountShape"])
def test_each_form_has_a_tag_of_its_own(site: httpx.Client, path: str) -> None:
    accepted = ("text/turtle", "application/n-triples", "application/ld+json", BROWSER)
    tags = [site.get(path, headers={"Accept": each}).headers["etag"] for each in accepted]
    assert len(set(tags)) == len(tags)
    other = {"Accept": accepted[1], "If-None-Match": tags[0]}
    assert site.get(path, headers=other).status_code == 200


@pytest.mark.parametrize("path", [MAGNETS, "/shapes", "/context.jsonld"])
def test_a_condition_that_cannot_be_read_is_an_error(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers={"If-None-Match": "no tag"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "invalid-input")
