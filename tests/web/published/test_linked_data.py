"""Every IRI of ours leads to its document, in the form that the client takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Triple

from econsec.rdf.namespaces import ES, FOAF, RDF, RDFS, SKOS

from .conftest import BROWSER, SYNTAXES

MAGNETS = "/id/good/permanent-magnets"
IRI = "https://w3id.org/econsec" + MAGNETS
Read = Callable[[httpx.Response], set[Triple]]
Serving = Callable[[ox.Store], AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="module")
def odd(serving_data: Serving) -> Iterator[httpx.Client]:
    """Data whose IRIs need care in a path."""
    base = "https://w3id.org/econsec/id/good"
    store = ox.Store()
    store.update(f"""INSERT DATA {{ GRAPH <x:g> {{
        <{base}/永久磁石> <{SKOS}prefLabel> "magnets"@en .
        <{base}/a.b> <{SKOS}prefLabel> "a dot"@en .
        <{base}/a.ttl> <{SKOS}prefLabel> "an extension"@en .
        <{base}/a> <{SKOS}prefLabel> "none"@en .
    }} }}""")
    with serving_data(store) as client:
        yield client


def test_a_thing_leads_to_its_document(site: httpx.Client) -> None:
    answer = site.get(MAGNETS)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc{MAGNETS}"
    assert {"Accept", "Accept-Language"} <= {
        each.strip() for each in answer.headers["vary"].split(",")
    }
    kept = site.get(MAGNETS + ".ttl?lang=ja")
    assert kept.headers["location"] == f"/doc{MAGNETS}.ttl?lang=ja"


@pytest.mark.parametrize("media_type", SYNTAXES)
def test_the_document_is_in_each_syntax(site: httpx.Client, triples: Read, media_type: str) -> None:
    answer = site.get(f"/doc{MAGNETS}", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    said = triples(answer)
    thing = NamedNode(IRI)
    assert Triple(thing, RDF("type"), ES("Good")) in said
    document = NamedNode(str(answer.url))
    assert Triple(document, FOAF("primaryTopic"), thing) in said
    assert any(each.predicate == RDFS("label") and each.subject != thing for each in said)


def test_all_syntaxes_state_the_same(site: httpx.Client, triples: Read) -> None:
    url = f"/doc{MAGNETS}"
    said = [triples(site.get(url, headers={"Accept": each})) for each in SYNTAXES]
    named = [{each for each in some if "_:" not in str(each)} for some in said]
    assert len(named[0]) > 50
    assert all(each == named[0] for each in named)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        (BROWSER, "text/html"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("text/turtle;q=0.5, application/rdf+xml;q=0.9", "application/rdf+xml"),
        ("text/turtle;q=0, */*;q=0.1", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/*;q=0.3, text/html;q=0.2", "application/ld+json"),
    ],
)
def test_the_weights_decide(site: httpx.Client, accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = site.get(f"/doc{MAGNETS}", headers=headers)
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("accept", ["text/csv", "image/png", "text/turtle;q=0"])
def test_other_types_are_refused(site: httpx.Client, accept: str) -> None:
    answer = site.get(f"/doc{MAGNETS}", headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offered"]


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("json", "application/ld+json"),
        ("trig", "application/trig"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("html", "text/html"),
    ],
)
def test_an_extension_wins_over_accept(site: httpx.Client, extension: str, media_type: str) -> None:
    answer = site.get(f"/doc{MAGNETS}.{extension}", headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_other_forms_are_linked(site: httpx.Client) -> None:
    links = site.get(f"/doc{MAGNETS}").headers["link"]
    assert f'<{IRI}>; rel="about"' in links
    for extension in ("jsonld", "trig", "nt", "rdf", "html"):
        assert f'</doc{MAGNETS}.{extension}>; rel="alternate"' in links
    assert f"{MAGNETS}.ttl>" not in links


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "text/html"])
def test_what_the_client_has_is_not_sent_again(site: httpx.Client, accept: str) -> None:
    first = site.get(f"/doc{MAGNETS}", headers={"Accept": accept})
    headers = {"Accept": accept, "If-None-Match": f'"other", {first.headers["etag"]}'}
    again = site.get(f"/doc{MAGNETS}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = {"Accept": "application/n-triples", "If-None-Match": first.headers["etag"]}
    assert site.get(f"/doc{MAGNETS}", headers=other).status_code == 200


@pytest.mark.parametrize("path", [MAGNETS, f"/doc{MAGNETS}", f"/doc{MAGNETS}.html"])
def test_head_is_get_without_the_body(site: httpx.Client, path: str) -> None:
    got, head = site.get(path), site.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("etag", "content-type", "vary", "location", "link"):
        assert head.headers.get(name) == got.headers.get(name)


def test_the_page_has_the_thing_in_it_as_json_ld(site: httpx.Client) -> None:
    page = site.get(f"/doc{MAGNETS}", headers={"Accept": "text/html"})
    _, _, rest = page.text.partition('<script type="application/ld+json">')
    text = rest.partition("</script>")[0]
    thing = json.loads(text)["@graph"][0]
    document = site.get(f"/doc{MAGNETS}", headers={"Accept": "application/ld+json"}).json()
    assert json.loads(text)["@context"] == "https://w3id.org/econsec/context.jsonld"
    assert (thing["@id"], thing["prefLabel"]["ja"]) == (IRI, "永久磁石")
    # All that is said of the thing; what leads to it is in the document.
    for name, value in document["@graph"][0].items():
        assert thing[name] == value, name
    assert len(document["@graph"]) > len(json.loads(text)["@graph"]) > 1


def test_what_is_unknown_is_not_found_and_something_like_it_is_named(site: httpx.Client) -> None:
    for path in ("/id/good/permanent-magnet", "/doc/id/good/permanent-magnet.ttl"):
        answer = site.get(path)
        assert answer.status_code == 404
        problem = answer.json()
        assert "permanent-magnet>" in problem["detail"]
        assert IRI in {each["iri"] for each in problem["suggestions"]}
    assert site.get("/id/good/永久磁").json()["suggestions"][0]["ja"] == "永久磁石"


def test_letters_beyond_ascii_are_found_however_they_are_written(odd: httpx.Client) -> None:
    escaped = "/id/good/%E6%B0%B8%E4%B9%85%E7%A3%81%E7%9F%B3"
    answer = odd.get(escaped)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc{escaped}"
    document = odd.get(answer.headers["location"])
    assert document.status_code == 200
    assert "永久磁石" in document.text
    assert document.headers["link"].isascii()
    assert odd.get("/id/good/%E6%B0").status_code == 404


def test_a_dot_in_a_name_is_no_extension(odd: httpx.Client) -> None:
    assert "a dot" in odd.get("/doc/id/good/a.b").text
    assert "a dot" in odd.get("/doc/id/good/a.b.nt").text
    # What is known by the whole name goes before what an extension would name.
    assert "an extension" in odd.get("/doc/id/good/a.ttl").text
    assert "none" in odd.get("/doc/id/good/a.nt").text


@pytest.mark.parametrize(
    "path",
    [
        "/id/../../etc/passwd",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/doc/../x",
        "/doc/id/good/%00",
        "/doc/id/good/a%20b",
        "/doc/id/good/%3Cscript%3E",
        "/id/" + "x" * 4_000,
        "/doc/" + "a/" * 1_000,
        "/doc/",
        "/id/",
        "/id/.ttl",
    ],
)
def test_odd_paths_are_not_found(site: httpx.Client, path: str) -> None:
    request = httpx.Request("GET", site.base_url, headers={"Accept": "text/turtle"})
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = site.send(request)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_scheme_comes_with_its_concepts(site: httpx.Client, triples: Read) -> None:
    led = site.get("/vocab/confidence")
    assert (led.status_code, led.headers["location"]) == (303, "/doc/vocab/confidence")
    said = triples(site.get(led.headers["location"]))
    scheme = NamedNode("https://w3id.org/econsec/vocab/confidence")
    concepts = {each.subject for each in said if each.predicate == SKOS("inScheme")}
    assert len(concepts) >= 2
    for concept in concepts:
        assert Triple(concept, SKOS("inScheme"), scheme) in said
        defined = [t for t in said if (t.subject, t.predicate) == (concept, SKOS("definition"))]
        assert len(defined) == 2


def test_a_document_can_be_uploaded_again(site: httpx.Client) -> None:
    """The context that it names is one that the service holds."""
    document = site.get(f"/doc{MAGNETS}.jsonld")
    headers = {"Content-Type": "application/ld+json", "Accept": "application/json"}
    answer = site.post("/validate", content=document.content, headers=headers)
    assert answer.status_code == 200, answer.text
    stranger = document.text.replace("w3id.org/econsec/context", "example.org/context")
    refused = site.post("/validate", content=stranger.encode(), headers=headers)
    assert refused.status_code in {400, 403}
    assert "https://w3id.org/econsec/context.jsonld" in refused.text
