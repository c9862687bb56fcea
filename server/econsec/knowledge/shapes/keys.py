"""SPARQL constraints that judge each `?value` by itself.

Where every triple pattern of a query holds `?value`, and every part of it binds
`?value`, the solutions with one value hang only on triples that mention it there. So
after a change only the values that the changed triples mention are asked about again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, cast

from pyoxigraph import NamedNode, Triple
from rdflib import URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern
from rdflib.plugins.sparql.parserutils import CompValue

from econsec.knowledge.shapes.constraints import Constraint, Token, tokens

__all__ = ["Keyed", "Place", "places"]

_KEY = Variable("value")
_EXISTS = frozenset({"Builtin_EXISTS", "Builtin_NOTEXISTS"})
_GIVEN = frozenset({"this", "value"})
_AROUND = frozenset({"DISTINCT", "REDUCED", "WHERE"})
_IS_IRI = frozenset({"Builtin_isIRI", "Builtin_isURI"})


@dataclass(frozen=True, slots=True)
class Place:
    """A triple pattern with the key as term number `at`; what is no IRI in it is `None`."""

    terms: tuple[NamedNode | None, ...]
    at: int

    def value(self, triple: Triple) -> NamedNode | None:
        """The value that a triple may be about; none where the pattern cannot match it."""
        terms = (triple.subject, triple.predicate, triple.object)
        asked = zip(self.terms, terms, strict=True)
        if any(each is not None and each != term for each, term in asked):
            return None
        value = terms[self.at]
        return value if isinstance(value, NamedNode) else None


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A constraint whose every `?value` is an IRI, judged by what stands in `places`.

    `question` is the same for one `$this` and one `?value` that are put in.
    """

    constraint: Constraint
    places: frozenset[Place]
    question: Constraint

    @classmethod
    def of(cls, constraint: Constraint) -> Keyed | None:
        """The constraint as one that is keyed, `None` where it is not."""
        known = places(constraint.text)
        if known is None:
            return None
        text = _once(constraint.text, constraint.tokens)
        question = Constraint(constraint.node, constraint.shape, text, tokens(text))
        return cls(constraint, known, question)

    def values(self, changed: Iterable[Triple]) -> frozenset[NamedNode]:
        """The values about which a change may make a difference."""
        found = (place.value(triple) for triple in changed for place in self.places)
        return frozenset(value for value in found if value is not None)


def places(text: str) -> frozenset[Place] | None:
    """Where a SELECT has the key, `None` where its results do not hang on that alone."""
    reader = _Reader()
    try:
        key = reader.part(prepareQuery(text).algebra.p)
    except Exception:  # not keyed, or nothing that rdflib can read
        return None
    return frozenset(reader.places) if key is _Key.IRI else None


def _once(text: str, read: Sequence[Token]) -> str:
    """A query whose inner SELECTs stop at the first solution, where there is but one.

    That is where they select nothing but `$this` and `?value`, which are to be put in.
    """
    selects = [number for number, token in enumerate(read) if token.word == "SELECT"]
    ends = (_end(read, number) for number in selects[1:])
    for end in sorted((end for end in ends if end is not None), reverse=True):
        text = f"{text[:end]} LIMIT 1{text[end:]}"
    return text


def _end(read: Sequence[Token], select: int) -> int | None:
    """Where the group of an inner SELECT ends, `None` where it selects anything else."""
    opening = next(n for n in range(select, len(read)) if read[n].text == "{")
    for token in read[select + 1 : opening]:
        if token.variable not in _GIVEN and token.word not in _AROUND:
            return None
    depth = 0
    for token in read[opening:]:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return token.at + 1
    return None


class _Key(IntEnum):
    """What a part of a query makes of the key: nothing, some term, or an IRI."""

    NOTHING = 0
    TERM = 1
    IRI = 2


class _NotKeyed(Exception):
    """What a query finds for one value may hang on another."""


class _Reader:
    """Goes through the algebra of a query, and takes down its triple patterns.

    Whatever it does not know is not keyed.
    """

    def __init__(self) -> None:
        self.places: set[Place] = set()

    def part(self, part: Any) -> _Key:
        """What a part makes of the key. Raises `_NotKeyed`."""
        match part.name:
            case "BGP":
                return self._patterns(part.triples)
            case "Join":
                return max(self.part(part.p1), self.part(part.p2))
            case "Union":
                return min(self._bound(part.p1), self._bound(part.p2))
            case "LeftJoin":
                key = self._bound(part.p1)
                self._bound(part.p2)
                self._expression(part.expr)
                return key
            case "Filter":
                key = self._bound(part.p)
                self._expression(part.expr)
                return _Key.IRI if _demands_iri(part.expr) else key
            case "Extend" if part.var != _KEY:
                self._expression(part.expr)
                return self._bound(part.p)
            case "Project" if _KEY in part.PV:
                return self._bound(part.p)
            case "Distinct" | "Reduced" | "ToMultiSet" if part.p is not None:
                return self._bound(part.p)
        raise _NotKeyed(part.name)

    def _bound(self, part: Any) -> _Key:
        """The same for a part that has to bind the key in all of its solutions."""
        key = self.part(part)
        if key is _Key.NOTHING:
            raise _NotKeyed
        return key

    def _patterns(self, triples: Iterable[Sequence[Any]]) -> _Key:
        key = _Key.NOTHING
        for triple in triples:
            if _KEY not in triple or not isinstance(triple[1], URIRef | Variable):  # or by a path
                raise _NotKeyed
            terms = tuple(NamedNode(t) if isinstance(t, URIRef) else None for t in triple)
            self.places.update(Place(terms, at) for at in range(3) if triple[at] == _KEY)
            key = max(key, _Key.IRI if triple[1] == _KEY else _Key.TERM)
        return key

    def _expression(self, expression: Any) -> None:
        """See that EXISTS asks about the key only, wherever it stands in an expression."""
        if isinstance(expression, CompValue) and expression.name in _EXISTS:
            graph = expression.graph
            is_read = graph.name not in {"GroupGraphPatternSub", "SubSelect"}
            self._bound(graph if is_read else translateGroupGraphPattern(graph))
            return
        for each in _within(expression):
            self._expression(each)


def _within(expression: Any) -> Iterator[Any]:
    if isinstance(expression, CompValue):
        yield from (value for name, value in expression.items() if name != "_vars")
    elif isinstance(expression, list | tuple | set | frozenset):
        yield from cast(Iterable[Any], expression)


def _demands_iri(condition: Any) -> bool:
    """Whether a condition is met by IRIs only: `ISIRI(?value)`, or it and something else."""
    if not isinstance(condition, CompValue):
        return False
    if condition.name == "ConditionalAndExpression":
        return any(map(_demands_iri, (condition.expr, *condition.other)))
    return condition.name in _IS_IRI and condition.arg == _KEY
