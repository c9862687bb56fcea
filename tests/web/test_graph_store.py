"""The Graph Store HTTP Protocol where nothing can be written."""

from __future__ import annotations

import httpx
import pytest
import rdflib

ONE = {"graph": "http://example.org/one"}
BODY = {"content": "", "headers": {"Content-Type": "text/turtle"}}


def test_graphs_are_read(client: httpx.Client) -> None:
    one = client.get("/store", params=ONE, headers={"Accept": "application/n-triples"})
    assert len(one.text.splitlines()) == 3
    default = client.get("/store?default", headers={"Accept": "application/n-triples"})
    assert len(default.text.splitlines()) == 5
    assert client.get("/store", params={"graph": "http://example.org/none"}).status_code == 404


def test_the_choice_of_a_format_comes_first(client: httpx.Client) -> None:
    answer = client.get(
        "/store", params={"graph": "http://example.org/none"}, headers={"Accept": "text/csv"}
    )
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offered"]


def test_a_data_set_without_a_digest_has_no_entity_tags(client: httpx.Client) -> None:
    # The next one that is served here would have the same.
    assert "etag" not in client.get("/store", params=ONE).headers


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_writing_is_refused_with_a_remedy(client: httpx.Client, method: str) -> None:
    body = {} if method == "DELETE" else BODY
    answer = client.request(method, "/store", params=ONE, **body)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "--token-file" in answer.json()["remedy"]


@pytest.mark.parametrize("path", ["/update", "/sparql"])
def test_updates_are_refused_with_a_remedy(client: httpx.Client, path: str) -> None:
    answer = client.post(path, data={"update": "CLEAR GRAPH <http://example.org/one>"})
    assert answer.status_code == 403
    assert "--token-file" in answer.json()["remedy"]


def test_answers_may_be_shared_unless_somebody_said_who_he_is(client: httpx.Client) -> None:
    for headers, expected in (({}, "public"), ({"Authorization": "Bearer x"}, "private")):
        answer = client.get("/store", params=ONE, headers=headers)
        assert answer.headers["cache-control"] == f"{expected}, no-cache"


@pytest.mark.parametrize("url", ["/sparql", "/sparql?format=nt"])
def test_an_endpoint_that_is_asked_nothing_says_what_it_is(client: httpx.Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    format = "nt" if "format" in url else "turtle"
    graph = rdflib.Graph().parse(data=answer.content, format=format)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef(str(client.base_url.join("/sparql")))
    (service,) = graph.subjects(sd.endpoint, endpoint)
    assert (service, sd.supportedLanguage, sd.SPARQL11Update) not in graph
    names = {str(name) for name in graph.objects(None, sd.name)}
    assert {f"http://example.org/{name}" for name in ("one", "two", "aside")} < names


def test_the_description_is_negotiated(client: httpx.Client) -> None:
    for accept in ("application/rdf+xml", "application/ld+json", "text/turtle"):
        answer = client.get("/sparql", headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == accept
        assert "Accept" in answer.headers["vary"]
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 406
