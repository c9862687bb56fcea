"""The ontology's modules: found through the catalogue, whole by themselves, and described."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.paths import resources
from econsec.rdf.namespaces import BASE, ES, OWL, RDF, RDFS, SKOS

FOLDER = resources() / "ontology"
MODULES = sorted(FOLDER.glob("*.ttl"))
URI = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri"
TYPE = RDF("type")
COMPOSED = (OWL("Class"), OWL("ObjectProperty"), OWL("DatatypeProperty"))
FAMILIES = [
    "Actor",
    "State",
    "Organisation",
    "Person",
    "Post",
    "Territory",
    "SelfStyledEntity",
    "Statute",
    "CabinetOrder",
    "Strategy",
    "Guideline",
    "DocumentPart",
    "Programme",
    "ExportControl",
    "InvestmentScreening",
    "ProcurementRestriction",
    "EntityList",
    "TradeBan",
    "ExportBan",
    "ImportBan",
    "Subsidy",
    "Budget",
    "Technology",
    "Good",
    "InfrastructureSector",
    "Chokepoint",
    "ChokepointFactor",
    "Threat",
    "Risk",
    "Goal",
    "Approach",
    "InternationalArrangement",
    "Dialogue",
    "Meeting",
    "Outcome",
    "Commitment",
    "Designation",
    "EntityDesignation",
    "PreservationDesignation",
    "Criterion",
    "CriterionAssessment",
    "StatutorySystem",
    "SystemStep",
    "Amount",
    "Claim",
    "SourceDocument",
    "Footnote",
]


@cache
def triples(path: Path) -> tuple[ox.Triple, ...]:
    return tuple(q.triple for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


@cache
def catalogue() -> dict[str, Path]:
    root = ET.parse(FOLDER / "catalog-v001.xml").getroot()
    return {entry.attrib["name"]: FOLDER / entry.attrib["uri"] for entry in root.iter(URI)}


def name(path: Path) -> str:
    (found,) = [t.subject for t in triples(path) if t.object == OWL("Ontology")]
    assert isinstance(found, ox.NamedNode)
    return found.value


def imports(path: Path) -> set[Path]:
    """`path` and all that it imports, directly or not, as the catalogue finds it."""
    closure, ahead = set(), [path]
    while ahead:
        module = ahead.pop()
        if module not in closure:
            closure.add(module)
            found = [t.object for t in triples(module) if t.predicate == OWL("imports")]
            ahead += [catalogue()[o.value] for o in found if isinstance(o, ox.NamedNode)]
    return closure


def declared(path: Path) -> set[ox.NamedNode]:
    kinds = {*COMPOSED, OWL("AnnotationProperty"), OWL("NamedIndividual")}
    return {
        t.subject
        for module in imports(path)
        for t in triples(module)
        if t.predicate == TYPE and t.object in kinds and isinstance(t.subject, ox.NamedNode)
    }


def test_the_catalogue_names_every_module_and_nothing_else() -> None:
    assert catalogue() == {name(path): path for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_uses_no_term_that_its_imports_do_not_declare(path: Path) -> None:
    used = {
        term
        for t in triples(path)
        for term in (t.subject, t.predicate, t.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(ES) and term.value != ES
    }
    assert used - declared(path) == set()


def test_the_whole_imports_every_module() -> None:
    assert imports(FOLDER / "econsec.ttl") == set(MODULES)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_term_is_defined_by_one_module_in_two_languages(path: Path) -> None:
    terms = {t.subject for t in triples(path) if t.predicate == RDFS("isDefinedBy")}
    for term in terms:
        about = [t for t in triples(path) if t.subject == term]
        homes = [t.object for t in about if t.predicate == RDFS("isDefinedBy")]
        assert homes == [ox.NamedNode(name(path))]
        for property in (SKOS("prefLabel"), SKOS("definition")):
            texts = [t.object for t in about if t.predicate == property]
            assert sorted(o.language or "" for o in texts if isinstance(o, ox.Literal)) == [
                "en",
                "ja",
            ], f"{term} {property}"


def test_no_module_reaches_outside() -> None:
    for path in MODULES:
        for t in triples(path):
            if t.predicate == OWL("imports") and isinstance(t.object, ox.NamedNode):
                assert t.object.value.startswith(BASE)


def test_the_class_families_of_the_whole_document_are_there() -> None:
    classes = {t.subject for path in MODULES for t in triples(path) if t.object == OWL("Class")}
    assert [family for family in FAMILIES if ES(family) not in classes] == []
