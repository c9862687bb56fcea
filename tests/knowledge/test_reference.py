"""The reference pages say what the ontology and the queries say, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.errors import InvalidInput
from econsec.knowledge.catalogue import read_query
from econsec.knowledge.reference import ontology_page, pages, queries_page
from econsec.paths import resources
from econsec.rdf.namespaces import ES

ONTOLOGY = """
@prefix es: <https://w3id.org/econsec/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/econsec/ontology/m> a owl:Ontology ;
    dcterms:title "Module"@en , "モジュール"@ja ; dcterms:description "About."@en , "説明。"@ja .
es:Wheel a owl:Class ; rdfs:subClassOf es:Part ;
    rdfs:isDefinedBy <https://w3id.org/econsec/ontology/m> ;
    skos:prefLabel "wheel"@en , "車輪"@ja ; skos:definition "A round part."@en , "丸い部品。"@ja .
es:drives a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:domain es:Wheel ;
    owl:propertyChainAxiom ( es:turns es:drives ) ;
    rdfs:isDefinedBy <https://w3id.org/econsec/ontology/m> ;
    skos:prefLabel "drives"@en , "駆動する"@ja ; skos:definition "Moves."@en , "動かす。"@ja .
"""

PARAMETRISED = """\
#+ title: {en: In force, ja: 施行中}
#+ description: {en: What is in force., ja: 施行中のもの。}
#+ parameters:
#+   - {name: asOf, type: date, default: 2026-06-17, description: {en: The day., ja: 日。}}
#+   - {name: thing, type: iri, required: true, description: {en: The thing., ja: 事物。}}
ASK { ?thing ?p ?asOf }
"""


@pytest.fixture
def page() -> str:
    return ontology_page(q.triple for q in ox.parse(ONTOLOGY.encode(), ox.RdfFormat.TURTLE))


def test_a_term_stands_under_its_module_and_kind_in_both_languages(page: str) -> None:
    assert "## Module / モジュール" in page
    assert page.index("### Classes") < page.index("**`es:Wheel`** wheel / 車輪")
    assert page.index("### Object properties") < page.index("**`es:drives`** drives / 駆動する")
    assert "A round part." in page and "丸い部品。" in page


def test_axioms_are_told(page: str) -> None:
    assert "*is a `es:Part`*" in page
    assert "*domain `es:Wheel`; transitive; follows from `es:turns ∘ es:drives`*" in page


def test_every_term_of_the_ontology_is_on_the_page() -> None:
    page = pages(resources())["ontology.md"]
    for path in (resources() / "ontology").glob("*.ttl"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject.value.startswith(ES):
                assert f"`es:{subject.value.removeprefix(ES)}`" in page


def test_an_empty_catalogue_has_a_heading_only() -> None:
    assert "- **" not in queries_page({"competency": ()})


def test_the_parameters_of_a_query_are_told(tmp_path: Path) -> None:
    path = tmp_path / "in-force.rq"
    path.write_text(PARAMETRISED, encoding="utf-8")
    page = queries_page({"saved": (read_query(path, kind="saved"),)})
    assert "  - `asOf` (date, default `2026-06-17`)  \n    The day.  \n    日。\n" in page
    assert "  - `thing` (iri, required)  \n    The thing.  \n    事物。\n" in page


def test_an_unreadable_module_is_named_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "ontology" / "broken.ttl").write_text("@prefix es: <http://x/> .\nes:a es:b\n")
    with pytest.raises(InvalidInput) as caught:
        pages(tmp_path)
    assert caught.value.line is not None and "broken.ttl" in str(caught.value)
