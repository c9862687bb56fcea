"""Contradictions in a saturated data set, each with its axiom and its individuals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store

from econsec.knowledge.reasoning.contradictions import Contradiction, contradictions
from econsec.knowledge.reasoning.expressions import Node
from econsec.knowledge.reasoning.incoherence import incoherences
from econsec.knowledge.reasoning.naming import short
from econsec.knowledge.reasoning.theory import read_theory

__all__ = ["UNSATISFIABLE", "Clash", "find_clashes"]

UNSATISFIABLE = "unsatisfiable"
"""The rule of a clash that lies in the ontology alone: a class that can have no member."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One contradiction.

    `rule` is its name in OWL 2 Profiles, 4.3, or `UNSATISFIABLE`, which comes
    without individuals. `str()` is a sentence for a person.
    """

    rule: str
    axiom: str
    individuals: tuple[Node, ...]
    message: str

    def __str__(self) -> str:
        return self.message


def find_clashes(store: Store, *, tbox: NamedNode) -> tuple[Clash, ...]:
    """The contradictions in the default graph, by the axioms of the graph `tbox`.

    The default graph must be saturated (`materialise`). The order is that of
    the axioms, then of the individuals; what contradicts several axioms is
    reported for each. Raises as `materialise` does.
    """
    theory = read_theory(store, tbox)
    found = [clash for rule in contradictions(theory) for clash in _solutions(store, rule)]
    found += [
        Clash(UNSATISFIABLE, finding.axiom, (), finding.message) for finding in incoherences(theory)
    ]
    return tuple(dict.fromkeys(found))


def _solutions(store: Store, rule: Contradiction) -> Iterator[Clash]:
    solutions = store.query(f"SELECT DISTINCT ?x ?y ?p WHERE {{ {rule.pattern.text} }}")
    assert isinstance(solutions, QuerySolutions)
    told: set[frozenset[object]] = set()
    for row in sorted(([row["x"], row["y"], row["p"]] for row in solutions), key=str):
        if rule.mutual and frozenset(row) in told:
            continue
        told.add(frozenset(row))
        x, y, p = ("" if term is None else short(term) for term in row)
        yield Clash(
            rule.rule,
            rule.axiom,
            tuple(term for term in row[:2] if isinstance(term, NamedNode | BlankNode)),
            f"{rule.wording(x, y, p)}, which {rule.axiom} forbids",
        )
