"""Class and property expressions, read from their triples (OWL 2 Mapping to RDF Graphs)."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.expressions import (
    THING,
    And,
    Expression,
    HasValue,
    MaxCardinality,
    Named,
    Node,
    Not,
    OneOf,
    Only,
    Opaque,
    Or,
    Property,
    Some,
    Term,
    render,
)
from econsec.knowledge.reasoning.graph import GraphReader
from econsec.knowledge.reasoning.naming import short
from econsec.rdf.namespaces import OWL, RDF, RDFS, XSD

__all__ = ["ExpressionParser"]

_DEEPEST = 50

_BUILT_IN_DATATYPES = frozenset(
    {
        *(RDF(name) for name in ("langString", "dirLangString", "PlainLiteral", "XMLLiteral")),
        *(RDF(name) for name in ("HTML", "JSON")),
        *(OWL(name) for name in ("real", "rational")),
        RDFS("Literal"),
    }
)
_OPAQUE_CARDINALITIES = {
    OWL("minCardinality"): "min",
    OWL("minQualifiedCardinality"): "min",
    OWL("cardinality"): "exactly",
    OWL("qualifiedCardinality"): "exactly",
}
_MAX_CARDINALITIES = (OWL("maxCardinality"), OWL("maxQualifiedCardinality"))


class ExpressionParser:
    """Reads expressions from one graph; raises `InvalidInput` where one is malformed."""

    def __init__(self, graph: GraphReader) -> None:
        self._graph = graph
        self._open: list[Term] = []
        self._constructors: dict[NamedNode, Callable[[Node, Term], Expression]] = {
            OWL("intersectionOf"): lambda node, v: And(node, self._members(v)),
            OWL("unionOf"): lambda node, v: Or(node, self._members(v)),
            OWL("complementOf"): lambda node, v: Not(node, self.expression(v)),
            OWL("oneOf"): self._one_of,
            OWL("someValuesFrom"): lambda node, v: Some(node, self._on(node), self.expression(v)),
            OWL("allValuesFrom"): lambda node, v: Only(node, self._on(node), self.expression(v)),
            OWL("hasValue"): self._has_value,
            OWL("hasSelf"): lambda node, _: Opaque(node, f"({self._on(node)} Self)"),
            OWL("onProperties"): lambda node, _: Opaque(node, "(a restriction on several values)"),
            **{iri: self._max_cardinality for iri in _MAX_CARDINALITIES},
            **{iri: self._cardinality(word) for iri, word in _OPAQUE_CARDINALITIES.items()},
        }

    def expression(self, term: Term) -> Expression:
        """The class expression that `term` stands for."""
        if isinstance(term, NamedNode):
            return Opaque(term, short(term)) if self.is_data_range(term) else Named(term)
        if not isinstance(term, BlankNode):
            raise InvalidInput(f"{term} stands where a class is needed")
        if self.is_data_range(term):
            return Opaque(term, "(a data range)")
        if term in self._open or len(self._open) > _DEEPEST:
            raise InvalidInput(
                f"a class expression in {short(self._graph.iri)} contains itself, "
                f"or is nested more than {_DEEPEST} deep"
            )
        self._open.append(term)
        found = self.definitions(term)
        self._open.pop()
        if len(found) != 1:
            raise InvalidInput(
                f"a class expression in {short(self._graph.iri)} has "
                f"{len(found) or 'no'} constructors: {', '.join(map(render, found)) or 'none'}",
                remedy="write one of owl:intersectionOf, owl:someValuesFrom, … per blank node",
            )
        return found[0]

    def definitions(self, node: Node) -> list[Expression]:
        """What the constructors on `node` itself say: one for a blank node, any for an IRI."""
        return [
            build(node, value)
            for predicate, build in self._constructors.items()
            for value in self._graph.objects(node, predicate)
        ]

    def property(self, term: Term) -> Property:
        """The property that `term` stands for, or whose inverse it is."""
        if isinstance(term, NamedNode):
            return Property(term)
        inverted = (
            self._graph.value(term, OWL("inverseOf")) if isinstance(term, BlankNode) else None
        )
        if not isinstance(inverted, NamedNode):
            raise InvalidInput(f"{short(term)} stands where a property is needed")
        return Property(inverted, inverse=True)

    def is_data_range(self, term: Term) -> bool:
        """Whether `term` holds literals: a built-in datatype or one that the graph declares."""
        if isinstance(term, NamedNode) and (
            term in _BUILT_IN_DATATYPES or term.value.startswith(XSD)
        ):
            return True
        return isinstance(term, NamedNode | BlankNode) and (
            RDFS("Datatype") in self._graph.objects(term, RDF("type"))
        )

    def _members(self, head: Term) -> tuple[Expression, ...]:
        return tuple(self.expression(item) for item in self._graph.items(head))

    def _on(self, node: Node) -> Property:
        value = self._graph.value(node, OWL("onProperty"))
        if value is None:
            raise InvalidInput(f"the restriction {short(node)} has no owl:onProperty")
        return self.property(value)

    def _one_of(self, node: Node, head: Term) -> Expression:
        items = self._graph.items(head)
        if any(isinstance(item, Literal) for item in items):
            return Opaque(node, "(a data range)")
        return OneOf(node, tuple(_individual(item) for item in items))

    def _has_value(self, node: Node, value: Term) -> Expression:
        prop = self._on(node)
        constant = value if isinstance(value, Literal) else _individual(value)
        if prop.inverse and isinstance(constant, Literal):
            raise InvalidInput(f"{constant} cannot have the property {prop}")
        return HasValue(node, prop, constant)

    def _max_cardinality(self, node: Node, value: Term) -> Expression:
        filler, number = self._filler(node), _number(value)
        if isinstance(filler, Opaque):
            return Opaque(node, f"({self._on(node)} max {number} {filler.text})")
        return MaxCardinality(node, self._on(node), number, filler)

    def _cardinality(self, word: str) -> Callable[[Node, Term], Expression]:
        def build(node: Node, value: Term) -> Expression:
            filler = render(self._filler(node))
            return Opaque(node, f"({self._on(node)} {word} {_number(value)} {filler})")

        return build

    def _filler(self, node: Node) -> Expression:
        for predicate in (OWL("onClass"), OWL("onDataRange")):
            value = self._graph.value(node, predicate)
            if value is not None:
                return self.expression(value)
        return THING


def _individual(term: Term) -> NamedNode:
    if isinstance(term, NamedNode):
        return term
    # In a rule a blank node would be a variable: it would match everything.
    raise InvalidInput(
        f"{term} stands where an individual with an IRI is needed",
        remedy="OWL 2 DL allows no blank node in owl:hasValue and owl:oneOf; give it an IRI",
    )


def _number(term: Term) -> int:
    if isinstance(term, Literal) and term.value.isdecimal():
        return int(term.value)
    raise InvalidInput(f"{term} stands where a cardinality is needed")
