"""Saturate a data set: run the rules of an ontology until nothing new follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Store

from econsec.knowledge.reasoning.hierarchy import Hierarchy
from econsec.knowledge.reasoning.ordering import strata
from econsec.knowledge.reasoning.patterns import Symbol, written
from econsec.knowledge.reasoning.rules import Rule, write_rules
from econsec.knowledge.reasoning.theory import read_theory
from econsec.rdf.namespaces import OWL, RDFS

__all__ = ["Materialisation", "materialise"]


@dataclass(frozen=True, slots=True)
class Materialisation:
    """What a run did: the most rounds that any group of rules took, and the triples added."""

    rounds: int
    inferred: int


def materialise(store: Store, *, tbox: NamedNode, into: NamedNode) -> Materialisation:
    """Add to the default graph what follows from it by the axioms of the graph `tbox`.

    The default graph must hold the asserted triples, the ontology's among them.
    Afterwards it is saturated under OWL 2 RL (Profiles, 4.3), and `into` holds
    exactly the triples that were added. Of what follows among classes and
    properties, subclasses, subproperties and equivalences of terms with an IRI
    are added. Left out are triples that say nothing: `owl:sameAs`, subclass and
    subproperty of a term to itself, membership of `owl:Thing`.

    Raises `InvalidInput` for a malformed axiom and `Refused` for one that the
    rules cannot draw.
    """
    theory = read_theory(store, tbox)
    rules = write_rules(theory.terminology, theory.conditions)
    before = _size(store, into)
    _add_schema(store, theory.hierarchy, into)
    rounds = max((_saturate(store, group, into) for group in strata(rules)), default=0)
    return Materialisation(rounds, _size(store, into) - before)


def _add_schema(store: Store, hierarchy: Hierarchy, into: NamedNode) -> None:
    for pairs, included, equivalent in (
        (hierarchy.subclasses(), RDFS("subClassOf"), OWL("equivalentClass")),
        (hierarchy.subproperties(), RDFS("subPropertyOf"), OWL("equivalentProperty")),
    ):
        same = {(one, other) for one, other in pairs if (other, one) in pairs}
        _add_pairs(store, pairs, predicate=included, into=into)
        _add_pairs(store, same, predicate=equivalent, into=into)


def _add_pairs(
    store: Store,
    pairs: Iterable[tuple[NamedNode, NamedNode]],
    *,
    predicate: NamedNode,
    into: NamedNode,
) -> None:
    rows = " ".join(f"({written(one)} {written(other)})" for one, other in pairs)
    head = f"?x {written(predicate)} ?y ."
    store.update(
        f"INSERT {{ {head} GRAPH {written(into)} {{ {head} }} }} "
        f"WHERE {{ VALUES (?x ?y) {{ {rows} }} FILTER NOT EXISTS {{ {head} }} }}"
    )


def _saturate(store: Store, group: tuple[Rule, ...], into: NamedNode) -> int:
    """Run the rules of a group until none adds anything; the number of rounds."""
    if len(group) == 1 and group[0].once:
        return int(_applied(store, group[0], into))
    rounds = 0
    waiting = group
    while waiting:
        rounds += 1
        changed = {rule.writes for rule in waiting if _added(store, rule, into)}
        waiting = tuple(rule for rule in group if rule.body.reads & changed)
    return rounds


def _added(store: Store, rule: Rule, into: NamedNode) -> bool:
    before = _count(store, rule.writes, into)
    return _applied(store, rule, into) and _count(store, rule.writes, into) > before


def _applied(store: Store, rule: Rule, into: NamedNode) -> bool:
    """Run a rule, unless the graph holds nothing of what it reads: most properties are rare."""
    if not (rule.body.constant or any(_occurs(store, symbol) for symbol in rule.body.reads)):
        return False
    store.update(rule.insert(into=into))
    return True


def _occurs(store: Store, symbol: Symbol) -> bool:
    found = store.quads_for_pattern(None, symbol.predicate, symbol.object, DefaultGraph())
    return next(found, None) is not None


def _count(store: Store, symbol: Symbol, graph: NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, symbol.predicate, symbol.object, graph))


def _size(store: Store, graph: NamedNode) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
