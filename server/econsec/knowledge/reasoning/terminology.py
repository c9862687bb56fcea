"""The terminology: the axioms of the ontology's graph, read from their triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Store

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.axioms import (
    Axiom,
    Characteristic,
    DisjointClasses,
    DisjointProperties,
    Inclusion,
    Membership,
    PropertyInclusion,
    Terminology,
)
from econsec.knowledge.reasoning.expressions import (
    Expression,
    Named,
    Node,
    Opaque,
    Property,
    Term,
    render,
)
from econsec.knowledge.reasoning.graph import GraphReader
from econsec.knowledge.reasoning.naming import short
from econsec.knowledge.reasoning.parsing import ExpressionParser
from econsec.rdf.namespaces import OWL, RDFS

__all__ = ["read_terminology"]

_Axiom = TypeVar("_Axiom", bound=Axiom)


def read_terminology(store: Store, tbox: NamedNode) -> Terminology:
    """Read the axioms of the graph `tbox`; raises `InvalidInput` where one is malformed.

    Whether OWL 2 RL can draw what they say is not asked here, but by
    `econsec.knowledge.reasoning.profile.check`.
    """
    reader = _AxiomReader(GraphReader(store, tbox))
    return Terminology(
        inclusions=_in_order(reader.inclusions()),
        memberships=_in_order(reader.memberships()),
        property_inclusions=_in_order(reader.property_inclusions()),
        disjoint_classes=_in_order(reader.disjoint_classes()),
        disjoint_properties=_in_order(reader.disjoint_properties()),
        characteristics=_in_order(reader.characteristics()),
    )


class _AxiomReader:
    def __init__(self, graph: GraphReader) -> None:
        self._graph = graph
        self._parse = ExpressionParser(graph)

    def inclusions(self) -> Iterator[Inclusion]:
        for subject, value in self._statements(RDFS("subClassOf")):
            sub, sup = self._parse.expression(subject), self._parse.expression(value)
            yield Inclusion(sub, sup, f"{render(sub)} rdfs:subClassOf {render(sup)}")
        for subject, value in self._statements(OWL("equivalentClass")):
            if not self._parse.is_data_range(subject):
                yield from _equivalence(
                    self._parse.expression(subject), self._parse.expression(value)
                )
        for subject in self._classes_with_constructor():
            for definition in self._parse.definitions(subject):
                yield from _equivalence(Named(subject), _moved(definition))
        for whole, members in self._disjoint_unions():
            text = f"{render(whole)} owl:disjointUnionOf {_listed(map(render, members))}"
            yield from (Inclusion(member, whole, text) for member in members)

    def memberships(self) -> Iterator[Membership]:
        for subject, value in self._statements(RDFS("domain")):
            prop, cls = self._parse.property(subject), self._parse.expression(value)
            yield Membership(prop, cls, f"{prop} rdfs:domain {render(cls)}")
        for subject, value in self._statements(RDFS("range")):
            prop, cls = self._parse.property(subject), self._parse.expression(value)
            if not isinstance(cls, Opaque):  # literals are no members of a class
                yield Membership(prop.inverted, cls, f"{prop} rdfs:range {render(cls)}")

    def property_inclusions(self) -> Iterator[PropertyInclusion]:
        for sub, sup in self._properties(RDFS("subPropertyOf")):
            yield PropertyInclusion((sub,), sup, f"{sub} rdfs:subPropertyOf {sup}")
        for sub, sup in self._properties(OWL("equivalentProperty")):
            axiom = f"{sub} owl:equivalentProperty {sup}"
            yield from _both_ways(sub, sup, axiom)
        for sub, sup in self._properties(OWL("inverseOf")):
            yield from _both_ways(sub, sup.inverted, f"{sub} owl:inverseOf {sup}")
        for prop in self._characterised("SymmetricProperty"):
            axiom = f"{prop} a owl:SymmetricProperty"
            yield PropertyInclusion((prop,), prop.inverted, axiom)
        for prop in self._characterised("TransitiveProperty"):
            yield PropertyInclusion((prop, prop), prop, f"{prop} a owl:TransitiveProperty")
        for subject, head in self._statements(OWL("propertyChainAxiom")):
            sup, chain = self._parse.property(subject), self._property_list(head)
            text = f"{sup} owl:propertyChainAxiom {_listed(map(str, chain))}"
            if not chain:
                raise InvalidInput(f"a chain has no members: {text}")
            yield PropertyInclusion(chain, sup, text)

    def disjoint_classes(self) -> Iterator[DisjointClasses]:
        for subject, value in self._statements(OWL("disjointWith")):
            one, other = self._parse.expression(subject), self._parse.expression(value)
            text = f"{render(one)} owl:disjointWith {render(other)}"
            yield DisjointClasses(((one, other),), text, "cax-dw")
        for node in self._graph.instances(OWL("AllDisjointClasses")):
            members = self._expression_list(self._members(node))
            text = f"owl:AllDisjointClasses {_listed(map(render, members))}"
            yield DisjointClasses(tuple(combinations(members, 2)), text, "cax-adc")
        for whole, members in self._disjoint_unions():
            text = f"{render(whole)} owl:disjointUnionOf {_listed(map(render, members))}"
            yield DisjointClasses(tuple(combinations(members, 2)), text, "cax-adc")

    def disjoint_properties(self) -> Iterator[DisjointProperties]:
        for one, other in self._properties(OWL("propertyDisjointWith")):
            text = f"{one} owl:propertyDisjointWith {other}"
            yield DisjointProperties(((one, other),), text, "prp-pdw")
        for node in self._graph.instances(OWL("AllDisjointProperties")):
            members = self._property_list(self._members(node))
            text = f"owl:AllDisjointProperties {_listed(map(str, members))}"
            yield DisjointProperties(tuple(combinations(members, 2)), text, "prp-adp")

    def characteristics(self) -> Iterator[Characteristic]:
        for kind, rule in (("IrreflexiveProperty", "prp-irp"), ("AsymmetricProperty", "prp-asyp")):
            for prop in self._characterised(kind):
                yield Characteristic(prop, f"{prop} a owl:{kind}", rule)

    def _statements(self, predicate: NamedNode) -> list[tuple[Node, Term]]:
        return self._graph.statements(predicate)

    def _classes_with_constructor(self) -> Iterator[NamedNode]:
        # Allowed in RDF though no OWL 2 DL: ex:Parent owl:unionOf ( ex:Mother ex:Father ).
        for name in ("intersectionOf", "unionOf", "complementOf", "oneOf"):
            for subject, _ in self._statements(OWL(name)):
                if isinstance(subject, NamedNode) and not self._parse.is_data_range(subject):
                    yield subject

    def _disjoint_unions(self) -> Iterator[tuple[Expression, tuple[Expression, ...]]]:
        for subject, head in self._statements(OWL("disjointUnionOf")):
            yield self._parse.expression(subject), self._expression_list(head)

    def _characterised(self, kind: str) -> Iterator[Property]:
        return map(self._parse.property, self._graph.instances(OWL(kind)))

    def _properties(self, predicate: NamedNode) -> Iterator[tuple[Property, Property]]:
        for subject, value in self._statements(predicate):
            # [ owl:inverseOf es:partOf ] is an expression, no axiom.
            if predicate == OWL("inverseOf") and isinstance(subject, BlankNode):
                continue
            yield self._parse.property(subject), self._parse.property(value)

    def _property_list(self, head: Term) -> tuple[Property, ...]:
        return tuple(self._parse.property(item) for item in self._graph.items(head))

    def _expression_list(self, head: Term) -> tuple[Expression, ...]:
        return tuple(self._parse.expression(item) for item in self._graph.items(head))

    def _members(self, node: Node) -> Term:
        head = self._graph.value(node, OWL("members"))
        if head is None:
            raise InvalidInput(f"{short(node)} has no owl:members")
        return head


def _equivalence(one: Expression, other: Expression) -> Iterator[Inclusion]:
    text = f"{render(one)} owl:equivalentClass {render(other)}"
    yield Inclusion(one, other, text)
    yield Inclusion(other, one, text)


def _both_ways(one: Property, other: Property, axiom: str) -> Iterator[PropertyInclusion]:
    yield PropertyInclusion((one,), other, axiom)
    yield PropertyInclusion((other,), one, axiom)


def _moved(definition: Expression) -> Expression:
    """The definition on a node of its own, apart from the class that it defines."""
    assert not isinstance(definition, Named)  # a constructor makes no plain name
    return replace(definition, node=BlankNode())


def _in_order(axioms: Iterable[_Axiom]) -> tuple[_Axiom, ...]:
    """By what they say: names of blank nodes change from run to run."""
    return tuple(sorted(axioms, key=lambda axiom: axiom.axiom))


def _listed(items: Iterable[str]) -> str:
    return f"( {' '.join(items)} )"
