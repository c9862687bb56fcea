"""The engine's terms as rdflib's and back: the one place where the two meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from econsec.errors import Refused
from econsec.knowledge.lexical import is_well_formed
from econsec.knowledge.reports import Term
from econsec.rdf.namespaces import XSD

__all__ = ["as_graph", "from_rdflib", "sparql_errors", "to_rdflib"]

_STRING = XSD("string")
_NUMBERS = frozenset(
    URIRef(XSD + name)
    for name in (
        *("decimal", "double", "float", "integer", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_KNOWN = _NUMBERS | {
    URIRef(XSD + name)
    for name in (
        *("string", "boolean", "date", "dateTime", "time", "gYear", "gYearMonth"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
}
"""The datatypes whose values SPARQL engines tell apart."""
_DAYS: Mapping[NamedNode, tuple[date, date]] = {
    XSD("date"): (date.min, date.max),
    XSD("dateTime"): (datetime.min, datetime.max),
}
_BEYOND = re.compile(r"-|0000|[0-9]{5}")
_FOLDED = frozenset({XSD("normalizedString"), XSD("token")})


_asking: ContextVar[bool] = ContextVar("asking", default=False)


@contextmanager
def sparql_errors() -> Iterator[None]:
    """While a query runs, what cannot be compared is an error; elsewhere pySHACL takes "no"."""
    token = _asking.set(True)
    try:
        yield
    finally:
        _asking.reset(token)


class _Compared:
    """Literals are compared as SPARQL compares them (17.3); rdflib finds an order for any two."""

    __slots__ = ()

    def eq(self, other: Any) -> bool:
        """Whether two literals have one value; an error where one of them has none."""
        one = cast(RdflibLiteral, self)
        if one == other:
            return True
        if not isinstance(other, RdflibLiteral) or one.language or other.language:
            return False
        if not (_has_value(one) and _has_value(other)):
            raise TypeError(f"{one!s} and {other!s} may have one value, or two")
        return RdflibLiteral.eq(one, other)

    def __lt__(self, other: Any) -> bool:
        is_comparable = self._is_comparable(other, raises=_asking.get())
        return is_comparable and RdflibLiteral.__lt__(cast(RdflibLiteral, self), other)

    def __le__(self, other: Any) -> bool:
        is_comparable = self._is_comparable(other, raises=_asking.get())
        return is_comparable and RdflibLiteral.__le__(cast(RdflibLiteral, self), other)

    def __gt__(self, other: Any) -> bool:
        self._is_comparable(other, raises=True)
        return RdflibLiteral.__gt__(cast(RdflibLiteral, self), other)

    def __ge__(self, other: Any) -> bool:
        self._is_comparable(other, raises=True)
        return RdflibLiteral.__ge__(cast(RdflibLiteral, self), other)

    def _is_comparable(self, other: Any, *, raises: bool) -> bool:
        one = cast(RdflibLiteral, self)
        if _asking.get() and one == other:
            return True
        if isinstance(other, RdflibLiteral) and _has_value(one) and _has_value(other):
            types = {one.datatype, other.datatype}
            if one.language == other.language and (len(types) == 1 or types <= _NUMBERS):
                return True
        if raises:
            raise TypeError(f"{one!s} is not to be compared with {other}")
        return False


def _has_value(literal: RdflibLiteral) -> bool:
    known = literal.datatype is None or literal.datatype in _KNOWN
    return known and literal.value is not None and not literal.ill_typed


class _Typed(_Compared, RdflibLiteral):
    """A literal that has a value, as far as anybody knows."""

    __slots__ = ()
    __hash__ = RdflibLiteral.__hash__


# No subclass of the above: Python would ask it first, where it is the right-hand side.
class _IllTyped(_Compared, RdflibLiteral):
    """A literal that says that its text is not of its datatype.

    rdflib would take `"1e3"^^xsd:decimal` for well-formed, and complain in the
    log about what it does notice.
    """

    __slots__ = ()
    __hash__ = RdflibLiteral.__hash__

    @property
    def ill_typed(self) -> bool:
        """Always; rdflib and pySHACL ask for it."""
        return True


_Made = TypeVar("_Made", bound=RdflibLiteral)


def _verbatim(made: type[_Made], literal: Literal, value: object = None) -> _Made:
    """A literal with the same text and datatype, neither folded nor converted."""
    found = made(literal.value)
    found._datatype = URIRef(literal.datatype.value)
    found._value = value
    return found


def as_graph(statements: Iterable[Triple | Quad]) -> Graph:
    """The merge of the statements as one rdflib graph; every literal keeps its text.

    Raises `Refused` for a triple term, which RDF 1.1 and SHACL do not know.
    """
    graph = Graph()
    for statement in statements:
        subject, object = statement.subject, statement.object
        if isinstance(subject, Triple) or isinstance(object, Triple):
            raise Refused(f"triple terms are not validated: {statement}")
        graph.add((to_rdflib(subject), URIRef(statement.predicate.value), to_rdflib(object)))
    return graph


def to_rdflib(term: Term) -> URIRef | BNode | RdflibLiteral:
    """The rdflib term that is written alike."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language is not None:
        return _Typed(term.value, lang=term.language)
    if term.datatype == _STRING:
        return _Typed(term.value)
    if not is_well_formed(term):
        return _verbatim(_IllTyped, term)
    if term.datatype in _FOLDED:
        return _verbatim(_Typed, term)
    if term.datatype in _DAYS and (_BEYOND.match(term.value) or "T24" in term.value):
        return _beyond_the_calendar(term)
    return _Typed(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _beyond_the_calendar(literal: Literal) -> RdflibLiteral:
    """A day that Python's calendar lacks: midnight at the end of a day, years before 1 or of five
    digits. Such a year counts as the first or the last that there is."""
    least, greatest = _DAYS[literal.datatype]
    if _BEYOND.match(literal.value):
        return _verbatim(_Typed, literal, least if literal.value[0] in "-0" else greatest)
    midnight = datetime.fromisoformat(literal.value.replace("T24", "T00"))
    return _verbatim(_Typed, literal, midnight + timedelta(days=1))


def from_rdflib(node: Node) -> Term:
    """The engine's term that is written alike."""
    if isinstance(node, URIRef):
        return NamedNode(node)
    if isinstance(node, BNode):
        return BlankNode(node)
    if not isinstance(node, RdflibLiteral):
        raise TypeError(f"not an RDF term: {node!r}")
    if node.language is not None:
        return Literal(str(node), language=node.language)
    datatype = NamedNode(node.datatype) if node.datatype is not None else _STRING
    return Literal(str(node), datatype=datatype)
