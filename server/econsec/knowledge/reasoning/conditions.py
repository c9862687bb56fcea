"""When is a thing a member of a class expression? The answer as a graph pattern.

A thing is a member because of what it is and has (the rules `cls-int1`,
`cls-uni`, `cls-svf1`, `cls-svf2`, `cls-hv2`, `cls-oo`), or because an axiom
says so. Of a class with an IRI both stand in the graph as a triple. Of an
expression without one the rules would write a triple with a blank node; here
the pattern looks for the reasons instead, and nothing of the sort is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from econsec.errors import Refused
from econsec.knowledge.reasoning.axioms import Inclusion, Membership, Terminology
from econsec.knowledge.reasoning.expressions import (
    THING,
    And,
    Expression,
    HasValue,
    Named,
    Node,
    OneOf,
    Only,
    Or,
    Some,
    render,
)
from econsec.knowledge.reasoning.hierarchy import Hierarchy
from econsec.knowledge.reasoning.patterns import (
    EVERYTHING,
    Pattern,
    is_a,
    join,
    one_of,
    relates,
    union,
)

__all__ = ["Conditions", "Reason", "Unfolding"]

_HOLDS, _REASONS = "holds", "reasons"
Trail: TypeAlias = tuple[tuple[str, Node, str], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A pattern, and the axiom by which its solutions are members."""

    pattern: Pattern
    axiom: str


class Conditions:
    """Which axioms, intersections and restrictions lead to each class expression."""

    def __init__(self, terminology: Terminology, hierarchy: Hierarchy) -> None:
        self.hierarchy = hierarchy
        self.inclusions: defaultdict[Node, list[Inclusion]] = defaultdict(list)
        self.memberships: defaultdict[Node, list[Membership]] = defaultdict(list)
        self.intersections: defaultdict[Node, list[And]] = defaultdict(list)
        self.universals: defaultdict[Node, list[Only]] = defaultdict(list)
        for inclusion in terminology.inclusions:
            self.inclusions[inclusion.sup.node].append(inclusion)
        for membership in terminology.memberships:
            self.memberships[membership.cls.node].append(membership)
        for expression in dict.fromkeys(terminology.expressions()):
            match expression:
                case And(members=members):
                    for member in members:
                        self.intersections[member.node].append(expression)
                case Only(filler=filler):
                    self.universals[filler.node].append(expression)


class Unfolding:
    """Unfolds expressions into patterns that may stand in one query: no variable comes twice."""

    def __init__(self, conditions: Conditions) -> None:
        self._known = conditions
        self._numbers = count(1)

    def fresh(self) -> str:
        """A variable that no other pattern of this unfolding uses."""
        return f"?v{next(self._numbers)}"

    def holds(self, cls: Expression, variable: str, trail: Trail = ()) -> Pattern | None:
        """`variable` is a member of `cls`; `None` if nothing in the axioms can make it one.

        Raises `Refused` where an expression without an IRI is defined by itself.
        """
        if cls == THING:
            return EVERYTHING
        if (_HOLDS, cls.node, variable) in trail:
            return None
        if isinstance(cls, Named):
            # What is sought as a conclusion is no reason for itself.
            known = (_REASONS, cls.node, variable) in trail
            return None if known else is_a(variable, cls.node)
        onward = _extended(trail, _HOLDS, cls, variable)
        built = self._built(cls, variable, onward)
        if isinstance(cls, And | HasValue):
            # Whatever makes it a member gives it the value, or makes it one of each part.
            return built
        told = [reason.pattern for reason in self.reasons(cls, variable, onward)]
        return union(told if built is None else [built, *told])

    def reasons(self, cls: Expression, variable: str, trail: Trail = ()) -> Iterator[Reason]:
        """What axioms make `variable` a member of `cls`, whatever `cls` is made of."""
        if (_REASONS, cls.node, variable) in trail:
            return
        onward = _extended(trail, _REASONS, cls, variable)
        for inclusion in self._known.inclusions[cls.node]:
            pattern = self.holds(inclusion.sub, variable, onward)
            if pattern is not None:
                yield Reason(pattern, inclusion.axiom)
        for membership in self._known.memberships[cls.node]:
            pattern = relates(variable, membership.property, self.fresh())
            yield Reason(pattern, membership.axiom)
        yield from self._as_filler(cls, variable, onward)
        for whole in (*self._known.intersections[cls.node], *self._known.hierarchy.narrower(cls)):
            yield from self.reasons(whole, variable, onward)

    def _as_filler(self, cls: Expression, variable: str, trail: Trail) -> Iterator[Reason]:
        """`cls-avf`: the values of whoever is in a universal restriction to `cls`."""
        for universal in self._known.universals[cls.node]:
            owner = self.fresh()
            link = relates(owner, universal.property, variable)
            for reason in self.reasons(universal, owner, trail):
                yield Reason(join((reason.pattern, link)), reason.axiom)

    def _built(self, cls: Expression, variable: str, trail: Trail) -> Pattern | None:
        match cls:
            case And(members=members):
                found = [self.holds(member, variable, trail) for member in members]
                whole = [pattern for pattern in found if pattern is not None]
                return join(whole) if len(whole) == len(found) else None
            case Or(members=members):
                found = [self.holds(member, variable, trail) for member in members]
                return union(pattern for pattern in found if pattern is not None)
            case Some(property=prop, filler=filler):
                value = self.fresh()
                inner = self.holds(filler, value, trail)
                link = relates(variable, prop, value)
                return None if inner is None else join((link, inner))
            case HasValue(property=prop, value=constant):
                return relates(variable, prop, constant)
            case OneOf(members=individuals):
                return one_of(variable, individuals)
        return None


def _extended(trail: Trail, kind: str, cls: Expression, variable: str) -> Trail:
    if any(step[:2] == (kind, cls.node) for step in trail):
        raise Refused(
            f"{render(cls)} is defined by itself",
            remedy="give the expression a name: a class with an IRI that is equivalent to it",
        )
    return (*trail, (kind, cls.node, variable))
