"""`/ontology` and `/vocab`: the documents that the IRIs of terms lead to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from econsec.rdf.namespaces import ES, OWL, RDF, SKOS

from .conftest import BROWSER, SYNTAXES

Read = Callable[[httpx.Response], set[Triple]]
MODULES = sorted(path.stem for path in Path("ontology").glob("*.ttl") if path.stem != "econsec")


def canonical(triples: object) -> set[str]:
    found = Dataset(
        Quad(each.subject, each.predicate, each.object, DefaultGraph())
        for each in triples  # type: ignore[attr-defined]
    )
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in found}


@pytest.mark.parametrize("media_type", SYNTAXES)
def test_the_whole_ontology_is_in_each_syntax(
    site: httpx.Client, triples: Read, dataset: Store, media_type: str
) -> None:
    answer = site.get("/ontology", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    graph = NamedNode("https://w3id.org/econsec/graph/ontology")
    assert canonical(triples(answer)) == canonical(
        dataset.quads_for_pattern(None, None, None, graph)
    )


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_what_its_file_has(
    site: httpx.Client, triples: Read, root: Path, module: str
) -> None:
    file = canonical(parse(path=root / "ontology" / f"{module}.ttl", format=RdfFormat.TURTLE))
    answer = site.get(f"/ontology/{module}")
    assert canonical(triples(answer)) == file
    version = site.get(f"/ontology/{module}/0.1.0")
    assert version.text == answer.text


def test_the_version_of_the_whole_is_the_whole(site: httpx.Client) -> None:
    assert site.get("/ontology/0.1.0").text == site.get("/ontology.ttl").text
    nothing = site.get("/ontology/core/9.9.9")
    assert nothing.status_code == 404
    assert "https://w3id.org/econsec/ontology/core" in nothing.json()["remedy"]
    for path in ("/ontology/", "/ontology/%3Cx%3E", "/ontology/a%20b", "/ontology/" + "x" * 3_000):
        assert site.get(path).status_code == 404, path


def test_a_term_is_in_the_document_that_its_iri_leads_to(site: httpx.Client, triples: Read) -> None:
    said = triples(site.get("/ontology"))
    assert Triple(ES("Chokepoint"), RDF("type"), OWL("Class")) in said


def test_extensions_tags_and_refusals(site: httpx.Client) -> None:
    answer = site.get("/ontology/core.nt", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "application/n-triples"
    headers = {"If-None-Match": answer.headers["etag"]}
    assert site.get("/ontology/core.nt", headers=headers).status_code == 304
    assert site.get("/ontology", headers={"Accept": "text/csv"}).status_code == 406
    head = site.head("/ontology/core.nt")
    assert (head.status_code, head.content) == (200, b"")


def test_people_get_a_page_of_the_whole_and_turtle_of_a_module(site: httpx.Client) -> None:
    page = site.get("/ontology", headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    module = site.get("/ontology/core", headers={"Accept": BROWSER})
    assert module.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_schemes_are_listed(site: httpx.Client, triples: Read, dataset: Store) -> None:
    said = triples(site.get("/vocab.nt"))
    kind = SKOS("ConceptScheme")
    expected = {
        quad.subject for quad in dataset.quads_for_pattern(None, RDF("type"), kind, DefaultGraph())
    }
    assert {each.subject for each in said} == expected
    assert len(expected) >= 8
