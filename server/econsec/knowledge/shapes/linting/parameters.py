"""The parameters of SHACL Core, each with what its values must be (SHACL, appendix B)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from pyoxigraph import Literal, NamedNode

from econsec.knowledge.reports import Term, spelt
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, advice, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.namespaces import RDF, SH, XSD

__all__ = ["parameter_faults"]


class _Kind(StrEnum):
    """What a value must be, in the words of a message."""

    IRI = "an IRI"
    LITERAL = "a literal"
    IRI_OR_LITERAL = "an IRI or a literal"
    NODE = "an IRI or a blank node"
    ANY = "any term"
    INTEGER = "an xsd:integer"
    BOOLEAN = "true or false"
    STRING = "a plain string"
    TEXT = "a string, with a language or without"
    NODE_KIND = "one of the six node kinds"
    LIST = "an RDF list"
    IRI_LIST = "an RDF list of IRIs"
    STRING_LIST = "an RDF list of plain strings"
    NODE_LIST = "an RDF list of shapes"


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: _Kind
    is_single: bool = False
    needs_path: bool = False


_RULES: Mapping[str, _Rule] = {
    "targetNode": _Rule(_Kind.IRI_OR_LITERAL),
    "targetClass": _Rule(_Kind.IRI),
    "targetSubjectsOf": _Rule(_Kind.IRI),
    "targetObjectsOf": _Rule(_Kind.IRI),
    "severity": _Rule(_Kind.IRI, is_single=True),
    "message": _Rule(_Kind.TEXT),
    "deactivated": _Rule(_Kind.BOOLEAN, is_single=True),
    "name": _Rule(_Kind.TEXT),
    "description": _Rule(_Kind.TEXT),
    "class": _Rule(_Kind.IRI),
    "datatype": _Rule(_Kind.IRI, is_single=True),
    "nodeKind": _Rule(_Kind.NODE_KIND, is_single=True),
    "minCount": _Rule(_Kind.INTEGER, is_single=True, needs_path=True),
    "maxCount": _Rule(_Kind.INTEGER, is_single=True, needs_path=True),
    "minExclusive": _Rule(_Kind.LITERAL, is_single=True),
    "minInclusive": _Rule(_Kind.LITERAL, is_single=True),
    "maxExclusive": _Rule(_Kind.LITERAL, is_single=True),
    "maxInclusive": _Rule(_Kind.LITERAL, is_single=True),
    "minLength": _Rule(_Kind.INTEGER, is_single=True),
    "maxLength": _Rule(_Kind.INTEGER, is_single=True),
    "pattern": _Rule(_Kind.STRING, is_single=True),
    "flags": _Rule(_Kind.STRING, is_single=True),
    "languageIn": _Rule(_Kind.STRING_LIST, is_single=True),
    "uniqueLang": _Rule(_Kind.BOOLEAN, is_single=True, needs_path=True),
    "equals": _Rule(_Kind.IRI),
    "disjoint": _Rule(_Kind.IRI),
    "lessThan": _Rule(_Kind.IRI, needs_path=True),
    "lessThanOrEquals": _Rule(_Kind.IRI, needs_path=True),
    "not": _Rule(_Kind.NODE),
    "and": _Rule(_Kind.NODE_LIST),
    "or": _Rule(_Kind.NODE_LIST),
    "xone": _Rule(_Kind.NODE_LIST),
    "node": _Rule(_Kind.NODE),
    "property": _Rule(_Kind.NODE),
    "qualifiedValueShape": _Rule(_Kind.NODE, is_single=True, needs_path=True),
    "qualifiedValueShapesDisjoint": _Rule(_Kind.BOOLEAN, is_single=True),
    "qualifiedMinCount": _Rule(_Kind.INTEGER, is_single=True),
    "qualifiedMaxCount": _Rule(_Kind.INTEGER, is_single=True),
    "closed": _Rule(_Kind.BOOLEAN, is_single=True),
    "ignoredProperties": _Rule(_Kind.IRI_LIST, is_single=True),
    "in": _Rule(_Kind.LIST, is_single=True),
    "sparql": _Rule(_Kind.NODE),
}

_NODE_KINDS = frozenset(
    SH(f"{first}{second}")
    for first, second in (
        *(("BlankNode", ""), ("IRI", ""), ("Literal", "")),
        *(("BlankNode", "OrIRI"), ("BlankNode", "OrLiteral"), ("IRI", "OrLiteral")),
    )
)
_BOUNDS = tuple(
    (SH(f"{kind[0]}in{kind[1]}"), SH(f"{kind[0]}ax{kind[1]}"))
    for kind in (
        *(("m", "Count"), ("m", "Length"), ("m", "Inclusive"), ("m", "Exclusive")),
        ("qualifiedM", "Count"),
    )
)
_NUMBERS = frozenset({XSD("integer"), XSD("decimal")})
_TOGETHER = {
    SH(name): tuple(map(SH, others))
    for name, others in (
        ("flags", ("pattern",)),
        ("ignoredProperties", ("closed",)),
        ("qualifiedMinCount", ("qualifiedValueShape",)),
        ("qualifiedMaxCount", ("qualifiedValueShape",)),
        ("qualifiedValueShapesDisjoint", ("qualifiedValueShape",)),
        ("qualifiedValueShape", ("qualifiedMinCount", "qualifiedMaxCount")),
    )
}
"""Parameters that constrain nothing without one of others."""


def parameter_faults(shapes: Shapes) -> Iterator[Fault]:
    """Values of a wrong kind, too many of them, and parameters that contradict each other."""
    for shape in shapes.all:
        said = set(shapes.graph.predicates(shape))
        for predicate in shapes.graph.predicates(shape):
            name = predicate.value.removeprefix(SH)
            if name in _RULES and predicate.value != name:
                yield from _values(shapes, shape, name, shapes.graph.objects(shape, predicate))
                if _RULES[name].needs_path and not shapes.graph.is_property_shape(shape):
                    yield error(
                        shape,
                        f"has sh:{name}, but no sh:path to apply it to",
                        "state it on a property shape",
                    )
        yield from _together(shape, said)
        yield from _bounds(shapes, shape, said)
        if shapes.graph.is_class(shape) and not isinstance(shape, NamedNode):
            yield error(shape, "is a shape and a class, but has no IRI", "give it an IRI")


def _values(shapes: Shapes, shape: Node, name: str, values: tuple[Term, ...]) -> Iterator[Fault]:
    rule = _RULES[name]
    if rule.is_single and len(values) > 1:
        yield error(shape, f"has {len(values)} values of sh:{name}", "keep one of them")
    for value in values:
        if rule.kind in (_Kind.LIST, _Kind.IRI_LIST, _Kind.STRING_LIST, _Kind.NODE_LIST):
            yield from _list(shapes, shape, name, value)
        elif not _is(value, rule.kind):
            yield error(shape, f"has sh:{name} {spelt(value)}", f"it must be {rule.kind}")


def _list(shapes: Shapes, shape: Node, name: str, head: Term) -> Iterator[Fault]:
    kind = _RULES[name].kind
    members = shapes.members(head)
    if members is None:
        yield error(
            shape,
            f"has a sh:{name} that is no well-formed list",
            f"it must be {kind}, in Turtle ( … ), that ends and does not lead back into itself",
        )
        return
    wanted = {
        _Kind.IRI_LIST: _Kind.IRI,
        _Kind.STRING_LIST: _Kind.STRING,
        _Kind.NODE_LIST: _Kind.NODE,
    }.get(kind, _Kind.ANY)
    for member in members:
        if not _is(member, wanted):
            yield error(shape, f"has {spelt(member)} in sh:{name}", f"it must be {kind}")


def _is(value: Term, kind: _Kind) -> bool:
    match kind:
        case _Kind.ANY:
            return True
        case _Kind.IRI:
            return isinstance(value, NamedNode)
        case _Kind.LITERAL:
            return isinstance(value, Literal)
        case _Kind.IRI_OR_LITERAL:
            return isinstance(value, NamedNode | Literal)
        case _Kind.NODE:
            return not isinstance(value, Literal)
        case _Kind.NODE_KIND:
            return value in _NODE_KINDS
        case _:
            return isinstance(value, Literal) and _is_literal(value, kind)


def _is_literal(value: Literal, kind: _Kind) -> bool:
    match kind:
        case _Kind.INTEGER:
            digits = value.value.removeprefix("+")
            return value.datatype == XSD("integer") and digits.isascii() and digits.isdigit()
        case _Kind.BOOLEAN:
            is_boolean = value.datatype == XSD("boolean")
            return is_boolean and value.value in {"true", "false", "1", "0"}
        case _Kind.STRING:
            return value.datatype == XSD("string")
        case _:
            return value.datatype in {XSD("string"), RDF("langString"), RDF("dirLangString")}


def _together(shape: Node, said: Set[NamedNode]) -> Iterator[Fault]:
    for name, others in _TOGETHER.items():
        if name in said and said.isdisjoint(others):
            needed = " or ".join(f"sh:{other.value.removeprefix(SH)}" for other in others)
            told = f"sh:{name.value.removeprefix(SH)}"
            yield advice(
                shape, f"has {told} without {needed}, and so it demands nothing", f"add {needed}"
            )


def _bounds(shapes: Shapes, shape: Node, said: Set[NamedNode]) -> Iterator[Fault]:
    for lower, upper in _BOUNDS:
        if lower not in said or upper not in said:
            continue
        low, high = (_number(shapes.graph.value(shape, bound)) for bound in (lower, upper))
        is_counted = lower != SH("qualifiedMinCount") or SH("qualifiedValueShape") in said
        if low is not None and high is not None and low > high and is_counted:
            least, most = (f"sh:{bound.value.removeprefix(SH)}" for bound in (lower, upper))
            yield error(
                shape,
                f"has {least} {low} above {most} {high}",
                "nothing can meet both; exchange or correct them",
            )


def _number(value: Term | None) -> Decimal | None:
    if not isinstance(value, Literal) or value.datatype not in _NUMBERS:
        return None
    try:
        return Decimal(value.value)
    except InvalidOperation:
        return None
