"""Saturation: what counts as ontology, what is written where, and in how many rounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning import materialise
from econsec.knowledge.reasoning.patterns import written
from econsec.rdf.namespaces import RDF, Namespace

EX = Namespace("http://example.org/")
TYPE = RDF("type")

Dataset = Callable[..., Store]


def holds(store: Store, subject: str, predicate: NamedNode, value: str) -> bool:
    return Quad(EX(subject), predicate, EX(value)) in store


def test_only_the_ontology_graph_holds_axioms(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset(
        "ex:A rdfs:subClassOf ex:B .",
        "ex:x a ex:A , ex:C . ex:C rdfs:subClassOf ex:D .",
    )
    materialise(store, tbox=tbox, into=inferred)
    assert holds(store, "x", TYPE, "B")
    assert not holds(store, "x", TYPE, "D")


def test_named_graphs_are_no_data(dataset: Dataset, tbox: NamedNode, inferred: NamedNode) -> None:
    store = dataset("ex:A rdfs:subClassOf ex:B .")
    store.add(Quad(EX("x"), TYPE, EX("A"), EX("elsewhere")))
    assert materialise(store, tbox=tbox, into=inferred).inferred == 0


def test_a_blank_node_is_an_individual_like_any_other(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset("ex:p rdfs:range ex:B ; a owl:SymmetricProperty .", "ex:x ex:p [] .")
    materialise(store, tbox=tbox, into=inferred)
    typed = {quad.subject for quad in store.quads_for_pattern(None, TYPE, EX("B"), inferred)}
    assert {type(subject) for subject in typed} == {BlankNode, NamedNode}
    assert len(typed) == 2


def test_an_empty_ontology_infers_nothing(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    result = materialise(dataset("", "ex:x a ex:A ."), tbox=tbox, into=inferred)
    assert (result.inferred, result.rounds) == (0, 0)


def test_rules_that_feed_each_other_run_until_nothing_is_new(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    links = " ".join(f"ex:x{n} ex:in ex:x{n + 1} ." for n in range(30))
    store = dataset(
        "[ a owl:Restriction ; owl:onProperty ex:in ; owl:someValuesFrom ex:A ]"
        " rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:A .",
        f"{links} ex:x30 a ex:A .",
    )
    result = materialise(store, tbox=tbox, into=inferred)
    assert holds(store, "x0", TYPE, "A")
    assert result.inferred == 60
    assert result.rounds > 2


def test_rules_in_a_line_need_one_round_however_they_are_written(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    steps = [f"ex:C{n} rdfs:subClassOf ex:C{n + 1} ." for n in range(20)]
    for axioms in (steps, steps[::-1]):
        store = dataset(" ".join(axioms), "ex:x a ex:C0 .")
        assert materialise(store, tbox=tbox, into=inferred).rounds == 1
        assert holds(store, "x", TYPE, "C20")


def test_the_order_of_the_axioms_changes_nothing(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    axioms = [
        "ex:p owl:inverseOf ex:q .",
        "ex:q rdfs:subPropertyOf ex:r .",
        "ex:r owl:propertyChainAxiom ( ex:p ex:p ) .",
        "[ a owl:Class ; owl:unionOf ( ex:A ex:B ) ] rdfs:subClassOf ex:C .",
        "ex:r rdfs:domain ex:A .",
    ]
    results = set()
    for order in (axioms, axioms[::-1], axioms[2:] + axioms[:2]):
        store = dataset(" ".join(order), "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:q ex:b .")
        materialise(store, tbox=tbox, into=inferred)
        drawn = store.quads_for_pattern(None, None, None, inferred)
        results.add(frozenset(str(quad) for quad in drawn))
    assert len(results) == 1


def test_names_with_quotes_and_other_scripts_are_only_names(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset(
        "<http://example.org/l'État> rdfs:subClassOf <http://example.org/国家> ."
        " <http://example.org/国家> rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ;"
        ' owl:hasValue "} INSERT { \\"x\\\\" ] .',
        "ex:x a <http://example.org/l'État> .",
    )
    assert materialise(store, tbox=tbox, into=inferred).inferred == 2
    assert holds(store, "x", TYPE, "国家")


def test_an_iri_that_would_end_early_is_refused(tbox: NamedNode, inferred: NamedNode) -> None:
    # A lenient parser lets in what the engine would never write.
    text = (
        "<http://example.org/A\\u003E> <http://www.w3.org/2000/01/rdf-schema#subClassOf>"
        " <http://example.org/B> ."
    )
    store = Store()
    store.extend(
        Quad(q.subject, q.predicate, q.object, graph)
        for q in parse(text, RdfFormat.TURTLE, lenient=True)
        for graph in (tbox, DefaultGraph())
    )
    with pytest.raises(InvalidInput, match="no valid IRI"):
        materialise(store, tbox=tbox, into=inferred)
    assert written(EX("A")) == "<http://example.org/A>"


def test_a_store_on_disk_is_saturated_alike(
    tmp_path: Path, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = Store(str(tmp_path / "store"))
    axioms = (
        "@prefix ex: <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        " ex:p a owl:TransitiveProperty , owl:SymmetricProperty ."
    )
    for graph in (tbox, DefaultGraph()):
        store.load(axioms, RdfFormat.TURTLE, to_graph=graph)
    store.add(Quad(EX("a"), EX("p"), EX("b")))
    store.add(Quad(EX("b"), EX("p"), EX("c")))
    assert materialise(store, tbox=tbox, into=inferred).inferred == 7


@pytest.mark.parametrize(
    ("axiom", "reason"),
    [
        ("ex:A rdfs:subClassOf [] .", "no constructors"),
        ("ex:A rdfs:subClassOf 5 .", "where a class is needed"),
        ("ex:A rdfs:subClassOf [ owl:someValuesFrom ex:B ] .", "no owl:onProperty"),
        ("ex:p rdfs:subPropertyOf [] .", "where a property is needed"),
        ("ex:A owl:equivalentClass [ owl:unionOf [ rdf:first ex:B ] ] .", "is broken at"),
        ("ex:A owl:equivalentClass [ owl:unionOf ex:B ] .", "is broken at"),
        ("_:l rdf:first ex:B ; rdf:rest _:l . ex:A owl:unionOf _:l .", "is broken at"),
        ("_:n owl:complementOf _:n . ex:A rdfs:subClassOf _:n .", "contains itself"),
        ("ex:p owl:propertyChainAxiom () .", "no members"),
        ("[] a owl:AllDisjointClasses .", "no owl:members"),
        (
            "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasValue [] ] .",
            "an individual with an IRI",
        ),
        (
            'ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality "few" ] .',
            "where a cardinality is needed",
        ),
        (
            "ex:A rdfs:subClassOf [ owl:onProperty ex:p , ex:q ; owl:someValuesFrom ex:B ] .",
            "2 values of owl:onProperty",
        ),
        (
            "ex:A rdfs:subClassOf [ owl:unionOf ( ex:B ) ; owl:complementOf ex:C ] .",
            "has 2 constructors",
        ),
        (
            'ex:A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf ex:p ] ; owl:hasValue "x" ] .',
            "cannot have the property inverse",
        ),
    ],
)
def test_a_malformed_axiom_is_an_error_and_changes_nothing(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode, axiom: str, reason: str
) -> None:
    store = dataset(axiom, "ex:x a ex:A .")
    before = len(store)
    with pytest.raises(InvalidInput, match=reason):
        materialise(store, tbox=tbox, into=inferred)
    assert len(store) == before


def test_expressions_are_not_followed_into_the_abyss(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    nested = "ex:B"
    for _ in range(60):
        nested = f"[ owl:onProperty ex:p ; owl:allValuesFrom {nested} ]"
    with pytest.raises(InvalidInput, match="nested more than 50 deep"):
        materialise(dataset(f"ex:A rdfs:subClassOf {nested} ."), tbox=tbox, into=inferred)
