"""The rules of OWL 2 RL that conclude `false`, as queries whose every answer is a contradiction.

`cax-dw`, `cax-adc`, `cls-com`, `cls-nothing2`, `cls-maxc1`, `cls-maxqc1`,
`cls-maxqc2`, `prp-irp`, `prp-asyp`, `prp-pdw`, `prp-adp`, `prp-npa1`,
`prp-npa2`, `eq-diff1` (Profiles, 4.3, Tables 4 to 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from econsec.knowledge.reasoning.conditions import Unfolding
from econsec.knowledge.reasoning.expressions import (
    NOTHING,
    THING,
    MaxCardinality,
    Not,
    Property,
    render,
)
from econsec.knowledge.reasoning.patterns import Pattern, is_a, join, relates, written
from econsec.knowledge.reasoning.theory import Theory
from econsec.rdf.namespaces import OWL

__all__ = ["Contradiction", "Wording", "contradictions"]

Wording: TypeAlias = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A pattern that the axiom forbids.

    `wording` says of a solution what is the case, given the names of its `?x`,
    `?y` and `?p` (empty where the pattern does not bind them). In a `mutual` one
    a solution with `?x` and `?y` exchanged says the same.
    """

    rule: str
    axiom: str
    pattern: Pattern
    wording: Wording
    mutual: bool = False


def contradictions(theory: Theory) -> Iterator[Contradiction]:
    """All that the ontology forbids, and what no data may say under any ontology."""
    yield from _disjoint_classes(theory)
    yield from _complements(theory)
    yield from _forbidden_values(theory)
    yield from _nothing(theory)
    yield from _characteristics(theory)
    yield from _disjoint_properties(theory)
    yield from _denied()
    yield _different()


def _disjoint_classes(theory: Theory) -> Iterator[Contradiction]:
    for disjointness in theory.terminology.disjoint_classes:
        for one, other in disjointness.pairs:
            unfolding = Unfolding(theory.conditions)
            first, second = unfolding.holds(one, "?x"), unfolding.holds(other, "?x")
            if first is not None and second is not None:
                yield Contradiction(
                    disjointness.rule,
                    disjointness.axiom,
                    join((first, second)),
                    _of_one(f"is both {render(one)} and {render(other)}"),
                )


def _complements(theory: Theory) -> Iterator[Contradiction]:
    for negation in theory.hierarchy.expressions():
        if not isinstance(negation, Not):
            continue
        unfolding = Unfolding(theory.conditions)
        operand = unfolding.holds(negation.operand, "?x")
        if operand is None:
            continue
        for reason in unfolding.reasons(negation, "?x"):
            wording = _of_one(f"is {render(negation.operand)}")
            yield Contradiction("cls-com", reason.axiom, join((reason.pattern, operand)), wording)


def _forbidden_values(theory: Theory) -> Iterator[Contradiction]:
    for limit in theory.hierarchy.expressions():
        if not isinstance(limit, MaxCardinality) or limit.number > 0:
            continue
        rule = "cls-maxc1" if limit.filler == THING else "cls-maxqc1"
        unfolding = Unfolding(theory.conditions)
        value = unfolding.holds(limit.filler, "?y")
        if value is None:
            continue
        link = relates("?x", limit.property, "?y")
        for reason in unfolding.reasons(limit, "?x"):
            pattern = join((reason.pattern, link, value))
            yield Contradiction(rule, reason.axiom, pattern, _of_two(limit.property))


def _nothing(theory: Theory) -> Iterator[Contradiction]:
    wording = _of_one("is what nothing can be")
    stated = [is_a("?x", NOTHING.node)]
    for reason in Unfolding(theory.conditions).reasons(NOTHING, "?x"):
        yield Contradiction("cls-nothing2", reason.axiom, reason.pattern, wording)
        stated.append(Pattern(f"FILTER NOT EXISTS {{ {reason.pattern.text} }}"))
    yield Contradiction("cls-nothing2", "owl:Nothing", join(stated), wording)


def _characteristics(theory: Theory) -> Iterator[Contradiction]:
    for characteristic in theory.terminology.characteristics:
        prop = characteristic.property
        mutual = characteristic.rule == "prp-asyp"
        if mutual:
            pattern = join((relates("?x", prop, "?y"), relates("?y", prop, "?x")))
            wording = _of_both(prop)
        else:
            pattern, wording = relates("?x", prop, "?x"), _of_one(f"has {prop} to itself")
        yield Contradiction(
            characteristic.rule, characteristic.axiom, pattern, wording, mutual=mutual
        )


def _disjoint_properties(theory: Theory) -> Iterator[Contradiction]:
    for disjointness in theory.terminology.disjoint_properties:
        for one, other in disjointness.pairs:
            yield Contradiction(
                disjointness.rule,
                disjointness.axiom,
                join((relates("?x", one, "?y"), relates("?x", other, "?y"))),
                _of_two(f"both {one} and {other}"),
            )


def _denied() -> Iterator[Contradiction]:
    source, prop = written(OWL("sourceIndividual")), written(OWL("assertionProperty"))
    for rule, name in (("prp-npa1", "targetIndividual"), ("prp-npa2", "targetValue")):
        target = written(OWL(name))
        pattern = Pattern(f"?n {source} ?x ; {prop} ?p ; {target} ?y . ?x ?p ?y .")
        yield Contradiction(rule, "an owl:NegativePropertyAssertion", pattern, _relation)


def _different() -> Contradiction:
    same, different = written(OWL("sameAs")), written(OWL("differentFrom"))
    pattern = Pattern(
        f"?x {different} ?y FILTER(sameTerm(?x, ?y) || EXISTS {{ ?x {same}|^{same} ?y }})"
    )
    return Contradiction(
        "eq-diff1",
        "owl:differentFrom",
        pattern,
        lambda x, y, _: f"{x} is the same as {y}",
        mutual=True,
    )


def _of_one(text: str) -> Wording:
    return lambda x, _y, _p: f"{x} {text}"


def _of_two(what: Property | str) -> Wording:
    return lambda x, y, _: f"{x} has {what} with the value {y}"


def _of_both(prop: Property) -> Wording:
    return lambda x, y, _: f"{x} and {y} have {prop} of each other"


def _relation(x: str, y: str, p: str) -> str:
    return f"{x} has {p} with the value {y}"
