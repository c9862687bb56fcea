"""Prefixes that a shapes graph declares for its queries (SHACL, 5.2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.constraints import declarations
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH

__all__ = ["prefix_faults", "prefixes_of"]

_BY_DEFAULT = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}


def prefixes_of(shapes: Shapes, query: Node) -> Mapping[str, str]:
    """The prefixes that hold in a query; declarations that are broken are faults of their own."""
    try:
        sources = shapes.graph.objects(query, SH("prefixes"))
        return _BY_DEFAULT | dict(declarations(shapes.graph, sources))
    except InvalidInput:
        return _BY_DEFAULT


def prefix_faults(shapes: Shapes) -> Iterator[Fault]:
    """Declarations that are incomplete, or that contradict each other."""
    for holder in shapes.graph.subjects(SH("declare")):
        namespaces: dict[str, set[str]] = defaultdict(set)
        for node in shapes.graph.objects(holder, SH("declare")):
            names = [*_texts(shapes, node, "prefix")]
            iris = [*_texts(shapes, node, "namespace")]
            if len(names) != 1 or len(iris) != 1:
                yield error(
                    holder,
                    "has a sh:declare without one sh:prefix and one sh:namespace",
                    '[ sh:prefix "ex" ; sh:namespace "https://…"^^xsd:anyURI ]',
                )
                continue
            namespaces[names[0]].add(iris[0])
        for name, meant in namespaces.items():
            if len(meant) > 1:
                yield error(holder, f"declares the prefix {name}: for {len(meant)} namespaces")
    for subject in shapes.graph.subjects(SH("prefixes")):
        for source in shapes.graph.objects(subject, SH("prefixes")):
            if isinstance(source, Literal):
                yield error(subject, f"has sh:prefixes {spelt(source)}", "it must be an IRI")


def _texts(shapes: Shapes, node: Term, name: str) -> Iterator[str]:
    if isinstance(node, Literal):
        return
    for value in shapes.graph.objects(node, SH(name)):
        if isinstance(value, Literal):
            yield value.value
