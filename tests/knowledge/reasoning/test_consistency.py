"""The verdict of HermiT, and its explanation by the clash rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from econsec.knowledge.manifest import INFERRED, ONTOLOGY, Manifest, default_manifest
from econsec.knowledge.reading import read_document
from econsec.knowledge.reasoning import find_clashes, materialise
from econsec.knowledge.reasoning.consistency import Consistency, check_consistency
from econsec.knowledge.reasoning.documents import Reasoned, reason_over
from econsec.knowledge.reasoning.hermit import find_hermit
from econsec.rdf.namespaces import ES, OWL, RDF, Namespace

EX = Namespace("http://example.org/")
CASES = Path(__file__).resolve().parents[2] / "cases" / "reasoning" / "consistency"

Dataset = Callable[..., Store]


def judged(store: Store, *, tbox: NamedNode, inferred: NamedNode) -> Consistency:
    materialise(store, tbox=tbox, into=inferred)
    hermit = find_hermit(timeout=120)
    return check_consistency(store, tbox=tbox, inferred=inferred, hermit=hermit)


def with_packaged_ontology(name: str, *, as_ontology: bool) -> Reasoned:
    """A file of the cases, added to the ontology of the package or to its data."""
    case = read_document(CASES / f"{name}.ttl")
    entries = Manifest.read(default_manifest()).graphs
    (entry,) = (entry for entry in entries if entry.iri == ONTOLOGY)
    axioms = [read_document(dump.path, base=dump.iri) for dump in entry.files]
    return reason_over([*axioms, case], []) if as_ontology else reason_over(axioms, [case])


BROKEN = [
    ("broken-data", False, "actor:utopia is both es:State and es:Person"),
    ("broken-ontology", True, "person:louis is both es:State and es:Person"),
]


@pytest.mark.parametrize(("name", "as_ontology", "sentence"), BROKEN)
def test_the_clash_rules_catch_what_is_broken(name: str, as_ontology: bool, sentence: str) -> None:
    clashes = with_packaged_ontology(name, as_ontology=as_ontology).clashes
    assert any(clash.message.startswith(sentence) for clash in clashes)


@pytest.mark.java
@pytest.mark.parametrize(("name", "as_ontology", "sentence"), BROKEN)
def test_hermit_catches_what_is_broken(name: str, as_ontology: bool, sentence: str) -> None:
    reasoned = with_packaged_ontology(name, as_ontology=as_ontology)
    verdict = check_consistency(
        reasoned.store, tbox=ONTOLOGY, inferred=INFERRED, hermit=find_hermit(timeout=120)
    )
    assert not verdict.consistent
    assert not verdict.sound
    assert str(verdict) == "inconsistent"
    assert any(clash.message.startswith(sentence) for clash in verdict.explanation)
    assert verdict.seconds > 0


def test_an_unused_class_below_two_disjoint_ones_is_a_clash_in_the_ontology() -> None:
    reasoned = with_packaged_ontology("unused-class", as_ontology=True)
    assert {clash.rule for clash in reasoned.clashes} == {"unsatisfiable"}
    assert reasoned.clashes[0].message.startswith("es:Sovereign can have no member")


@pytest.mark.java
def test_hermit_finds_classes_that_can_have_no_member() -> None:
    reasoned = with_packaged_ontology("empty-class", as_ontology=True)
    verdict = check_consistency(
        reasoned.store, tbox=ONTOLOGY, inferred=INFERRED, hermit=find_hermit(timeout=120)
    )
    assert verdict.consistent
    assert verdict.unsatisfiable == (ES("SelfIssued"),)
    assert not verdict.sound
    assert str(verdict) == "consistent, but there can be no member of es:SelfIssued"


@pytest.mark.java
def test_hermit_agrees_with_each_clash_rule(
    clash_case, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = clash_case.store()
    verdict = judged(store, tbox=tbox, inferred=inferred)
    assert verdict.explanation == find_clashes(store, tbox=tbox)
    individuals = any(clash.individuals for clash in verdict.explanation)
    assert verdict.consistent is not individuals
    assert bool(verdict.unsatisfiable) is not individuals


@pytest.mark.java
def test_a_contradiction_beyond_the_rules_is_told_as_one(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset(
        "ex:Party rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ex:State ex:Firm ) ] ."
        " ex:Ghost owl:disjointWith ex:State , ex:Firm .",
        "ex:x a ex:Party , ex:Ghost .",
    )
    verdict = judged(store, tbox=tbox, inferred=inferred)
    assert not verdict.consistent
    assert verdict.explanation == ()
    assert str(verdict) == "inconsistent; the clash rules find no reason for it"


@pytest.mark.java
def test_dates_and_undeclared_terms_do_not_hide_a_contradiction(
    dataset: Dataset, tbox: NamedNode, inferred: NamedNode
) -> None:
    ontology = (
        "<http://example.invalid/o> a owl:Ontology ; owl:imports <http://example.invalid/other> ."
        " ex:on a owl:DatatypeProperty ; rdfs:range xsd:date ."
        " ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:domain ex:A . ex:A owl:disjointWith ex:B ."
    )
    dated = 'ex:x ex:on "2022-04-01"^^xsd:date , "2022"^^xsd:gYear ; ex:p ex:y .'
    assert judged(dataset(ontology, dated), tbox=tbox, inferred=inferred).sound
    contradiction = dataset(ontology, f"{dated} ex:x a ex:B .")
    assert not judged(contradiction, tbox=tbox, inferred=inferred).consistent


@pytest.mark.java
@pytest.mark.parametrize("name", ["nested", "prp-spo2", "cls-hv2"])
def test_hermit_reads_the_axioms_that_the_rules_read(
    rule_cases, tbox: NamedNode, inferred: NamedNode, name: str
) -> None:
    """What follows by the rules follows for HermiT: to deny one conclusion is a contradiction."""
    denied = rule_cases[name].store()
    denied.extend(Quad(*parts) for parts in denial(rule_cases[name].graph("expected")))
    hermit = find_hermit(timeout=120)
    verdict = check_consistency(denied, tbox=tbox, inferred=inferred, hermit=hermit)
    assert not verdict.consistent


def denial(conclusions: Iterable[Triple]) -> Iterator[tuple[BlankNode | NamedNode, NamedNode, Any]]:
    """Statements that deny the last conclusion about an individual."""
    facts = [triple for triple in conclusions if triple.predicate.value.startswith((EX, RDF))]
    fact = sorted(facts, key=str)[-1]
    node = BlankNode()
    if fact.predicate == RDF("type"):
        yield node, RDF("type"), OWL("Class")
        yield node, OWL("complementOf"), fact.object
        yield fact.subject, RDF("type"), node
    else:
        yield node, RDF("type"), OWL("NegativePropertyAssertion")
        yield node, OWL("sourceIndividual"), fact.subject
        yield node, OWL("assertionProperty"), fact.predicate
        yield node, OWL("targetIndividual"), fact.object
