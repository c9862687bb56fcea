"""An ontology made ready for the rules: read, checked, its classes in order."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from econsec.knowledge.reasoning.axioms import Terminology
from econsec.knowledge.reasoning.conditions import Conditions
from econsec.knowledge.reasoning.hierarchy import Hierarchy
from econsec.knowledge.reasoning.profile import check
from econsec.knowledge.reasoning.terminology import read_terminology

__all__ = ["Theory", "read_theory"]


@dataclass(frozen=True, slots=True)
class Theory:
    """The axioms of one graph, and what is needed to turn them into queries."""

    terminology: Terminology
    hierarchy: Hierarchy
    conditions: Conditions


def read_theory(store: Store, tbox: NamedNode) -> Theory:
    """Read the graph `tbox`.

    Raises `InvalidInput` for a malformed axiom and `Refused` for one that the
    rules cannot draw.
    """
    terminology = read_terminology(store, tbox)
    check(terminology, store=store, tbox=tbox)
    hierarchy = Hierarchy(terminology)
    return Theory(terminology, hierarchy, Conditions(terminology, hierarchy))
