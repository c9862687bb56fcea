"""`/shapes`: the shapes graph over HTTP."""

from __future__ import annotations

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from econsec.rdf.namespaces import ESH, RDF, SH

SYNTAXES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def triples(answer: httpx.Response) -> set[str]:
    media_type = answer.headers["content-type"].partition(";")[0]
    return {str(quad.subject) for quad in parse(answer.content, SYNTAXES[media_type])}


@pytest.mark.parametrize("media_type", SYNTAXES)
def test_the_graph_is_offered_in_each_syntax(client: httpx.Client, media_type: str) -> None:
    answer = client.get("/shapes", headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert {str(ESH("AmountShape")), str(ESH("profile-all"))} <= triples(answer)
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_all_syntaxes_say_the_same(client: httpx.Client) -> None:
    named = [
        {
            subject
            for subject in triples(client.get("/shapes", headers={"Accept": each}))
            if subject.startswith("<")
        }
        for each in SYNTAXES
    ]
    assert all(each == named[0] for each in named)


def test_turtle_is_for_who_accepts_anything(client: httpx.Client) -> None:
    assert client.get("/shapes").headers["content-type"] == "text/turtle; charset=utf-8"
    refused = client.get("/shapes", headers={"Accept": "text/csv"})
    assert refused.status_code == 406
    assert "application/json" in refused.json()["offered"]
    assert client.get("/shapes?format=nt").headers["content-type"] == "application/n-triples"


def test_a_misspelt_parameter_is_an_error_and_not_everything(client: httpx.Client) -> None:
    refused = client.get("/shapes?proflie=document")
    assert (refused.status_code, refused.json()["remedy"]) == (400, "did you mean 'profile'?")


def test_the_other_forms_are_linked(client: httpx.Client) -> None:
    links = client.get("/shapes?profile=document").headers["link"]
    assert '</shapes?profile=document&format=json>; rel="alternate"' in links
    assert 'type="text/turtle"' not in links


def test_what_the_client_has_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/shapes")
    again = client.get("/shapes", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(
        "/shapes", headers={"If-None-Match": first.headers["etag"], "Accept": "application/json"}
    )
    assert other.status_code == 200
    head = client.head("/shapes")
    for name in ("etag", "content-length", "content-encoding"):
        assert head.headers[name] == first.headers[name]
    assert head.headers["content-encoding"] == "gzip"


def test_a_profile_takes_what_its_shapes_reach(client: httpx.Client) -> None:
    whole = triples(client.get("/shapes?format=nt"))
    part = triples(client.get("/shapes?format=nt&profile=document"))
    assert part < whole
    assert {str(ESH("AmountShape")), str(ESH("amount-printed"))} <= part
    assert str(ESH("LabelShape")) not in part
    # What gives SPARQL constraints their prefixes comes with them.
    header = str(ESH.removesuffix("#"))
    assert f"<{header}>" in part


def test_an_unknown_profile_names_the_known(client: httpx.Client) -> None:
    answer = client.get("/shapes?profile=documents")
    assert answer.status_code == 400
    assert "hygiene" in answer.json()["remedy"]


def test_the_list_says_what_there_is(client: httpx.Client) -> None:
    listing = client.get("/shapes", headers={"Accept": "application/json"}).json()
    profiles = {profile["name"]: profile for profile in listing["profiles"]}
    assert {"all", "designation", "document", "hygiene"} <= profiles.keys()
    assert set(profiles["document"]["shapes"]) < set(profiles["all"]["shapes"])
    shapes = {shape["name"]: shape for shape in listing["shapes"]}
    amount = shapes["AmountShape"]
    assert amount["iri"] == ESH("AmountShape").value
    assert set(amount["label"]) == set(amount["description"]) == {"en", "ja"}
    assert amount["targets"] == [{"kind": "targetClass", "of": "es:Amount"}]
    assert amount["severities"][0] == "violation"
    assert amount["profiles"] == ["all", "document"]
    product = shapes["SpecifiedCriticalProductDesignationShape"]
    assert {basis["article"] for basis in product["legalBasis"]} >= {"7"}
    assert {name for each in profiles.values() for name in each["shapes"]} == set(shapes)


def test_the_list_of_a_profile_has_its_shapes_alone(client: httpx.Client) -> None:
    listing = client.get("/shapes?profile=document&format=json").json()
    document = next(each for each in listing["profiles"] if each["name"] == "document")
    assert [shape["name"] for shape in listing["shapes"]] == document["shapes"]


def test_one_shape_comes_with_what_it_reaches(client: httpx.Client) -> None:
    answer = client.get("/shapes/AmountShape", headers={"Accept": "text/turtle"})
    found = triples(answer)
    assert {str(ESH("AmountShape")), str(ESH("amount-printed"))} <= found
    assert str(ESH("MeetingShape")) not in found
    statements = [*parse(answer.content, RdfFormat.TURTLE)]
    assert any(q.predicate == SH("targetClass") for q in statements)
    assert any(q.predicate == RDF("type") for q in statements)
    entry = client.get("/shapes/AmountShape?format=json").json()
    assert entry["name"] == "AmountShape"


@pytest.mark.parametrize("name", ["None", "amount shape", "%3Cx%3E", "日本", "-", "profile..all"])
def test_what_is_no_shape_is_not_found(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/shapes/{name}")
    assert answer.status_code == 404
    assert answer.json()["remedy"] == "/shapes lists those there are"


def test_shapes_are_only_read(client: httpx.Client) -> None:
    answer = client.post("/shapes")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
