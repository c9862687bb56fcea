"""Which engine judges a shape: the fast ones only what they are proven to judge as pySHACL does.

The proof is the tests: the W3C's own, every case of our shapes, and literals of every
kind held against every constraint. What is not in the table here goes to the reference,
with all shapes that it is part of; so do parameters that are malformed, which the
reference refuses in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.batching import place_for_values
from econsec.knowledge.shapes.constraints import Constraint, is_true, read_constraint
from econsec.knowledge.shapes.data import Data, canonical, is_ordinary
from econsec.knowledge.shapes.exactness import is_exact
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.memory import kept_with_graph
from econsec.knowledge.shapes.paths import read_path
from econsec.knowledge.shapes.trees import Tree
from econsec.rdf.namespaces import RDF, SH, XSD

__all__ = ["Plan", "plan"]

_STRING = XSD("string")
_INTEGER = XSD("integer")
_ZERO = (Literal("0", datatype=_INTEGER),)
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
_NODE_KINDS = frozenset(
    SH(kind)
    for kind in (
        "IRI",
        "Literal",
        "BlankNode",
        "BlankNodeOrIRI",
        "BlankNodeOrLiteral",
        "IRIOrLiteral",
    )
)
_PATTERN = re.compile(
    r"(?:[^\\()\[\]{}*+?|^$]|\\[.\\()\[\]{}*+?|^$/-]"
    r"|\\[nrtdsSwWD]"
    r"|\[\^?(?:[^\\\[\]&~]|\\[\\\]\[^.-])+\]"
    r"|[*+?|^$()]|\(\?:|\{[0-9]+(?:,[0-9]*)?\})*"
)
"""Regular expressions that Python and Rust read alike."""

_BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
_COMPARED = frozenset(XSD(name) for name in ("integer", "decimal", "double", "float", "date"))


@dataclass(frozen=True, slots=True)
class Plan:
    """A tree that the fast engines judge: SPARQL constraints apart from all others."""

    tree: Tree
    constraints: tuple[Constraint, ...]


def plan(
    shapes: ShapesGraph, tree: Tree, data: Data, *, focus: Collection[Term] | None = None
) -> Plan | None:
    """How the fast engines judge a tree, `None` where it belongs to the reference.

    Without `focus`, as long as its nodes are not known, for any that a query has words for.
    Raises `Refused` and `InvalidInput` for SPARQL constraints that cannot be used.
    """
    constraints = _constraints(shapes, tree)
    if focus is not None and not focus:  # nothing is judged, by whichever engine
        return Plan(tree, ())
    demands = _demands(shapes, tree)
    if demands is None:
        return None
    bindable = all(_is_bindable(each, focus or (), data) for each in constraints)
    if not bindable or not all(is_exact(each, data) for each in constraints):
        return None
    if demands.compares and not data.is_ordinary:
        return None
    if not all(_is_agreed(datatype, data) for datatype in demands.datatypes):
        return None
    return Plan(tree, constraints)


@dataclass(frozen=True, slots=True)
class _Demands:
    """What a tree asks of data that the fast engines are to judge by it.

    Whether they have to agree which of two values is the greater, and the datatypes
    whose texts they have to agree on.
    """

    compares: bool
    datatypes: frozenset[Node]


@kept_with_graph()
def _demands(shapes: ShapesGraph, tree: Tree) -> _Demands | None:
    """The demands of a tree, `None` where it belongs to the reference, whatever the data."""
    ours = _own_queries(shapes, tree)
    if any(each.shape not in ours for each in _constraints(shapes, tree)):
        return None
    custom = _custom_parameters(shapes)
    if not all(_is_known(shapes, node, custom) for node in tree.nodes):
        return None
    asked = (d for node in tree.nodes for d in shapes.nodes(node, SH("datatype")))
    return _Demands(_compares(shapes, tree), frozenset(asked))


@kept_with_graph()
def _constraints(shapes: ShapesGraph, tree: Tree) -> tuple[Constraint, ...]:
    """The SPARQL constraints of a tree."""
    asking = (node for node in tree.nodes if not _is_deactivated(shapes, node))
    read = (
        read_constraint(shapes, node, shape)
        for shape in asking
        for node in shapes.nodes(shape, SH("sparql"))
    )
    return tuple(constraint for constraint in read if constraint is not None)


def _is_deactivated(shapes: ShapesGraph, shape: Node) -> bool:
    return any(is_true(value) for value in shapes.objects(shape, SH("deactivated")))


def _own_queries(shapes: ShapesGraph, tree: Tree) -> frozenset[Node]:
    """The shapes of a tree whose focus nodes are those of the root."""
    if _is_deactivated(shapes, tree.root):
        return frozenset()
    if shapes.is_property_shape(tree.root):
        return frozenset({tree.root})
    beside = set(shapes.nodes(tree.root, SH("property")))
    nested = {
        part
        for node in tree.nodes
        for predicate in ("node", "not", "qualifiedValueShape")
        for part in shapes.nodes(node, SH(predicate))
    }
    nested |= {part for node in tree.nodes for part in _listed(shapes, node)}
    deeper = {
        p for node in tree.nodes if node != tree.root for p in shapes.nodes(node, SH("property"))
    }
    return frozenset({tree.root, *beside} - nested - deeper)


def _listed(shapes: ShapesGraph, node: Node) -> Iterator[Node]:
    for predicate in ("and", "or", "xone"):
        for head in shapes.objects(node, SH(predicate)):
            yield from (m for m in shapes.members(head) if not isinstance(m, Literal))


def _is_bindable(constraint: Constraint, focus: Collection[Term], data: Data) -> bool:
    """Whether `$this` can be given its value; a query has no words for a blank node.

    Nor has a store any for a literal that it rewrites.
    """
    others = [node for node in focus if not isinstance(node, NamedNode)]
    if not others:
        return True
    if place_for_values(constraint.tokens) is None or _asks_bound(constraint):
        return False
    return not any(isinstance(node, Literal) and canonical(node) != node for node in others) and (
        data.rewritten.keys().isdisjoint(others)
    )


def _asks_bound(constraint: Constraint) -> bool:
    read = constraint.tokens
    asked = (
        (a.word, b.text, c.variable) for a, b, c in zip(read, read[1:], read[2:], strict=False)
    )
    return ("BOUND", "(", "this") in asked


def _compares(shapes: ShapesGraph, tree: Tree) -> bool:
    """Whether a tree asks which of two values is the greater."""
    return any(
        shapes.objects(shape, SH(predicate))
        for shape in tree.nodes
        for predicate in (*_BOUNDS, "lessThan", "lessThanOrEquals", "sparql")
    )


def _is_agreed(datatype: Node, data: Data) -> bool:
    """Whether the engines agree on the texts that the data have of a datatype."""
    space = _AGREED.get(datatype)
    if space is None:
        return True
    texts = data.of_datatype(cast(NamedNode, datatype))
    return all(space.fullmatch(text) is not None for text in texts)


def _custom_parameters(shapes: ShapesGraph) -> frozenset[Term]:
    """The paths of parameters of constraint components that the shapes graph declares."""
    return frozenset(
        path
        for component in shapes.subjects(SH("parameter"))
        for parameter in shapes.nodes(component, SH("parameter"))
        for path in shapes.objects(parameter, SH("path"))
    )


def _is_known(shapes: ShapesGraph, shape: Node, custom: frozenset[Term]) -> bool:
    for predicate in shapes.predicates(shape):
        if predicate in custom:
            return False
        if predicate.value.startswith(SH):
            check = _CHECKS.get(predicate.value.removeprefix(SH))
            if check is None or not check(shapes, shapes.objects(shape, predicate)):
                return False
    return _is_whole(shapes, shape)


def _is_whole(shapes: ShapesGraph, shape: Node) -> bool:
    """Whether parameters that go together stand together, and only where they may."""
    said = {p.value.removeprefix(SH) for p in shapes.predicates(shape)}
    qualified = {"qualifiedMinCount", "qualifiedMaxCount"}
    if ("qualifiedValueShape" in said) != bool(said & qualified):
        return False
    if "flags" in said and "pattern" not in said:
        return False
    if not shapes.is_property_shape(shape):
        return said.isdisjoint(
            {
                "minCount",
                "maxCount",
                "uniqueLang",
                "lessThan",
                "lessThanOrEquals",
                "qualifiedValueShape",
            }
        )
    return "closed" not in said


_Check = Callable[[ShapesGraph, tuple[Term, ...]], bool]


def _anything(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return True


def _iris(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return all(isinstance(value, NamedNode) for value in values)


def _nodes(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return not any(isinstance(value, Literal) for value in values)


def _one_of(allowed: frozenset[NamedNode]) -> _Check:
    return lambda shapes, values: len(values) == 1 and values[0] in allowed


def _one_count(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return len(values) == 1 and all(
        isinstance(v, Literal) and v.datatype == _INTEGER and _COUNT.fullmatch(v.value) is not None
        for v in values
    )


def _one_boolean(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return len(values) == 1 and all(
        isinstance(v, Literal) and v.datatype == XSD("boolean") and v.value in {"true", "false"}
        for v in values
    )


def _one_bound(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return len(values) == 1 and all(
        isinstance(v, Literal) and v.datatype in _COMPARED and is_ordinary(v) for v in values
    )


def _one_pattern(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return len(values) == 1 and all(
        isinstance(v, Literal) and v.datatype == _STRING and _is_common(v.value) for v in values
    )


def _is_common(pattern: str) -> bool:
    if _PATTERN.fullmatch(pattern) is None:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _one_flag(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return len(values) == 1 and values[0] == Literal("i")


def _one_path(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    try:
        return len(values) == 1 and bool(read_path(shapes, values[0]).text)
    except InvalidInput:
        return False


def _known_terms(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    """Terms that data may hold; a blank node of the shapes is none of the data's."""
    return not any(isinstance(value, BlankNode) for value in values)


