"""Property paths of shapes (SHACL, 2.3.1), spelt as SPARQL spells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from econsec.errors import InvalidInput
from econsec.knowledge.interchange import from_rdflib
from econsec.knowledge.reports import Path
from econsec.rdf.notation import short_iri

__all__ = ["read_path"]

_MAX_DEPTH = 16
_SUFFIXES: Mapping[Node, str] = {
    SH.zeroOrMorePath: "*",
    SH.oneOrMorePath: "+",
    SH.zeroOrOnePath: "?",
}


def read_path(graph: Graph, node: Node) -> Path:
    """The path that starts at `node`. Raises `InvalidInput` for what is no path."""
    return Path(
        text=_text(graph, node, depth=0),
        node=cast(NamedNode | BlankNode, from_rdflib(node)),
        triples=tuple(dict.fromkeys(_structure(graph, node))),
    )


def _text(graph: Graph, node: Node, *, depth: int) -> str:
    if isinstance(node, URIRef):
        return short_iri(NamedNode(node))
    if depth > _MAX_DEPTH or not isinstance(node, BNode):
        raise InvalidInput("a property path of the shapes is malformed or too deep")
    if (node, RDF.first, None) in graph:
        return _joined(graph, node, separator=" / ", depth=depth)
    for predicate, value in graph.predicate_objects(node):
        if predicate == SH.alternativePath:
            return _joined(graph, value, separator=" | ", depth=depth)
        if predicate == SH.inversePath:
            return "^" + _text(graph, value, depth=depth + 1)
        if (suffix := _SUFFIXES.get(predicate)) is not None:
            return _text(graph, value, depth=depth + 1) + suffix
    raise InvalidInput("a property path of the shapes is empty")


def _joined(graph: Graph, members: Node, *, separator: str, depth: int) -> str:
    parts = [_text(graph, member, depth=depth + 1) for member in graph.items(members)]
    text = separator.join(parts)
    return f"({text})" if depth > 0 else text


def _structure(graph: Graph, node: Node) -> Iterator[Triple]:
    """The triples that a blank path node stands for; `_text` has seen that they end."""
    if not isinstance(node, BNode):
        return
    for predicate, value in graph.predicate_objects(node):
        yield Triple(
            cast(BlankNode, from_rdflib(node)),
            cast(NamedNode, from_rdflib(predicate)),
            from_rdflib(value),
        )
        yield from _structure(graph, value)
