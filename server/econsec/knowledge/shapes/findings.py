"""What an engine finds, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.graph import Node

__all__ = ["RawResult"]


@dataclass(frozen=True, slots=True)
class RawResult:
    """A constraint of `shape`, reached from the targets of `root`, that `focus` breaks.

    `predicate` is a path that the result has instead of the shape's own, and
    `bindings` what a SPARQL constraint selected, as text for its messages.
    """

    focus: Term
    root: Node
    shape: Node
    component: NamedNode
    value: Term | None = None
    predicate: NamedNode | None = None
    constraint: Node | None = None
    bindings: Mapping[str, str] | None = None
    written: tuple[str, ...] = ()
