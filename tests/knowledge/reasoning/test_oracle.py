"""`owlrl` as the oracle: from the same triples it draws the same, but for what is listed here.

Each function in `DIFFERENCES` describes a kind of triple that only owlrl draws,
and says why. One that matches nothing any more fails a test: the list stays true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import owlrl
import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from econsec.knowledge.build import build
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, Manifest, default_manifest
from econsec.knowledge.reasoning import materialise
from econsec.rdf.namespaces import DCTERMS, SKOS
from econsec.rdf.namespaces import RDFS as OUR_RDFS

EX = "http://example.org/"
Triple = tuple[Node, Node, Node]
TEXTS = frozenset(
    {
        *(SKOS(name) for name in ("definition", "altLabel", "note", "editorialNote")),
        DCTERMS("description"),
        OUR_RDFS("isDefinedBy"),
    }
)
"""Annotations that no axiom is about."""
INCLUSIONS = {
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.equivalentClass,
    OWL.equivalentProperty,
}


def same_as_itself(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`eq-ref`: everything is the same as itself, properties and literals too. It says nothing."""
    return triple[1] == OWL.sameAs and triple[0] == triple[2]


def included_in_itself(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`scm-cls`, `scm-op`, `scm-dp`: each class and property includes itself. It says nothing."""
    return triple[1] in INCLUSIONS and triple[0] == triple[2]


def between_thing_and_nothing(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`scm-cls`, `cls-thing`, `cls-nothing1`: what holds of `owl:Thing` and `owl:Nothing` ever."""
    subject, predicate, value = triple
    above_or_below = predicate == RDFS.subClassOf and (OWL.Thing == value or OWL.Nothing == subject)
    declared = predicate == RDF.type and subject in (OWL.Thing, OWL.Nothing)
    return above_or_below or declared


def member_of_thing(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`cax-sco` from `scm-cls`: everything is a thing. It says nothing."""
    return triple[1] == RDF.type and triple[2] == OWL.Thing


def about_a_literal(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`dt-type2`, `prp-rng` and others give literals types; RDF has no triple for it."""
    return isinstance(triple[0], Literal)


def about_an_expression(triple: Triple, expressions: frozenset[Node]) -> bool:
    """Blank nodes of class expressions and lists: our rules look through them."""
    return triple[0] in expressions or triple[2] in expressions


def about_a_datatype(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`dt-type1` and the axioms of the datatypes: what XML Schema says, not the data."""
    datatypes = (str(XSD), str(RDF), str(RDFS), str(OWL))
    if triple[1] == RDF.type and triple[2] == RDFS.Datatype:
        return True
    return triple[1] == OWL.disjointWith and all(str(t).startswith(datatypes) for t in triple)


def annotation_property_of_owl(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`prp-ap`: `rdfs:label` and its like are annotation properties."""
    return triple[1] == RDF.type and triple[2] == OWL.AnnotationProperty


def inherited_domain_or_range(triple: Triple, expressions: frozenset[Node]) -> bool:
    """`scm-dom*`, `scm-rng*`: the members follow anyway, and the term would seem to say it."""
    return triple[1] in (RDFS.domain, RDFS.range)


DIFFERENCES: tuple[Callable[[Triple, frozenset[Node]], bool], ...] = (
    same_as_itself,
    included_in_itself,
    between_thing_and_nothing,
    member_of_thing,
    about_a_literal,
    about_an_expression,
    about_a_datatype,
    annotation_property_of_owl,
    inherited_domain_or_range,
)


@dataclass(frozen=True)
class Comparison:
    """What only one of the two draws, explained differences taken out and counted."""

    only_owlrl: frozenset[Triple]
    only_ours: frozenset[Triple]
    both: int
    explained: Counter[str]


class WithoutEquality(owlrl.OWLRL_Semantics):
    """Without `eq-*`: where nothing is said to be the same as another, they only repeat."""

    def _equality(self, triple: Triple, cycle_num: int) -> None:
        assert triple[1] != OWL.sameAs


def compare(
    store: Store,
    *,
    tbox: NamedNode,
    inferred: NamedNode,
    oracle: type[owlrl.OWLRL_Semantics] = owlrl.OWLRL_Semantics,
) -> Comparison:
    """Let the oracle loose on the asserted triples, and hold what it adds against `inferred`."""
    asserted = graph_of(store, DefaultGraph()) - graph_of(store, inferred)
    expressions = frozenset(n for n in graph_of(store, tbox).all_nodes() if is_blank(n))
    before = frozenset(asserted)
    oracle(asserted, axioms=False, daxioms=False).closure()
    theirs, ours = frozenset(asserted) - before, frozenset(graph_of(store, inferred))
    explained: Counter[str] = Counter()
    unexplained = set()
    for triple in theirs - ours:
        reasons = [rule.__name__ for rule in DIFFERENCES if rule(triple, expressions)]
        explained.update(reasons)
        if not reasons:
            unexplained.add(triple)
    return Comparison(frozenset(unexplained), ours - theirs, len(theirs & ours), explained)


def graph_of(store: Store, name: NamedNode | DefaultGraph) -> Graph:
    """A graph for rdflib; a blank node keeps its identity from graph to graph."""
    graph = Graph()
    for quad in store.quads_for_pattern(None, None, None, name):
        graph.add((in_rdflib(quad.subject), in_rdflib(quad.predicate), in_rdflib(quad.object)))
    return graph


def in_rdflib(term: object) -> Node:
    match term:
        case ox.NamedNode(iri):
            return URIRef(iri)
        case ox.BlankNode(label):
            return BNode(label)
        case ox.Literal(text) if term.language is None:
            return Literal(text, datatype=URIRef(term.datatype.value))
        case ox.Literal(text):
            return Literal(text, lang=term.language)
    raise TypeError(term)


def is_blank(node: Node) -> bool:
    return isinstance(node, BNode)


def test_owlrl_draws_the_same_from_the_cases_and_every_difference_occurs(
    rule_cases, tbox: NamedNode, inferred: NamedNode
) -> None:
    """All cases in one store, the terms of each in a namespace of their own.

    One case alone meets the equality rules too, which make the others take ten times as long.
    """
    store = Store()
    for name, case in rule_cases.items():
        text = serialize(case.graphs[DefaultGraph()], format=RdfFormat.N_TRIPLES)
        own = text.replace(EX.encode(), f"{EX}{name}/".encode())
        for quad in ox.parse(own, RdfFormat.N_TRIPLES):
            store.add(quad)
            store.add(Quad(quad.subject, quad.predicate, quad.object, tbox))
    alone = rule_cases["prp-rng"].store()
    explained: Counter[str] = Counter()
    for given, oracle in ((store, WithoutEquality), (alone, owlrl.OWLRL_Semantics)):
        materialise(given, tbox=tbox, into=inferred)
        compared = compare(given, tbox=tbox, inferred=inferred, oracle=oracle)
        assert compared.only_owlrl == set()
        assert compared.only_ours == set()
        assert compared.both > 0
        explained += compared.explained
    assert [rule.__name__ for rule in DIFFERENCES if not explained[rule.__name__]] == []


def test_every_difference_gives_its_reason() -> None:
    assert all(rule.__doc__ for rule in DIFFERENCES)


def test_owlrl_draws_the_same_from_the_data_set() -> None:
    """The packaged data set, labels in one language, without texts: they double the time."""
    store = build(Manifest.read(default_manifest()), allow_clashes=True).store
    for quad in list(store):
        if quad.predicate in TEXTS or getattr(quad.object, "language", None) == "ja":
            store.remove(quad)
    compared = compare(store, tbox=ONTOLOGY, inferred=INFERRED, oracle=WithoutEquality)
    assert {tuple(map(str, triple)) for triple in compared.only_owlrl} == set()
    assert {tuple(map(str, triple)) for triple in compared.only_ours} == set()
    assert compared.both > 1000


def test_the_oracle_would_notice(
    dataset: Callable[..., Store], tbox: NamedNode, inferred: NamedNode
) -> None:
    store = dataset("ex:A rdfs:subClassOf ex:B .", "ex:x a ex:A .")
    invented = (NamedNode(f"{EX}x"), NamedNode(str(RDF.type)), NamedNode(f"{EX}C"))
    store.add(Quad(*invented, inferred))
    store.add(Quad(*invented))
    compared = compare(store, tbox=tbox, inferred=inferred)
    assert {str(triple[2]) for triple in compared.only_ours} == {f"{EX}C"}
    assert {str(triple[2]) for triple in compared.only_owlrl} == {f"{EX}B"}
