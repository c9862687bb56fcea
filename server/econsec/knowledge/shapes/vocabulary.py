"""Which triples the SPARQL of a constraint can match, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pyoxigraph import NamedNode, Triple
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translatePath, traverse
from rdflib.plugins.sparql.parserutils import CompValue

from econsec.errors import InvalidInput

__all__ = ["Vocabulary", "vocabulary"]

_Named: TypeAlias = tuple[object, object]
"""A predicate and an object, as the algebra has them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The predicates that are named, each with the object that it is named with.

    That is `None` where any will do; `has_variable` where other predicates can be
    matched, too.
    """

    patterns: frozenset[tuple[NamedNode, NamedNode | None]]
    has_variable: bool

    @classmethod
    def joint(cls, several: Iterable[Vocabulary]) -> Vocabulary:
        """What any of several can match."""
        each = tuple(several)
        patterns = (vocabulary.patterns for vocabulary in each)
        return cls(frozenset().union(*patterns), any(v.has_variable for v in each))

    def meets(self, changed: Iterable[Triple]) -> bool:
        """Whether these triples can make a difference."""
        return self.has_variable or any(
            (triple.predicate, object) in self.patterns
            for triple in changed
            for object in (triple.object, None)
        )


def vocabulary(text: str) -> Vocabulary:
    """What a SELECT can match. Raises `InvalidInput` on text that cannot be read."""
    try:
        algebra = prepareQuery(text).algebra
    except Exception as error:  # the parser's own, or a bare Exception for a prefix
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error
    found: list[_Named] = []
    _collect(algebra, found)
    named = frozenset(
        (NamedNode(predicate), NamedNode(object) if isinstance(object, URIRef) else None)
        for predicate, object in found
        if isinstance(predicate, URIRef)
    )
    return Vocabulary(named, any(not isinstance(predicate, URIRef) for predicate, _ in found))


def _collect(part: Any, found: list[_Named]) -> None:
    """The predicates in an algebra, and their objects; what is no IRI stands for any predicate."""
    if isinstance(part, CompValue):
        for name, value in part.items():
            if name == "triples":
                for terms in value:  # those of a block that is not translated yet come in one row
                    for start in range(0, len(terms), 3):
                        _pattern(terms[start : start + 3], found)
            else:
                _collect(value, found)
    elif isinstance(part, list | tuple | set | frozenset):
        for each in part:
            _collect(each, found)


def _pattern(triple: Any, found: list[_Named]) -> None:
    subject, path, object = triple
    predicate = traverse(path, visitPost=translatePath)
    if isinstance(predicate, URIRef):
        found.append((predicate, object))
    else:
        _predicate(predicate, found)
    # From anywhere to anywhere, a path of length zero meets every node of the data.
    if _can_be_empty(predicate) and all(_is_open(end) for end in (subject, object)):
        found.append((None, None))


def _predicate(predicate: Any, found: list[_Named]) -> None:
    match predicate:
        case NegatedPath():
            found.append((None, None))
        case MulPath(path=part) | InvPath(arg=part):
            _predicate(part, found)
        case SequencePath(args=parts) | AlternativePath(args=parts):
            for part in parts:
                _predicate(part, found)
        case _:
            found.append((predicate, None))


def _can_be_empty(path: Any) -> bool:
    match path:
        case MulPath(mod=mod, path=part):
            return mod in {"*", "?"} or _can_be_empty(part)
        case InvPath(arg=part):
            return _can_be_empty(part)
        case SequencePath(args=parts):
            return all(_can_be_empty(part) for part in parts)
        case AlternativePath(args=parts):
            return any(_can_be_empty(part) for part in parts)
    return False


def _is_open(end: Any) -> bool:
    return isinstance(end, Variable | BNode) and str(end) != "this"
