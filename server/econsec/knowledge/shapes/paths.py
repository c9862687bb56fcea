"""Property paths of shapes (SHACL, 2.3.1), spelt as SPARQL spells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from pyoxigraph import BlankNode, NamedNode, Triple

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Path, Term
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.rdf.namespaces import RDF, SH
from econsec.rdf.notation import short_iri

__all__ = ["read_path", "sparql_path"]

_MAX_DEPTH = 16
_SUFFIXES: Mapping[NamedNode, str] = {
    SH("zeroOrMorePath"): "*",
    SH("oneOrMorePath"): "+",
    SH("zeroOrOnePath"): "?",
}
_Speller = Callable[[NamedNode], str]


def read_path(shapes: ShapesGraph, node: Term) -> Path:
    """The path that starts at `node`. Raises `InvalidInput` for what is no path."""
    return Path(
        text=_text(shapes, node, spell=short_iri, depth=0),
        node=cast(NamedNode | BlankNode, node),
        triples=tuple(dict.fromkeys(_structure(shapes, node))),
    )


def sparql_path(shapes: ShapesGraph, node: Term) -> str:
    """The same in full, to stand for `$PATH` in a query (SHACL, 5.3.1)."""
    return f"({_text(shapes, node, spell=str, depth=1)})"


def _text(shapes: ShapesGraph, node: Term, *, spell: _Speller, depth: int) -> str:
    if isinstance(node, NamedNode):
        return spell(node)
    if depth > _MAX_DEPTH or not isinstance(node, BlankNode):
        raise InvalidInput("the shapes cannot be used: a property path is malformed, or too deep")
    if shapes.value(node, RDF("first")) is not None:
        return _joined(shapes, node, separator=" / ", spell=spell, depth=depth)
    for triple in shapes.about(node):
        value = cast(Term, triple.object)
        if triple.predicate == SH("alternativePath"):
            return _joined(shapes, value, separator=" | ", spell=spell, depth=depth)
        if triple.predicate == SH("inversePath"):
            return "^" + _text(shapes, value, spell=spell, depth=depth + 1)
        if (suffix := _SUFFIXES.get(triple.predicate)) is not None:
            return _grouped(_text(shapes, value, spell=spell, depth=depth + 1)) + suffix
    raise InvalidInput("the shapes cannot be used: a property path is empty")


def _joined(shapes: ShapesGraph, head: Term, *, separator: str, spell: _Speller, depth: int) -> str:
    members = shapes.members(head)
    parts = [_text(shapes, member, spell=spell, depth=depth + 1) for member in members]
    text = separator.join(parts)
    return f"({text})" if depth > 0 else text


def _grouped(text: str) -> str:
    """A path that may be repeated: SPARQL takes `(a*)+`, and no `a*+`."""
    return f"({text})" if text.startswith("^") or text.endswith(tuple(_SUFFIXES.values())) else text


def _structure(shapes: ShapesGraph, node: Term) -> tuple[Triple, ...]:
    """The triples that a blank path node stands for; `_text` has seen that they end."""
    return tuple(shapes.closure(node)) if isinstance(node, BlankNode) else ()
