"""Which nodes the shapes are applied to, asked of a store again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import cast

from pyoxigraph import NamedNode, Store, Triple

from econsec.knowledge.shapes.dependencies import Rule
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.neighbourhood import (
    SUBCLASS,
    Repeat,
    Term,
    ends,
    subclasses,
    triples,
)
from econsec.rdf.namespaces import RDF

__all__ = ["Aims", "Targeted"]

_TYPE = RDF("type")
_ABOVE = Repeat(SUBCLASS, 0, True)


class Targeted:
    """The shapes with targets, by what they choose their focus nodes by."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.by_node: dict[Term, set[Node]] = defaultdict(set)
        self.by_class: dict[Term, set[Node]] = defaultdict(set)
        self.by_subject_of: dict[NamedNode, set[Node]] = defaultdict(set)
        self.by_object_of: dict[NamedNode, set[Node]] = defaultdict(set)
        for rule in rules:
            targets = rule.targets
            for node in targets.nodes:
                self.by_node[node].add(rule.shape)
            for kind in targets.classes:
                self.by_class[kind].add(rule.shape)
            for predicate in targets.subjects_of:
                self.by_subject_of[predicate].add(rule.shape)
            for predicate in targets.objects_of:
                self.by_object_of[predicate].add(rule.shape)


class Aims:
    """Which nodes are focus nodes, by the data of a store that does not change meanwhile."""

    def __init__(self, data: Store, targeted: Targeted) -> None:
        self._data = data
        self._targeted = targeted
        self._of_class: dict[Term, frozenset[Node]] = {}
        self._of_node: dict[Term, frozenset[Node]] = {}

    def at(self, node: Term) -> frozenset[Node]:
        """The shapes that are applied to a node."""
        if node not in self._of_node:
            self._of_node[node] = frozenset(self._found(node))
        return self._of_node[node]

    def by(self, triple: Triple) -> dict[Term, set[Node]]:
        """The nodes that a triple makes focus nodes, and of which shapes."""
        subject, object = cast(Term, triple.subject), cast(Term, triple.object)
        found: dict[Term, set[Node]] = {subject: set(), object: set()}
        if triple.predicate == _TYPE:
            found[subject] |= self._members(object)
        found[subject] |= self._targeted.by_subject_of.get(triple.predicate, set())
        found[object] |= self._targeted.by_object_of.get(triple.predicate, set())
        return found

    def all(self, rule: Rule) -> set[Term]:
        """All focus nodes of a shape."""
        data, targets = self._data, rule.targets
        found: set[Term] = set(targets.nodes)
        for kind in subclasses(data, targets.classes):
            found.update(cast(Term, t.subject) for t in triples(data, None, _TYPE, kind))
        for predicate in targets.subjects_of:
            found.update(cast(Term, t.subject) for t in triples(data, None, predicate))
        for predicate in targets.objects_of:
            found.update(cast(Term, t.object) for t in triples(data, None, predicate))
        return found

    def _found(self, node: Term) -> set[Node]:
        data, targeted = self._data, self._targeted
        found = set(targeted.by_node.get(node, ()))
        for triple in triples(data, node, _TYPE):
            found |= self._members(cast(Term, triple.object))
        for predicate in self._predicates(node):
            found |= targeted.by_subject_of[predicate]
        for predicate, shapes in targeted.by_object_of.items():
            if not shapes <= found and any(True for _ in triples(data, None, predicate, node)):
                found |= shapes
        return found

    def _predicates(self, node: Term) -> set[NamedNode]:
        """Those of a node that any shape chooses its focus nodes by."""
        asked = self._targeted.by_subject_of.keys()
        said = [t.predicate for t in islice(triples(self._data, node, None), len(asked) + 1)]
        if len(said) <= len(asked):
            return asked & set(said)
        return {p for p in asked if any(True for _ in triples(self._data, node, p))}

    def _members(self, kind: Term) -> frozenset[Node]:
        """The shapes that are applied to the members of a class."""
        if kind not in self._of_class:
            above = ends(self._data, (kind,), _ABOVE)
            each = (self._targeted.by_class.get(upper, set()) for upper in above)
            self._of_class[kind] = frozenset().union(*each)
        return self._of_class[kind]
