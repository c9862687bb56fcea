"""The project's shapes to browse and to take away: all, those of a profile, or one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from econsec.errors import InvalidInput
from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.reports import Severity, Term, spelt
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.profiles import Profile, read_profiles, shapes_of
from econsec.rdf.formats import TURTLE, Format
from econsec.rdf.namespaces import ESH, PREFIXES, RDFS, SH, SKOS
from econsec.rdf.turtle import serialise

__all__ = ["ShapeCatalogue", "ShapeNotFound"]

_NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_HEADER = NamedNode(ESH.removesuffix("#"))
_TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")


class ShapeNotFound(InvalidInput):
    """The shapes graph has nothing of this name."""

    status: ClassVar[int] = 404
    title: ClassVar[str] = "There is no such shape"


class ShapeCatalogue:
    """The shapes in the files of a folder, which are read once."""

    def __init__(self, folder: Path) -> None:
        # A profile would strip targets, so that the files are read as they are.
        self._graph = ShapesGraph(
            load_shapes(folder, profile=None, files=sorted(folder.glob("*.ttl")))
        )

    def listing(self, profile: str | None = None) -> dict[str, Any]:
        """Profiles, and the shapes with targets, as JSON. Raises `UsageError` on no profile."""
        chosen = None if profile is None else self._shapes_of(profile)
        return {
            "profiles": [self._profile_entry(each) for each in self._profiles.values()],
            "shapes": [
                self._shape_entry(shape)
                for shape in self._aiming
                if chosen is None or shape in chosen
            ],
        }

    def entry(self, name: str) -> dict[str, Any]:
        """One shape as in the listing, with all that it demands. Raises `ShapeNotFound`."""
        shape = self._named(name)
        return {**self._shape_entry(shape), "demands": [*self._demands(shape)]}

    def written(self, format: Format, *, profile: str | None = None) -> bytes:
        """The shapes graph, or what a profile reaches of it. Raises `UsageError` on no profile."""
        if profile is None:
            return _written(self._graph, format)
        self._shapes_of(profile)
        return _written(self._reached(_HEADER, self._profiles[profile].iri), format)

    def shape_written(self, name: str, format: Format) -> bytes:
        """A shape with all that it reaches. Raises `ShapeNotFound`."""
        return _written(self._reached(self._named(name)), format)

    @cached_property
    def _profiles(self) -> Mapping[str, Profile]:
        return read_profiles(Quad(*triple) for triple in self._graph)

    @cached_property
    def _aiming(self) -> tuple[NamedNode, ...]:
        """The shapes with targets, by IRI."""
        aiming = {node for target in _TARGETS for node in self._graph.subjects(SH(target))}
        named = (node for node in aiming if isinstance(node, NamedNode))
        return tuple(sorted(named, key=lambda node: node.value))

    def _shapes_of(self, profile: str) -> frozenset[NamedNode]:
        """Those with targets. Raises `UsageError` on a profile that is not there."""
        return shapes_of(profile, self._profiles)

    def _named(self, name: str) -> NamedNode:
        node = NamedNode(ESH + name) if _NAME.fullmatch(name) else None
        if node is None or not self._graph.predicates(node):
            raise ShapeNotFound(
                f"there is no shape {name!r}", remedy="/shapes lists those there are"
            )
        return node

    def _reached(self, *roots: Term) -> Iterator[Triple]:
        """The statements about `roots`, and about all that they lead to within the graph."""
        waiting, seen = [*reversed(roots)], {*roots}
        while waiting:
            following = []
            for triple in self._graph.about(waiting.pop()):
                yield triple
                object = cast(Term, triple.object)
                # Everything is defined by the header, which is not part of everything.
                if triple.predicate != RDFS("isDefinedBy") and object not in seen:
                    seen.add(object)
                    following.append(object)
            waiting.extend(reversed(following))

    def _profile_entry(self, profile: Profile) -> dict[str, Any]:
        return {
            "name": profile.name,
            "iri": profile.iri.value,
            "label": dict(self._graph.texts(profile.iri, SKOS("prefLabel"))),
            "definition": dict(self._graph.texts(profile.iri, SKOS("definition"))),
            "shapes": sorted(_local(shape) for shape in self._shapes_of(profile.name)),
        }

    def _shape_entry(self, shape: NamedNode) -> dict[str, Any]:
        graph = self._graph
        reached = {triple.subject for triple in self._reached(shape)}
        return {
            "name": _local(shape),
            "iri": shape.value,
            "label": dict(graph.texts(shape, SH("name"))),
            "description": dict(graph.texts(shape, SH("description"))),
            "targets": [
                {"kind": target, "of": spelt(node)}
                for target in _TARGETS
                for node in graph.objects(shape, SH(target))
            ],
            "severities": self._severities(reached),
            "legalBasis": [self._basis_entry(basis) for basis in self._bases(reached)],
            "profiles": [name for name in self._profiles if shape in self._shapes_of(name)],
        }

    def _demands(self, shape: Node) -> Iterator[dict[str, Any]]:
        """What has a message of its own: constraints in SPARQL, and property shapes."""
        reached = (cast(Node, triple.subject) for triple in self._reached(shape))
        for node in dict.fromkeys(reached):
            if self._graph.texts(node, SH("message")):
                yield self._demand_entry(node)

    def _demand_entry(self, node: Node) -> dict[str, Any]:
        graph = self._graph
        finding, path = graph.value(node, ESH("finding")), graph.value(node, SH("path"))
        return {
            "name": dict(graph.texts(node, SH("name"))),
            "description": dict(graph.texts(node, SH("description"))),
            "message": dict(graph.texts(node, SH("message"))),
            "severity": self._severities({node})[0],
            "finding": None if finding is None else finding.value.removeprefix(ESH),
            "fix": dict(graph.texts(node, ESH("fix"))),
            "path": spelt(path) if isinstance(path, NamedNode) else None,
            "legalBasis": [self._basis_entry(basis) for basis in self._bases({node})],
            "select": _value(graph.value(node, SH("select"))),
        }

    def _severities(self, nodes: Iterable[Any]) -> list[str]:
        """Of all that the shape demands, the gravest first (SHACL, 2.1.4)."""
        named = {
            Severity.of(each.value)
            for node in nodes
            for each in self._graph.nodes(node, SH("severity"))
        }
        found = named or {Severity.VIOLATION}
        return [severity.value for severity in Severity if severity in found]

    def _bases(self, nodes: Iterable[Any]) -> list[Node]:
        found = {basis for node in nodes for basis in self._graph.nodes(node, ESH("legalBasis"))}
        return sorted(found, key=str)

    def _basis_entry(self, basis: Node) -> dict[str, Any]:
        graph = self._graph
        return {
            "iri": basis.value,
            "label": dict(graph.texts(basis, SKOS("prefLabel"))),
            "act": _value(graph.value(basis, ESH("act"))),
            "article": _value(graph.value(basis, ESH("article"))),
            "inForceFrom": _value(graph.value(basis, ESH("inForceFrom"))),
            "source": _value(graph.value(basis, RDFS("seeAlso"))),
        }


def _written(triples: Iterable[Triple], format: Format) -> bytes:
    if format.name == TURTLE.name:
        return serialise(triples).encode()
    return cast(bytes, serialize(triples, format=cast(RdfFormat, format.engine), prefixes=PREFIXES))


def _local(node: NamedNode) -> str:
    return node.value.rpartition("#")[2]


def _value(term: Term | None) -> str | None:
    return None if term is None else term.value
