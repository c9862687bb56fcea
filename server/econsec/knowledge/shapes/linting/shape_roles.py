"""Which nodes of a shapes graph are shapes, and how they refer to each other (SHACL, 2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import cast

from pyoxigraph import BlankNode, Literal

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.rdf.namespaces import RDF, RDFS, SH

__all__ = ["LISTED", "PARAMETERS", "TARGETS", "Shapes"]

TARGETS = tuple(SH(f"target{kind}") for kind in ("Class", "Node", "ObjectsOf", "SubjectsOf"))
"""What makes a shape choose focus nodes."""

SINGLE = tuple(SH(name) for name in ("property", "node", "not", "qualifiedValueShape"))
LISTED = tuple(SH(name) for name in ("and", "or", "xone"))

PARAMETERS = tuple(
    SH(name)
    for name in (
        *("and", "class", "closed", "datatype", "disjoint", "equals", "flags", "hasValue", "in"),
        *("ignoredProperties", "languageIn", "lessThan", "lessThanOrEquals", "maxCount"),
        *("maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive"),
        *("minInclusive", "minLength", "node", "nodeKind", "not", "or", "pattern", "property"),
        *("qualifiedMaxCount", "qualifiedMinCount", "qualifiedValueShape", "sparql"),
        *("qualifiedValueShapesDisjoint", "uniqueLang", "xone"),
    )
)
"""What makes a node a shape, because it states a constraint."""


class Shapes:
    """The shapes of a graph. `graph` are all its statements."""

    def __init__(self, graph: ShapesGraph) -> None:
        self.graph = graph

    @cached_property
    def all(self) -> tuple[Node, ...]:
        """Every shape, in the order of the document."""
        found: dict[Node, None] = {}
        for kind in ("NodeShape", "PropertyShape"):
            found.update(dict.fromkeys(self.instances(kind)))
        for predicate in (*TARGETS, *PARAMETERS):
            found.update(dict.fromkeys(self.graph.subjects(predicate)))
        for targets in self.references.values():
            found.update(dict.fromkeys(n for n in targets if not isinstance(n, Literal)))
        return tuple(found)

    @cached_property
    def references(self) -> Mapping[Node, tuple[Term, ...]]:
        """What each node uses as a shape; a broken list is used as far as it can be read."""
        found: dict[Node, list[Term]] = defaultdict(list)
        for predicate in SINGLE:
            for subject in self.graph.subjects(predicate):
                found[subject] += self.graph.objects(subject, predicate)
        for predicate in LISTED:
            for subject in self.graph.subjects(predicate):
                for head in self.graph.objects(subject, predicate):
                    found[subject] += self.members(head) or ()
        return {subject: tuple(dict.fromkeys(used)) for subject, used in found.items()}

    @cached_property
    def named_by(self) -> Mapping[Term, Node]:
        """For a node, one that speaks of it."""
        found: dict[Term, Node] = {}
        for triple in self.graph:
            if isinstance(triple.object, BlankNode) and not isinstance(triple.subject, Literal):
                found.setdefault(triple.object, cast(Node, triple.subject))
        return found

    def instances(self, kind: str) -> Iterator[Node]:
        """The nodes of a class of SHACL, or of a subclass that the graph declares."""
        classes: set[Term] = {SH(kind)}
        waiting: list[Term] = [SH(kind)]
        while waiting:
            above = waiting.pop()
            for sub in self.graph.subjects(RDFS("subClassOf")):
                if above in self.graph.objects(sub, RDFS("subClassOf")) and sub not in classes:
                    classes.add(sub)
                    waiting.append(sub)
        for subject in self.graph.subjects(RDF("type")):
            if not classes.isdisjoint(self.graph.objects(subject, RDF("type"))):
                yield subject

    def members(self, head: Term) -> tuple[Term, ...] | None:
        """The members of a list, `None` where it is broken or leads back into itself."""
        try:
            return self.graph.members(head)
        except InvalidInput:
            return None

    def is_targeted(self, shape: Node) -> bool:
        """Whether a shape chooses focus nodes by itself."""
        aims = any(self.graph.objects(shape, target) for target in TARGETS)
        return aims or self.graph.is_class(shape)

    def name(self, node: Term) -> str:
        """What to call a node: one without an IRI by its path and by what holds it."""
        parts: list[str] = []
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            path = self.graph.value(node, SH("path"))
            if path is not None and not isinstance(path, BlankNode):
                parts.append(f"the property shape for {spelt(path)}")
            above = self.named_by.get(node)
            if above is None:
                break
            node = above
        holder = "a blank node" if isinstance(node, BlankNode) else spelt(node)
        if parts:
            return f"{parts[0]} in {holder}"
        return holder if not seen else f"a part of {holder}"
