"""What follows among classes and among properties: the `scm-*` rules of OWL 2 RL.

They are drawn here once, over the expressions, because the graph rules of
`econsec.knowledge.reasoning.rules` leave out the blank nodes that the
expressions are in RDF. What comes out is what those rules would have concluded
about terms that have a name (Profiles, 4.3, Table 9).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import permutations
from typing import TypeAlias, TypeVar

from pyoxigraph import NamedNode

from econsec.knowledge.reasoning.axioms import Terminology
from econsec.knowledge.reasoning.expressions import (
    NOTHING,
    THING,
    And,
    Expression,
    HasValue,
    Named,
    Node,
    Only,
    Or,
    Property,
    Some,
)

__all__ = ["Hierarchy"]

Restriction: TypeAlias = Some | Only | HasValue
Key = TypeVar("Key", bound=Hashable)


class Hierarchy:
    """The closed order of the class expressions and of the named properties."""

    def __init__(self, terminology: Terminology) -> None:
        self._expressions = {e.node: e for e in terminology.expressions()}
        self._super_properties = _closure(_property_edges(terminology))
        self._narrower: dict[Node, list[Restriction]] = {}
        self._supers = self._close(_class_edges(terminology, self._expressions))

    def supers(self, expression: Expression) -> frozenset[Node]:
        """The nodes of all superclasses; the node itself only where the axioms go in a circle."""
        return frozenset(self._supers.get(expression.node, ()))

    def narrower(self, expression: Expression) -> tuple[Restriction, ...]:
        """Restrictions included in this one (`scm-svf1`, `scm-svf2`, `scm-hv`, `scm-avf*`)."""
        return tuple(self._narrower.get(expression.node, ()))

    def expressions(self) -> tuple[Expression, ...]:
        """Every class expression of the ontology, nested ones included, each once."""
        return tuple(self._expressions.values())

    def named_classes(self) -> Iterator[Named]:
        """Classes with an IRI, all but `owl:Thing`."""
        for expression in self._expressions.values():
            if isinstance(expression, Named) and expression.node != THING.node:
                yield expression

    def subclasses(self) -> frozenset[tuple[NamedNode, NamedNode]]:
        """Every subclass with every superclass, both with an IRI and not the same."""
        names = {cls.node for cls in self.named_classes()}
        return frozenset(
            (sub, sup)
            for sub in names - {NOTHING.node}
            for sup in names & self._supers.get(sub, set())
            if sub != sup
        )

    def subproperties(self) -> frozenset[tuple[NamedNode, NamedNode]]:
        """Every subproperty with every superproperty, not the same."""
        return frozenset(
            (sub, sup)
            for sub, supers in self._super_properties.items()
            for sup in supers
            if sub != sup
        )

    def _close(self, edges: dict[Node, set[Node]]) -> dict[Node, set[Node]]:
        """Close the order; a restriction may enter it because its filler did, so again."""
        restrictions = [
            e for e in self._expressions.values() if isinstance(e, Some | Only | HasValue)
        ]
        while True:
            closed = _closure(edges)
            found = [
                (one, other)
                for one, other in permutations(restrictions, 2)
                if other.node not in edges.get(one.node, ()) and self._below(one, other, closed)
            ]
            if not found:
                return closed
            for one, other in found:
                edges.setdefault(one.node, set()).add(other.node)
                self._narrower.setdefault(other.node, []).append(one)

    def _below(
        self, one: Restriction, other: Restriction, supers: Mapping[Node, set[Node]]
    ) -> bool:
        match one, other:
            case Some(), Some():
                return (
                    one.property == other.property and _included(one.filler, other.filler, supers)
                ) or (one.filler == other.filler and self._sub(one.property, other.property))
            case Only(), Only():
                return (
                    one.property == other.property and _included(one.filler, other.filler, supers)
                ) or (one.filler == other.filler and self._sub(other.property, one.property))
            case HasValue(), HasValue():
                return one.value == other.value and self._sub(one.property, other.property)
        return False

    def _sub(self, one: Property, other: Property) -> bool:
        if one == other:
            return True
        plain = not one.inverse and not other.inverse
        return plain and other.iri in self._super_properties.get(one.iri, ())


def _included(one: Expression, other: Expression, supers: Mapping[Node, set[Node]]) -> bool:
    return one == other or other == THING or other.node in supers.get(one.node, ())


def _class_edges(
    terminology: Terminology, expressions: Mapping[Node, Expression]
) -> dict[Node, set[Node]]:
    edges: dict[Node, set[Node]] = {}
    for inclusion in terminology.inclusions:
        edges.setdefault(inclusion.sub.node, set()).add(inclusion.sup.node)
    for expression in expressions.values():
        match expression:
            case And(node, members):  # scm-int
                edges.setdefault(node, set()).update(member.node for member in members)
            case Or(node, members):  # scm-uni
                for member in members:
                    edges.setdefault(member.node, set()).add(node)
    return edges


def _property_edges(terminology: Terminology) -> dict[NamedNode, set[NamedNode]]:
    edges: dict[NamedNode, set[NamedNode]] = {}
    for inclusion in terminology.property_inclusions:
        first, *more = inclusion.chain
        if not more and not first.inverse and not inclusion.sup.inverse:
            edges.setdefault(first.iri, set()).add(inclusion.sup.iri)
    return edges


def _closure(edges: Mapping[Key, set[Key]]) -> dict[Key, set[Key]]:
    """For each start, all that its edges lead to in one step or more."""
    return {start: _reached(start, edges) for start in edges}


def _reached(start: Key, edges: Mapping[Key, set[Key]]) -> set[Key]:
    reached: set[Key] = set()
    ahead = list(edges[start])
    while ahead:
        node = ahead.pop()
        if node not in reached:
            reached.add(node)
            ahead.extend(edges.get(node, ()))
    return reached
