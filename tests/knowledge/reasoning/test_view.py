"""The view without dates: what it leaves out, and that HermiT can read the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from econsec.knowledge.reasoning.terminology import read_terminology
from econsec.knowledge.reasoning.view import (
    UNSUPPORTED_DATATYPES,
    View,
    ontology_view,
    whole_view,
)
from econsec.rdf.namespaces import OWL, RDF, RDFS, XSD, Namespace

EX = Namespace("http://example.org/")

Dataset = Callable[..., Store]


@pytest.fixture
def view(dataset: Dataset, tbox: NamedNode, inferred: NamedNode) -> Callable[..., View]:
    def make(ontology: str, data: str = "") -> View:
        store = dataset(ontology, data)
        return whole_view(store, read_terminology(store, tbox), inferred=inferred)

    return make


def test_every_xsd_datatype_of_time_but_the_instants_is_left_out() -> None:
    names = {iri.value.removeprefix(XSD) for iri in UNSUPPORTED_DATATYPES}
    assert {"date", "gYear", "gYearMonth", "gMonthDay", "duration"} <= names
    assert {"dateTime", "dateTimeStamp"}.isdisjoint(names)


@pytest.mark.parametrize("datatype", sorted(UNSUPPORTED_DATATYPES, key=str), ids=str)
def test_values_that_hermit_cannot_read_are_left_out(
    view: Callable[..., View], datatype: NamedNode
) -> None:
    made = view(f"ex:on rdfs:range {datatype} .", f'ex:x ex:on "1"^^{datatype} ; ex:n 1 .')
    assert [t.object.value for t in made.triples if isinstance(t.object, Literal)] == ["1"]
    assert datatype not in {triple.object for triple in made.triples}
    assert Triple(EX("on"), RDFS("range"), RDFS("Literal")) in made.triples


def test_ontology_headers_with_their_imports_are_left_out(view: Callable[..., View]) -> None:
    made = view("ex:o a owl:Ontology ; owl:imports ex:other ; rdfs:label 'o' . ex:A a owl:Class .")
    assert made.triples == (Triple(EX("A"), RDF("type"), OWL("Class")),)


def test_inferred_triples_are_left_out(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset("ex:A rdfs:subClassOf ex:B .", "ex:x a ex:A , ex:B .")
    store.add(Quad(EX("x"), RDF("type"), EX("B"), inferred))
    made = whole_view(store, read_terminology(store, tbox), inferred=inferred)
    assert Triple(EX("x"), RDF("type"), EX("A")) in made.triples
    assert Triple(EX("x"), RDF("type"), EX("B")) not in made.triples


def test_the_view_of_the_ontology_has_no_data(dataset: Dataset, tbox: NamedNode) -> None:
    store = dataset("ex:A rdfs:subClassOf ex:B .", "ex:x a ex:A .")
    made = ontology_view(store, read_terminology(store, tbox), tbox=tbox)
    assert EX("x") not in {triple.subject for triple in made.triples}
    assert made.classes == 2


@pytest.mark.parametrize(
    ("ontology", "data", "kind"),
    [
        ("ex:p rdfs:domain ex:A .", "", "ObjectProperty"),
        ("ex:p rdfs:domain ex:A .", "ex:x ex:p 1 .", "DatatypeProperty"),
        ("ex:p rdfs:subPropertyOf ex:q . ex:q a owl:DatatypeProperty .", "", "DatatypeProperty"),
        ("ex:q rdfs:subPropertyOf ex:p . ex:q a owl:ObjectProperty .", "", "ObjectProperty"),
        (
            "ex:p rdfs:subPropertyOf ex:q . ex:q a owl:AnnotationProperty .",
            "ex:x ex:p 'x' .",
            "AnnotationProperty",
        ),
        ("ex:p a owl:DatatypeProperty ; rdfs:domain ex:A .", "", "DatatypeProperty"),
    ],
)
def test_a_property_of_an_axiom_is_declared_as_what_it_is(
    view: Callable[..., View], ontology: str, data: str, kind: str
) -> None:
    made = view(ontology, data)
    found = {t.object for t in made.triples if (t.subject, t.predicate) == (EX("p"), RDF("type"))}
    assert found == {OWL(kind)}


def test_classes_of_axioms_are_declared_and_built_in_terms_are_not(
    view: Callable[..., View],
) -> None:
    made = view(
        "ex:A rdfs:subClassOf owl:Thing , [ owl:unionOf ( ex:B ex:C ) ] ."
        " ex:name a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:label ."
    )
    declared = {t.subject for t in made.triples if t.object == OWL("Class")}
    assert declared == {EX("A"), EX("B"), EX("C")}
    assert RDFS("label") not in {triple.subject for triple in made.triples}
    assert made.classes == 3


def test_the_same_triples_make_the_same_document(view: Callable[..., View]) -> None:
    text = "ex:A rdfs:subClassOf ex:B .", "ex:y a ex:A . ex:x a ex:B ; ex:p 'あ'@ja ."
    assert view(*text).ntriples() == view(*text).ntriples()
    assert view(*text).links == 5
