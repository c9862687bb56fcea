"""Classes that can have no member, found without any individual.

OWL 2 RL has no rule for them: they surface only once somebody uses them. The
closed order of the classes shows those that lie below `owl:Nothing`, below two
disjoint classes, or below a class and its complement. What needs a model to
see (a value that would have to be in two disjoint classes) HermiT finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from econsec.knowledge.reasoning.expressions import NOTHING, Expression, Named, Not, parts, render
from econsec.knowledge.reasoning.theory import Theory

__all__ = ["Incoherence", "incoherences"]


@dataclass(frozen=True, slots=True)
class Incoherence:
    """A class that can have no member, and the axiom that leaves it none."""

    cls: Named
    axiom: str
    message: str


@dataclass(frozen=True, slots=True)
class _Opposites:
    """Two expressions that share no member."""

    one: Expression
    other: Expression
    axiom: str


def incoherences(theory: Theory) -> Iterator[Incoherence]:
    """One finding for each class and axiom."""
    opposites = tuple(_opposites(theory))
    for cls in theory.hierarchy.named_classes():
        above = theory.hierarchy.supers(cls) | {cls.node}
        if NOTHING.node in above and cls != NOTHING:
            axiom = f"{render(cls)} rdfs:subClassOf {render(NOTHING)}"
            yield Incoherence(cls, axiom, f"{render(cls)} can have no member: {axiom}")
        for pair in opposites:
            if {pair.one.node, pair.other.node} <= above:
                yield Incoherence(cls, pair.axiom, _sentence(cls, pair))


def _opposites(theory: Theory) -> Iterator[_Opposites]:
    for disjointness in theory.terminology.disjoint_classes:
        for one, other in disjointness.pairs:
            yield _Opposites(one, other, disjointness.axiom)
    for inclusion in theory.terminology.inclusions:
        for part in parts(inclusion.sup):
            if isinstance(part, Not):
                yield _Opposites(part.operand, part, inclusion.axiom)


def _sentence(cls: Named, pair: _Opposites) -> str:
    both = " and ".join(render(one) for one in (pair.one, pair.other))
    return (
        f"{render(cls)} can have no member: whatever is in it is in {both}, "
        f"which {pair.axiom} forbids"
    )
