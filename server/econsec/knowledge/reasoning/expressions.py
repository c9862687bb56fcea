"""Class and property expressions of OWL 2, as records.

Every class expression keeps the node that stands for it in the graph. The
OWL 2 RL rules work on nodes: two restrictions that read the same but are
written twice are two nodes, and so they are two expressions here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.knowledge.reasoning.naming import short
from econsec.rdf.namespaces import OWL

__all__ = [
    "NOTHING",
    "THING",
    "And",
    "Expression",
    "HasValue",
    "MaxCardinality",
    "Named",
    "Node",
    "Not",
    "OneOf",
    "Only",
    "Opaque",
    "Or",
    "Property",
    "Some",
    "Term",
    "parts",
    "render",
]

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Property:
    """A property, or the inverse of one (`[ owl:inverseOf es:partOf ]`)."""

    iri: NamedNode
    inverse: bool = False

    @property
    def inverted(self) -> Property:
        """The same property read in the other direction."""
        return Property(self.iri, not self.inverse)

    def __str__(self) -> str:
        return f"inverse {short(self.iri)}" if self.inverse else short(self.iri)


@dataclass(frozen=True, slots=True)
class Named:
    """A class with an IRI."""

    node: NamedNode


@dataclass(frozen=True, slots=True)
class And:
    """`owl:intersectionOf`."""

    node: Node
    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`owl:unionOf`."""

    node: Node
    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`owl:complementOf`."""

    node: Node
    operand: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """`owl:oneOf` with individuals."""

    node: Node
    members: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """`owl:someValuesFrom`."""

    node: Node
    property: Property
    filler: Expression


@dataclass(frozen=True, slots=True)
class Only:
    """`owl:allValuesFrom`."""

    node: Node
    property: Property
    filler: Expression


@dataclass(frozen=True, slots=True)
class HasValue:
    """`owl:hasValue`."""

    node: Node
    property: Property
    value: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class MaxCardinality:
    """`owl:maxCardinality` and `owl:maxQualifiedCardinality`; 0 forbids, 1 merges."""

    node: Node
    property: Property
    number: int
    filler: Expression


@dataclass(frozen=True, slots=True)
class Opaque:
    """What no OWL 2 RL rule reads: other cardinalities, self restrictions, data ranges."""

    node: Node
    text: str


Expression: TypeAlias = (
    Named | And | Or | Not | OneOf | Some | Only | HasValue | MaxCardinality | Opaque
)

THING = Named(OWL("Thing"))
NOTHING = Named(OWL("Nothing"))


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and everything nested in it, outermost first."""
    yield expression
    match expression:
        case And(members=members) | Or(members=members):
            nested: tuple[Expression, ...] = members
        case Not(operand=operand):
            nested = (operand,)
        case Some(filler=filler) | Only(filler=filler) | MaxCardinality(filler=filler):
            nested = (filler,)
        case _:
            nested = ()
    for part in nested:
        yield from parts(part)


def render(expression: Expression) -> str:
    """The expression in Manchester syntax, for messages."""
    match expression:
        case Named(node):
            return short(node)
        case And(_, members):
            return f"({' and '.join(map(render, members))})"
        case Or(_, members):
            return f"({' or '.join(map(render, members))})"
        case Not(_, operand):
            return f"(not {render(operand)})"
        case OneOf(_, individuals):
            return "{" + ", ".join(map(short, individuals)) + "}"
        case Some(_, prop, filler):
            return f"({prop} some {render(filler)})"
        case Only(_, prop, filler):
            return f"({prop} only {render(filler)})"
        case HasValue(_, prop, value):
            return f"({prop} value {short(value)})"
        case MaxCardinality(_, prop, number, filler):
            return f"({prop} max {number} {render(filler)})"
        case Opaque(_, text):
            return text
