"""Pages of a service that is written to: a commit makes them anew."""

from __future__ import annotations

import httpx

PATH = "/doc/id/good/of-a-test"
THING = "https://w3id.org/econsec/id/good/of-a-test"
NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"
HTML = {"Accept": "text/html,application/xhtml+xml"}


def title(client: httpx.Client) -> str:
    page = client.get(PATH, headers=HTML)
    assert page.status_code == 200
    return page.text.partition("<title>")[2].partition(" ·")[0]


def test_a_page_shows_what_the_last_commit_says(
    anonymous: httpx.Client, writer: httpx.Client, graph: str
) -> None:
    assert anonymous.get(PATH, headers=HTML).status_code == 404
    for name in ("first", "second"):
        body = f'<{THING}> <{NAME}> "{name}"@en .'
        stored = writer.put(
            "/store",
            params={"graph": graph},
            content=body,
            headers={"Content-Type": "application/n-triples"},
        )
        assert stored.status_code in {201, 204}
        assert title(anonymous) == title(anonymous) == name
    assert writer.delete("/store", params={"graph": graph}).status_code in {200, 204}
    assert anonymous.get(PATH, headers=HTML).status_code == 404
