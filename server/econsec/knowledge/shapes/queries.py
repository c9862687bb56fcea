"""The SPARQL constraints of shapes, asked of a store itself, apart from all other constraints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pyoxigraph import NamedNode, Store

from econsec.knowledge.reports import Result, Term
from econsec.knowledge.shapes.capability import Plan, plan
from econsec.knowledge.shapes.constraints import Constraint
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.description import described
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.sparql import run_constraint
from econsec.knowledge.shapes.validation import Prepared, prepared
from econsec.rdf.namespaces import SH

__all__ = ["CORE", "Queries", "Question"]

_CORE_NAMES = """
and class closed datatype disjoint equals flags hasValue ignoredProperties in languageIn
lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength minCount minExclusive
minInclusive minLength node nodeKind not or pattern qualifiedMaxCount qualifiedMinCount
qualifiedValueShape qualifiedValueShapesDisjoint uniqueLang xone
"""
CORE = frozenset(SH(name) for name in _CORE_NAMES.split())
"""The parameters of the core constraints."""


@dataclass(frozen=True, slots=True)
class Question:
    """A constraint of a shape about some focus nodes, and about some values where it is keyed."""

    constraint: Constraint
    shape: Node
    focus: Collection[Term]
    values: Collection[NamedNode] | None = None


class Queries:
    """The SPARQL constraints of shapes that are to be asked again and again."""

    def __init__(self, shapes: ShapesGraph) -> None:
        self._shapes = tuple(t for t in shapes if t.predicate not in CORE)
        self._plans: dict[Node, Plan | None] = {}

    def of(self, shape: Node, focus: Collection[Term]) -> Sequence[Question] | None:
        """The questions that a shape asks about nodes.

        `None` where they belong to the reference, which reads no store. Raises as
        `validate` does.
        """
        if not all(isinstance(node, NamedNode) for node in focus):
            planned = self._planned(shape, focus)
        else:  # of all IRIs the same is true
            if shape not in self._plans:
                self._plans[shape] = self._planned(shape, focus)
            planned = self._plans[shape]
        if planned is None:
            return None
        return [Question(constraint, shape, focus) for constraint in planned.constraints]

    def results(self, data: Store, questions: Iterable[Question]) -> tuple[Result, ...]:
        """What is found, in words."""
        asked = Data((), store=data)
        found = (
            run_constraint(
                asked,
                shapes=self._ready.graph,
                constraint=question.constraint,
                root=question.shape,
                focus=question.focus,
                values=question.values,
            )
            for question in questions
        )
        return described(chain.from_iterable(found), data=asked, shapes=self._ready.graph)

    @cached_property
    def _ready(self) -> Prepared:
        return prepared(self._shapes)

    def _planned(self, shape: Node, focus: Collection[Term]) -> Plan | None:
        tree = next(tree for tree in self._ready.trees if tree.root == shape)
        return plan(self._ready.graph, tree, Data(()), focus=focus)
