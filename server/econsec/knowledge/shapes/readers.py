"""Which shapes read a triple, and from which nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from pyoxigraph import NamedNode, Store, Triple

from econsec.knowledge.shapes.dependencies import Rule
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.neighbourhood import Path, Term, ends, inverted

__all__ = ["Readers"]


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """Leads from an end of a triple, its object where `inverse`, back to where `shapes` begin."""

    back: Path
    inverse: bool
    shapes: frozenset[Node]

    def start(self, triple: Triple) -> Term:
        """The end of a triple that it leads from."""
        return cast(Term, triple.object if self.inverse else triple.subject)


class Readers:
    """Of all shapes with targets; those that read alike are followed back together."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ways = _ways(rules)

    def of(self, changed: Collection[Triple], data: Store) -> Mapping[Node, set[Term]]:
        """The shapes that read any of the triples, each with the nodes from which it does."""
        starts: dict[_Way, set[Term]] = defaultdict(set)
        for triple in changed:
            for predicate in (triple.predicate, None):
                for way in self._ways.get(predicate, ()):
                    starts[way].add(way.start(triple))
        found: dict[Node, set[Term]] = defaultdict(set)
        for way, nodes in starts.items():
            reached = ends(data, nodes, way.back)
            for shape in way.shapes:
                found[shape] |= reached
        return found


def _ways(rules: Iterable[Rule]) -> Mapping[NamedNode | None, Collection[_Way]]:
    """By the predicate that is read, `None` where that may be any."""
    reading: dict[NamedNode | None, dict[tuple[Path, bool], set[Node]]] = defaultdict(dict)
    for rule in rules:
        for read in rule.reads:
            predicate = None if read.step is None else read.step.predicate
            is_inverse = read.step is not None and read.step.inverse
            reading[predicate].setdefault((read.prefix, is_inverse), set()).add(rule.shape)
    return {
        predicate: [
            _Way(inverted(prefix), is_inverse, frozenset(shapes))
            for (prefix, is_inverse), shapes in ways.items()
        ]
        for predicate, ways in reading.items()
    }
