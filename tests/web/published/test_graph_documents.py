"""`/graph/…` and the examples: a named graph by its IRI."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pyoxigraph import NamedNode, Store, Triple

from econsec.rdf.namespaces import RDF, SH

from .conftest import BROWSER, SYNTAXES

Read = Callable[[httpx.Response], set[Triple]]
PATH = "/graph/source/meti-2023-01/s06"
EXAMPLES = "/.well-known/sparql-examples"


def content(dataset: Store, path: str) -> set[Triple]:
    graph = NamedNode(f"https://w3id.org/econsec{path}")
    return {quad.triple for quad in dataset.quads_for_pattern(None, None, None, graph)}


@pytest.mark.parametrize("media_type", SYNTAXES)
@pytest.mark.parametrize("path", [PATH, EXAMPLES])
def test_programs_get_what_is_in_it(
    site: httpx.Client, triples: Read, dataset: Store, path: str, media_type: str
) -> None:
    answer = site.get(path, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert triples(answer) == content(dataset, path) != set()


def test_people_are_led_to_its_description(site: httpx.Client) -> None:
    answer = site.get(PATH + "?lang=ja", headers={"Accept": BROWSER})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc{PATH}?lang=ja"
    page = site.get(answer.headers["location"], headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert site.get(PATH + ".html").headers["location"] == f"/doc{PATH}"


def test_extensions_heads_and_what_is_not_there(site: httpx.Client) -> None:
    assert site.get(PATH + ".nt").headers["content-type"] == "application/n-triples"
    head = site.head(PATH)
    assert (head.status_code, head.content) == (200, b"")
    assert site.get(PATH, headers={"Accept": "text/csv"}).status_code == 406
    for path in ("/graph/nothing", "/graph/a%20b", "/graph/", "/graph/%3Cx%3E"):
        assert site.get(path).status_code in {400, 404}, path


def test_an_example_leads_to_its_document(site: httpx.Client, triples: Read) -> None:
    answer = site.get(f"{EXAMPLES}/chokepoints")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc{EXAMPLES}/chokepoints")
    said = triples(site.get(answer.headers["location"]))
    example = NamedNode(f"https://w3id.org/econsec{EXAMPLES}/chokepoints")
    assert Triple(example, RDF("type"), SH("SPARQLExecutable")) in said
    assert site.get(f"{EXAMPLES}/nothing").status_code == 404


def test_a_browser_shows_the_examples_as_turtle(site: httpx.Client) -> None:
    answer = site.get(EXAMPLES, headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "SPARQLExecutable" in answer.text
