"""The rules that an ontology gives rise to, each one a SPARQL INSERT.

The source of the rules is OWL 2 Profiles, 4.3: `prp-dom`, `prp-rng`, `prp-symp`,
`prp-trp`, `prp-spo1`, `prp-spo2`, `prp-eqp*`, `prp-inv*` (Table 5), `cls-*`
(Table 6), `cax-sco`, `cax-eqc*` (Table 7). Each axiom is turned into rules of
its own, so that a rule has no variable where the ontology has a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from econsec.knowledge.reasoning.axioms import PropertyInclusion, Terminology
from econsec.knowledge.reasoning.conditions import Conditions, Unfolding
from econsec.knowledge.reasoning.expressions import HasValue
from econsec.knowledge.reasoning.patterns import (
    Pattern,
    Symbol,
    is_a,
    join,
    path,
    relates,
    written,
)

__all__ = ["Rule", "write_rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Whatever matches `body` makes `head` true, by `axiom`.

    `writes` is what the head adds to, so rules whose body reads it wait for this
    one. `once` marks a rule whose own conclusions give it nothing more to conclude.
    """

    axiom: str
    head: str
    body: Pattern
    writes: Symbol
    once: bool

    def insert(self, *, into: NamedNode) -> str:
        """The update that adds what is missing, to the default graph and to `into`."""
        return (
            f"INSERT {{ {self.head} GRAPH {written(into)} {{ {self.head} }} }} "
            f"WHERE {{ {self.body.text} FILTER NOT EXISTS {{ {self.head} }} }}"
        )


def write_rules(terminology: Terminology, conditions: Conditions) -> tuple[Rule, ...]:
    """All rules for individuals; what holds among classes and properties is not their business."""
    rules = [*_property_rules(terminology), *_class_rules(conditions), *_value_rules(conditions)]
    return tuple(dict.fromkeys(rules))


def _property_rules(terminology: Terminology) -> Iterator[Rule]:
    for inclusion in terminology.property_inclusions:
        sup, first, last = inclusion.sup, "?x0", f"?x{len(inclusion.chain)}"
        if inclusion.chain == (sup,):
            continue
        body = path(first, sup, last) if inclusion.transitive else _chain(inclusion)
        yield _rule(
            inclusion.axiom,
            relates(first, sup, last),
            body.only_resources(last if sup.inverse else first),
            once=inclusion.transitive or len(inclusion.chain) == 1,
        )


def _chain(inclusion: PropertyInclusion) -> Pattern:
    return join(
        relates(f"?x{step}", prop, f"?x{step + 1}") for step, prop in enumerate(inclusion.chain)
    )


def _class_rules(conditions: Conditions) -> Iterator[Rule]:
    for cls in conditions.hierarchy.named_classes():
        head = is_a("?x", cls.node)
        for reason in Unfolding(conditions).reasons(cls, "?x"):
            yield _rule(reason.axiom, head, reason.pattern.only_resources("?x"), once=False)


def _value_rules(conditions: Conditions) -> Iterator[Rule]:
    """`cls-hv1`: members of a class that is restricted to a value have that value."""
    for restriction in conditions.hierarchy.expressions():
        if not isinstance(restriction, HasValue):
            continue
        head = relates("?x", restriction.property, restriction.value)
        for reason in Unfolding(conditions).reasons(restriction, "?x"):
            yield _rule(reason.axiom, head, reason.pattern.only_resources("?x"), once=False)


def _rule(axiom: str, head: Pattern, body: Pattern, *, once: bool) -> Rule:
    (writes,) = head.reads
    return Rule(axiom, head.text, body, writes, once or writes not in body.reads)