def _one_list(members: Callable[[Term], bool]) -> _Check:
    def check(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
        try:
            return len(values) == 1 and all(map(members, shapes.members(values[0])))
        except InvalidInput:
            return False

    return check


def _is_plain_target(term: Term) -> bool:
    if isinstance(term, Literal):
        return term.datatype != XSD("dateTime") and is_ordinary(term)
    return isinstance(term, NamedNode)


def _lists(shapes: ShapesGraph, values: tuple[Term, ...]) -> bool:
    return all(
        members and not any(isinstance(member, Literal) for member in members)
        for members in map(shapes.members, values)
    )


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype == _STRING


_DATATYPES = frozenset(
    {
        *(XSD(name) for name in ("string", "boolean", "integer", "decimal", "double", "float")),
        *(XSD(name) for name in ("date", "dateTime", "gYear", "gYearMonth", "anyURI", "duration")),
        *(XSD(name) for name in ("long", "int", "short", "byte", "nonNegativeInteger")),
        *(XSD(name) for name in ("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")),
        *(XSD(name) for name in ("positiveInteger", "nonPositiveInteger", "negativeInteger")),
        RDF("langString"),
    }
)
_AGREED: Mapping[Node, re.Pattern[str]] = {
    XSD("duration"): re.compile(
        r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
    ),
}
"""Datatypes that the engines do not know to the last letter, and the texts that both accept."""

_CHECKS: Mapping[str, _Check] = {
    **dict.fromkeys(
        ("name", "description", "message", "order", "group", "defaultValue"), _anything
    ),
    **dict.fromkeys(("targetClass", "targetSubjectsOf", "targetObjectsOf"), _iris),
    # A shape may be its own SPARQL constraint.
    **dict.fromkeys(("select", "prefixes"), _anything),
    "targetNode": lambda shapes, values: all(map(_is_plain_target, values)),
    **dict.fromkeys(("property", "node", "not", "sparql"), _nodes),
    **dict.fromkeys(("and", "or", "xone"), _lists),
    **dict.fromkeys(("class", "severity"), _iris),
    **dict.fromkeys(("equals", "disjoint", "lessThan", "lessThanOrEquals"), _iris),
    **dict.fromkeys(
        ("minCount", "maxCount", "maxLength", "qualifiedMinCount", "qualifiedMaxCount"),
        _one_count,
    ),
    **dict.fromkeys(_BOUNDS, _one_bound),
    **dict.fromkeys(("deactivated", "closed", "qualifiedValueShapesDisjoint"), _one_boolean),
    "uniqueLang": _anything,
    # pySHACL lets a blank node pass a length of 0 and more.
    "minLength": lambda shapes, values: _one_count(shapes, values) and values != _ZERO,
    "path": _one_path,
    "datatype": _one_of(_DATATYPES),
    "nodeKind": _one_of(_NODE_KINDS),
    "pattern": _one_pattern,
    "flags": _one_flag,
    "hasValue": _known_terms,
    "in": _one_list(lambda term: not isinstance(term, BlankNode)),
    "languageIn": _one_list(_is_text),
    "ignoredProperties": _one_list(lambda term: isinstance(term, NamedNode)),
    "qualifiedValueShape": lambda shapes, values: len(values) == 1 and _nodes(shapes, values),
}
"""What the core engine is proven to judge as the reference does, and with which parameters."""
