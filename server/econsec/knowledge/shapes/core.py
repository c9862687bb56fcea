"""Core constraints, by the Rust package `shacl`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

import shacl
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from econsec.errors import InvalidInput
from econsec.knowledge.lexical import is_well_formed
from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.memory import kept_with_graph
from econsec.knowledge.shapes.targets import target_classes
from econsec.knowledge.shapes.trees import TARGETS, Copies, Tree
from econsec.rdf.n_triples import as_n_triples
from econsec.rdf.namespaces import SH

__all__ = ["run_core"]

_LEFT_OUT = frozenset({SH("sparql"), SH("message"), SH("name"), SH("description")})
_CLOSED = SH("ClosedConstraintComponent")
_AIM = "urn:x-econsec:aim:"
_NAMES = NamedNode("urn:x-econsec:names")
_NAMED = NamedNode("urn:x-econsec:named")
_ILL_FORMED = "urn:x-econsec:ill-formed:"
_REPLACED_AT_MOST = 30
"""Ill-formed literals, each of which is looked for in the whole text."""

_NAME = "urn:x-econsec:node:"
_N_TRIPLES = "ntriples"
_KEPT = 16
"""Selections of trees of one graph; that of all of the project's takes 0.8 MB."""


def run_core(
    data: Data,
    *,
    shapes: ShapesGraph,
    trees: Sequence[Tree],
    aims: Mapping[Tree, Iterable[Term]] | None = None,
) -> Iterator[RawResult]:
    """Hold `data` against the core constraints of `trees`.

    With `aims`, each tree is applied to the nodes given for it and not to those that
    its targets choose. Raises `InvalidInput` for shapes that the engine does not take.
    """
    copies = [_copy(shapes, tree, aims is not None) for tree in trees]
    added: list[Triple] = list(_named(data.blank_nodes))
    if aims is not None:
        for tree, copy in zip(trees, copies, strict=True):
            added += (Triple(copy.aim, copy.aim, node) for node in aims[tree])
    try:
        compiled = _compiled(shapes, tuple(copies), bool(data.blank_nodes))
        report = compiled.validate_text(_handed(data, added), _N_TRIPLES)
    except ValueError as error:
        raise InvalidInput(f"the shapes cannot be used: {error}") from error
    yield from _read(report.results, _copies(shapes))


@dataclass(frozen=True, slots=True)
class _Copy:
    """A tree as the engine gets it, in N-Triples; `aim` leads to the nodes given for it."""

    aim: NamedNode
    text: bytes


@kept_with_graph()
def _copies(shapes: ShapesGraph) -> Copies:
    """All copies of the trees of a graph: each has its names for good."""
    return Copies()


@kept_with_graph()
def _copy(shapes: ShapesGraph, tree: Tree, is_given: bool) -> _Copy:
    """The copy of a tree, which is applied to nodes that are given, or to what it aims at."""
    copies = _copies(shapes)
    number = copies.latest
    copy, aim = copies.name(number), NamedNode(f"{_AIM}{number}")
    handed = copies.of(shapes, tree, leave=_LEFT_OUT)
    if is_given:
        handed.append(Triple(copy, SH("targetObjectsOf"), aim))
    else:
        handed += _targets(shapes, tree, copy)
    return _Copy(aim, as_n_triples(map(_marked, handed)))


@kept_with_graph(most=_KEPT)
def _compiled(shapes: ShapesGraph, copies: tuple[_Copy, ...], names: bool) -> shacl.Shapes:
    """What judges by copies of trees, and `names` blank nodes. Raises `ValueError`."""
    text = b"".join(copy.text for copy in copies)
    if names:
        text += as_n_triples(_naming_shape())
    return shacl.Shapes.from_text(text.decode(), _N_TRIPLES)


