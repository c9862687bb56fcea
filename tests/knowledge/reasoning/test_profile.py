"""What the rules would draw by halves, or by merging individuals, is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from pyoxigraph import NamedNode, Store

from econsec.errors import Refused
from econsec.knowledge.reasoning import find_clashes, materialise

Dataset = Callable[..., Store]


def abbreviated(error: Refused) -> str:
    return re.sub(r"<http://example.org/(\w+)>", r"ex:\1", str(error))


@pytest.mark.parametrize(
    ("axiom", "named"),
    [
        pytest.param(
            "ex:p a owl:FunctionalProperty .",
            "ex:p a owl:FunctionalProperty",
            id="functional",
        ),
        pytest.param(
            "ex:p a owl:InverseFunctionalProperty .",
            "ex:p a owl:InverseFunctionalProperty",
            id="inverse-functional",
        ),
        pytest.param(
            "ex:p a owl:ReflexiveProperty .",
            "ex:p a owl:ReflexiveProperty",
            id="reflexive",
        ),
        pytest.param(
            "ex:C owl:hasKey ( ex:p ) .",
            "ex:C owl:hasKey",
            id="has-key",
        ),
        pytest.param(
            "ex:a owl:sameAs ex:b .",
            "ex:a owl:sameAs ex:b",
            id="same-as",
        ),
        pytest.param(
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ] .",
            "ex:C rdfs:subClassOf (ex:p max 1 owl:Thing)",
            id="max-one",
        ),
        pytest.param(
            "ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom"
            " [ owl:onProperty ex:q ; owl:maxQualifiedCardinality 1 ; owl:onClass ex:D ] ] .",
            "ex:C rdfs:subClassOf (ex:p only (ex:q max 1 ex:D))",
            id="max-one-nested",
        ),
        pytest.param(
            "ex:p owl:propertyChainAxiom ( ex:p ex:q ) .",
            "ex:p owl:propertyChainAxiom ( ex:p ex:q )",
            id="chain-of-itself",
        ),
        pytest.param(
            "[ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] rdfs:subClassOf ex:C .",
            "(ex:p only ex:D) rdfs:subClassOf ex:C",
            id="universal-condition",
        ),
        pytest.param(
            "ex:C owl:equivalentClass [ owl:complementOf ex:D ] .",
            "ex:C owl:equivalentClass (not ex:D)",
            id="complement-condition",
        ),
        pytest.param(
            "ex:C owl:equivalentClass [ owl:intersectionOf"
            " ( ex:D [ owl:onProperty ex:p ; owl:minCardinality 1 ] ) ] .",
            "ex:C owl:equivalentClass (ex:D and (ex:p min 1 owl:Thing))",
            id="cardinality-condition",
        ),
        pytest.param(
            "[ owl:onProperty ex:p ; owl:someValuesFrom xsd:integer ] rdfs:subClassOf ex:C .",
            "(ex:p some xsd:integer) rdfs:subClassOf ex:C",
            id="datatype-condition",
        ),
        pytest.param(
            "[ owl:onProperty ex:p ; owl:hasSelf true ] rdfs:subClassOf ex:C .",
            "(ex:p Self) rdfs:subClassOf ex:C",
            id="self-condition",
        ),
        pytest.param(
            "owl:Thing rdfs:subClassOf ex:C .",
            "owl:Thing rdfs:subClassOf ex:C",
            id="everything",
        ),
        pytest.param(
            "[ owl:onProperty ex:p ; owl:allValuesFrom ex:D ] owl:disjointWith ex:C .",
            "(ex:p only ex:D) owl:disjointWith ex:C",
            id="disjoint-universal",
        ),
        pytest.param(
            "ex:p rdfs:subPropertyOf rdf:type .",
            "rdf:type",
            id="language-property",
        ),
        pytest.param(
            "ex:C rdfs:subClassOf owl:Class .",
            "owl:Class",
            id="language-class",
        ),
    ],
)
def test_an_axiom_that_cannot_be_drawn_is_refused_by_name(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode, axiom: str, named: str
) -> None:
    store = dataset(f"ex:E rdfs:subClassOf ex:F . {axiom}", "ex:x a ex:E .")
    before = len(store)
    for run in (partial(materialise, into=inferred), find_clashes):
        with pytest.raises(Refused) as caught:
            run(store, tbox=tbox)
        assert named in abbreviated(caught.value)
    assert len(store) == before


def test_every_such_axiom_is_named_at_once(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset("ex:p a owl:FunctionalProperty . ex:q a owl:ReflexiveProperty .")
    with pytest.raises(Refused) as caught:
        materialise(store, tbox=tbox, into=inferred)
    assert "ex:p a owl:FunctionalProperty (it merges values" in abbreviated(caught.value)
    assert "ex:q a owl:ReflexiveProperty" in abbreviated(caught.value)


def test_an_expression_that_is_a_condition_of_itself_needs_a_name(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    flat = "[ owl:onProperty ex:p ; owl:someValuesFrom ex:D ]"
    deep = f"[ owl:onProperty ex:p ; owl:someValuesFrom {flat} ]"
    chain = "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d . ex:d a ex:D ."
    anonymous = dataset(f"{deep} rdfs:subClassOf {flat} . {flat} rdfs:subClassOf ex:C .", chain)
    with pytest.raises(Refused, match="give the expression a name"):
        materialise(anonymous, tbox=tbox, into=inferred)
    named = dataset(
        f"{flat} rdfs:subClassOf ex:N ."
        " [ owl:onProperty ex:p ; owl:someValuesFrom ex:N ] rdfs:subClassOf ex:N ."
        " ex:N rdfs:subClassOf ex:C .",
        chain,
    )
    materialise(named, tbox=tbox, into=inferred)
    members = named.quads_for_pattern(None, None, NamedNode("http://example.org/C"), inferred)
    assert sorted(quad.subject.value[-1] for quad in members if quad.subject.value[-1] != "N") == [
        "a",
        "b",
        "c",
    ]
