"""`/.well-known/void`, `/dcat` and `/context.jsonld` over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pyoxigraph import NamedNode, Triple

from econsec.rdf.namespaces import DCAT, RDF, VOID

from .conftest import BROWSER, SYNTAXES

Read = Callable[[httpx.Response], set[Triple]]
DATASET = NamedNode("https://w3id.org/econsec/data")


@pytest.mark.parametrize("media_type", SYNTAXES)
@pytest.mark.parametrize(
    ("path", "kind"), [("/.well-known/void", VOID("Dataset")), ("/dcat", DCAT("Dataset"))]
)
def test_each_description_is_in_each_syntax(
    site: httpx.Client, triples: Read, path: str, kind: NamedNode, media_type: str
) -> None:
    answer = site.get(path, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert Triple(DATASET, RDF("type"), kind) in triples(answer)
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("path", ["/.well-known/void", "/dcat"])
def test_a_browser_shows_turtle(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("@prefix")


@pytest.mark.parametrize("path", ["/.well-known/void", "/dcat"])
def test_extensions_tags_and_refusals(site: httpx.Client, path: str) -> None:
    first = site.get(f"{path}.nt", headers={"Accept": "text/csv"})
    assert first.headers["content-type"] == "application/n-triples"
    assert f'<{path}.ttl>; rel="alternate"' in first.headers["link"]
    headers = {"If-None-Match": first.headers["etag"]}
    again = site.get(f"{path}.nt", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert site.get(f"{path}.jsonld", headers=headers).status_code == 200
    assert site.get(path, headers={"Accept": "text/csv"}).status_code == 406
    head = site.head(f"{path}.nt")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
    assert site.post(path).status_code == 405


def test_the_description_names_the_service_as_the_client_knows_it(
    site: httpx.Client, triples: Read
) -> None:
    root = str(site.base_url).rstrip("/")
    said = triples(site.get("/.well-known/void"))
    assert Triple(DATASET, VOID("sparqlEndpoint"), NamedNode(f"{root}/sparql")) in said
    dumps = [
        t.object.value for t in said if (t.subject, t.predicate) == (DATASET, VOID("dataDump"))
    ]
    assert all(site.head(dump).status_code == 200 for dump in dumps)
    assert len(dumps) == 2
    hostile = site.get("/dcat", headers={"Host": "a b"})
    assert hostile.status_code == 400


def test_what_the_catalogue_links_to_is_there(site: httpx.Client, triples: Read) -> None:
    said = triples(site.get("/dcat"))
    links = {
        t.object.value
        for t in said
        if t.predicate
        in {
            DCAT("accessURL"),
            DCAT("downloadURL"),
            DCAT("endpointDescription"),
            DCAT("endpointURL"),
        }
    }
    assert len(links) >= 5
    for link in links:
        assert site.get(link, headers={"Accept": "*/*"}).status_code == 200, link


def test_the_data_set_leads_to_its_catalogue(site: httpx.Client) -> None:
    answer = site.get("/data")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dcat")


def test_the_context_is_served(site: httpx.Client) -> None:
    answer = site.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["@context"]["Good"] == "es:Good"
    headers = {"If-None-Match": answer.headers["etag"]}
    assert site.get("/context.jsonld", headers=headers).status_code == 304
