"""The axioms of an ontology, as records.

The many forms of OWL come down to a few: an equivalence is two inclusions, a
domain says that whoever has the property is in a class, a range says it of the
values, symmetry and inverses say that one property is included in the inverse
of another, transitivity is a chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from econsec.knowledge.reasoning.expressions import (
    Expression,
    HasValue,
    MaxCardinality,
    Only,
    Property,
    Some,
    parts,
)

__all__ = [
    "Axiom",
    "Characteristic",
    "DisjointClasses",
    "DisjointProperties",
    "Inclusion",
    "Membership",
    "PropertyInclusion",
    "Terminology",
]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Every member of `sub` is a member of `sup`."""

    sub: Expression
    sup: Expression
    axiom: str


@dataclass(frozen=True, slots=True)
class Membership:
    """Whoever has `property` (a domain) or is its value (a range: inverted) is in `cls`."""

    property: Property
    cls: Expression
    axiom: str


@dataclass(frozen=True, slots=True)
class PropertyInclusion:
    """What `chain` relates from end to end, `sup` relates."""

    chain: tuple[Property, ...]
    sup: Property
    axiom: str

    @property
    def transitive(self) -> bool:
        """Whether it says no more than that `sup` is transitive."""
        return self.chain == (self.sup, self.sup)


@dataclass(frozen=True, slots=True)
class DisjointClasses:
    """No two classes of a pair share a member; `rule` is the name in OWL 2 RL."""

    pairs: tuple[tuple[Expression, Expression], ...]
    axiom: str
    rule: str


@dataclass(frozen=True, slots=True)
class DisjointProperties:
    """No two properties of a pair relate the same two things."""

    pairs: tuple[tuple[Property, Property], ...]
    axiom: str
    rule: str


@dataclass(frozen=True, slots=True)
class Characteristic:
    """`property` is irreflexive (`prp-irp`) or asymmetric (`prp-asyp`)."""

    property: Property
    axiom: str
    rule: str


Axiom: TypeAlias = (
    Inclusion
    | Membership
    | PropertyInclusion
    | DisjointClasses
    | DisjointProperties
    | Characteristic
)
"""Each says in `axiom` what the ontology says, for messages."""


@dataclass(frozen=True, slots=True)
class Terminology:
    """All axioms of one graph, in an order that does not depend on blank node names."""

    inclusions: tuple[Inclusion, ...]
    memberships: tuple[Membership, ...]
    property_inclusions: tuple[PropertyInclusion, ...]
    disjoint_classes: tuple[DisjointClasses, ...]
    disjoint_properties: tuple[DisjointProperties, ...]
    characteristics: tuple[Characteristic, ...]

    def expressions(self) -> Iterator[Expression]:
        """Every class expression, nested ones included; some come more than once."""
        for inclusion in self.inclusions:
            yield from parts(inclusion.sub)
            yield from parts(inclusion.sup)
        for membership in self.memberships:
            yield from parts(membership.cls)
        for disjointness in self.disjoint_classes:
            for pair in disjointness.pairs:
                yield from (part for cls in pair for part in parts(cls))

    def properties(self) -> Iterator[Property]:
        """Every property, as itself or inverted; some come more than once."""
        for inclusion in self.property_inclusions:
            yield from (*inclusion.chain, inclusion.sup)
        for disjointness in self.disjoint_properties:
            yield from (prop for pair in disjointness.pairs for prop in pair)
        yield from (membership.property for membership in self.memberships)
        yield from (characteristic.property for characteristic in self.characteristics)
        for expression in self.expressions():
            if isinstance(expression, Some | Only | HasValue | MaxCardinality):
                yield expression.property
