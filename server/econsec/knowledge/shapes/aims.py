"""Which nodes the shapes are applied to, asked of a store again and again."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from pyoxigraph import NamedNode, Store

from econsec.knowledge.shapes.dependencies import Rule
from econsec.knowledge.shapes.neighbourhood import SUBCLASS, Term, triples
from econsec.rdf.namespaces import RDF

__all__ = ["Aims"]

_TYPE = RDF("type")


class Aims:
    """Which nodes are focus nodes, by the data of a store."""

    def __init__(self, data: Store) -> None:
        self._data = data
        self._below = _below(data)
        self._kinds: dict[frozenset[NamedNode], frozenset[Term]] = {}

    def kinds(self, rule: Rule) -> frozenset[Term]:
        """The classes of the targets, and all below them."""
        classes = rule.targets.classes
        if classes not in self._kinds:
            self._kinds[classes] = self._subclasses(classes)
        return self._kinds[classes]

    def has(self, rule: Rule, node: Term) -> bool:
        """Whether a node is a focus node of a shape."""
        data, targets = self._data, rule.targets
        if node in targets.nodes:
            return True
        kinds = self.kinds(rule)
        return (
            any(t.object in kinds for t in triples(data, node, _TYPE))
            or any(True for p in targets.subjects_of for _ in triples(data, node, p))
            or any(True for p in targets.objects_of for _ in triples(data, None, p, node))
        )

    def all(self, rule: Rule) -> set[Term]:
        """All focus nodes of a shape."""
        data, targets = self._data, rule.targets
        found: set[Term] = set(targets.nodes)
        for kind in self.kinds(rule):
            found.update(cast(Term, t.subject) for t in triples(data, None, _TYPE, kind))
        for predicate in targets.subjects_of:
            found.update(cast(Term, t.subject) for t in triples(data, None, predicate))
        for predicate in targets.objects_of:
            found.update(cast(Term, t.object) for t in triples(data, None, predicate))
        return found

    def _subclasses(self, classes: frozenset[NamedNode]) -> frozenset[Term]:
        found: set[Term] = set(classes)
        waiting: list[Term] = [*classes]
        while waiting:
            fresh = self._below.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)


def _below(data: Store) -> dict[Term, set[Term]]:
    """The classes right below each class."""
    found: dict[Term, set[Term]] = defaultdict(set)
    for triple in triples(data, None, SUBCLASS.predicate):
        found[cast(Term, triple.object)].add(cast(Term, triple.subject))
    return found
