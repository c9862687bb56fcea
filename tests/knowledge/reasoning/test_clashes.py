"""Each rule that concludes `false`: found with its axiom and individuals, and only then."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Store

from econsec.knowledge.reasoning import Clash, find_clashes, materialise
from econsec.rdf.namespaces import ES, Namespace

EX = Namespace("http://example.org/")

Dataset = Callable[..., Store]


def clashes_of(store: Store, tbox: NamedNode, inferred: NamedNode) -> tuple[Clash, ...]:
    materialise(store, tbox=tbox, into=inferred)
    return find_clashes(store, tbox=tbox)


def abbreviated(text: str) -> str:
    return re.sub(r"<http://example.org/(\w+)>", r"ex:\1", text)


def expected(case) -> set[tuple[str, str, frozenset[str]]]:
    by_node: dict[str, dict[str, set[str]]] = {}
    for triple in case.graph("expected"):
        fields = by_node.setdefault(str(triple.subject), {})
        name = triple.predicate.value.removeprefix(EX)
        fields.setdefault(name, set()).add(triple.object.value)
    return {
        (*fields["rule"], *fields["axiom"], frozenset(fields.get("individual", ())))
        for fields in by_node.values()
    }


def test_the_clash_is_found_with_its_axiom_and_individuals(
    clash_case, tbox: NamedNode, inferred: NamedNode
) -> None:
    found = clashes_of(clash_case.store(), tbox, inferred)
    summary = {
        (clash.rule, abbreviated(clash.axiom), frozenset(i.value for i in clash.individuals))
        for clash in found
    }
    assert summary == expected(clash_case)
    assert len(found) == len(summary)


def test_the_message_names_the_axiom_and_the_individuals(
    clash_case, tbox: NamedNode, inferred: NamedNode
) -> None:
    for clash in clashes_of(clash_case.store(), tbox, inferred):
        assert str(clash) == clash.message
        assert clash.axiom in clash.message
        assert all(individual.value in clash.message for individual in clash.individuals)


def test_without_the_culprit_there_is_no_clash(
    clash_case, tbox: NamedNode, inferred: NamedNode
) -> None:
    assert clashes_of(clash_case.store(without_culprit=True), tbox, inferred) == ()


def test_the_sentence_reads_well(dataset: Dataset, tbox: NamedNode, inferred: NamedNode) -> None:
    store = dataset(
        f"{ES('State')} owl:disjointWith {ES('Person')} .",
        f"<https://w3id.org/econsec/id/actor/x> a {ES('State')} , {ES('Person')} .",
    )
    (clash,) = clashes_of(store, tbox, inferred)
    assert str(clash) == (
        "actor:x is both es:State and es:Person, which es:State owl:disjointWith es:Person forbids"
    )


def test_blank_nodes_clash_too(dataset: Dataset, tbox: NamedNode, inferred: NamedNode) -> None:
    store = dataset(
        "ex:A owl:disjointWith ex:B . ex:p a owl:AsymmetricProperty .",
        "_:x a ex:A , ex:B . _:x ex:p _:y . _:y ex:p _:x .",
    )
    one, two = clashes_of(store, tbox, inferred)
    assert (one.rule, len(one.individuals)) == ("cax-dw", 1)
    assert (two.rule, len(two.individuals)) == ("prp-asyp", 2)
    assert set(one.individuals) < set(two.individuals)


def test_all_individuals_and_all_axioms_are_reported_in_order(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset(
        "ex:A owl:disjointWith ex:B . ex:B owl:disjointWith ex:C .",
        "ex:y a ex:A , ex:B . ex:x a ex:A , ex:B , ex:C .",
    )
    found = clashes_of(store, tbox, inferred)
    assert [(abbreviated(c.axiom), c.individuals) for c in found] == [
        ("ex:A owl:disjointWith ex:B", (EX("x"),)),
        ("ex:A owl:disjointWith ex:B", (EX("y"),)),
        ("ex:B owl:disjointWith ex:C", (EX("x"),)),
    ]


@pytest.mark.parametrize(
    ("axioms", "names"),
    [
        # A subclass of a class that can have no member can have none either.
        (
            "ex:A rdfs:subClassOf ex:B , ex:C . ex:B owl:disjointWith ex:C ."
            " ex:D rdfs:subClassOf ex:A .",
            {"A", "D"},
        ),
        # Existentials on both sides meet in the schema.
        (
            "ex:A a owl:Class ; rdfs:subClassOf ex:X , "
            "[ owl:onProperty ex:p ; owl:someValuesFrom ex:A ] ."
            " [ owl:onProperty ex:p ; owl:someValuesFrom ex:A ] rdfs:subClassOf ex:Y ."
            " ex:X owl:disjointWith ex:Y .",
            {"A"},
        ),
        ("ex:A owl:disjointWith ex:B . ex:C rdfs:subClassOf ex:A .", set()),
    ],
)
def test_classes_without_possible_members_need_no_individual_to_be_found(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode, axioms: str, names: set[str]
) -> None:
    found = clashes_of(dataset(axioms), tbox, inferred)
    assert {clash.rule for clash in found} <= {"unsatisfiable"}
    assert {abbreviated(clash.message).split()[0] for clash in found} == {
        f"ex:{name}" for name in names
    }