def _targets(shapes: ShapesGraph, tree: Tree, copy: NamedNode) -> Iterator[Triple]:
    for target in TARGETS:
        for object in shapes.objects(tree.root, target):
            yield Triple(copy, target, object)
    for named in target_classes(shapes, tree.root):
        yield Triple(copy, SH("targetClass"), named)


def _named(nodes: Iterable[BlankNode]) -> Iterator[Triple]:
    """The engine renames blank nodes: each is given a name that comes back beside it.

    The node is the object, where no constraint on it sees the statement.
    """
    for node in nodes:
        yield Triple(NamedNode(_NAME + node.value), _NAMES, node)


def _naming_shape() -> Iterator[Triple]:
    """A shape that every named node breaks."""
    yield Triple(_NAMED, SH("targetSubjectsOf"), _NAMES)
    yield Triple(_NAMED, SH("property"), _NAMES)
    yield Triple(_NAMES, SH("path"), _NAMES)
    yield Triple(_NAMES, SH("nodeKind"), SH("Literal"))


def _read(results: Sequence[shacl.Result], copies: Copies) -> Iterator[RawResult]:
    naming = str(_NAMES)
    nodes: dict[str, Term] = {
        cast(str, each.value): BlankNode(each.focus_node[1:-1].removeprefix(_NAME))
        for each in results
        if each.source_shape == naming
    }
    found = [each for each in results if each.source_shape != naming]
    terms = _terms({t for each in found for t in (each.focus_node, each.value) if t}, nodes)
    for each in found:
        shape = NamedNode(cast(str, each.source_shape)[1:-1])
        root, original = cast(tuple[Node, Node], copies.original(shape))
        component = NamedNode(each.component_iri)
        yield RawResult(
            focus=terms[each.focus_node],
            root=root,
            shape=original,
            component=component,
            value=None if each.value is None else terms[each.value],
            predicate=NamedNode(cast(str, each.path)[1:-1]) if component == _CLOSED else None,
        )


def _terms(texts: set[str], nodes: Mapping[str, Term]) -> dict[str, Term]:
    """The terms that are spelt so in N-Triples; blank nodes as the data call them."""
    found: dict[str, Term] = {}
    literals: list[str] = []
    for text in texts:
        if text.startswith("<"):
            found[text] = NamedNode(text[1:-1])
        elif text.startswith("_:"):
            found[text] = nodes[text]
        else:
            literals.append(text)
    lines = "".join(f"{_NAMES} {_NAMES} {text} .\n" for text in literals)
    read = (_unmarked(cast(Literal, quad.object)) for quad in parse(lines, RdfFormat.N_TRIPLES))
    found.update(zip(literals, read, strict=True))
    return found


def _handed(data: Data, added: Iterable[Triple]) -> str:
    """The data as the engine gets them, their ill-formed literals marked, and what is added."""
    if len(data.ill_formed) > _REPLACED_AT_MOST:
        return as_n_triples(chain(map(_marked, data.triples), added)).decode()
    text = data.text
    for literal in data.ill_formed:
        # No text in quotation marks holds this: quotation marks in it are escaped.
        text = text.replace(f" {literal} .\n".encode(), f" {_mark(literal)} .\n".encode())
    more = as_n_triples(added)
    return (text + more if more else text).decode()


def _marked(triple: Triple) -> Triple:
    """Whether a text is of its datatype is for us to say: the engine does not know all types.

    A literal that is ill-formed gets a datatype of its own, which no shape asks for.
    """
    object = triple.object
    if not isinstance(object, Literal) or is_well_formed(object):
        return triple
    return Triple(triple.subject, triple.predicate, _mark(object))


def _mark(literal: Literal) -> Literal:
    return Literal(literal.value, datatype=NamedNode(_ILL_FORMED + literal.datatype.value))


def _unmarked(literal: Literal) -> Literal:
    datatype = literal.datatype.value
    if not datatype.startswith(_ILL_FORMED):
        return literal
    return Literal(literal.value, datatype=NamedNode(datatype.removeprefix(_ILL_FORMED)))
