"""Which predicates the SPARQL of a constraint can match, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translatePath, traverse
from rdflib.plugins.sparql.parserutils import CompValue

from econsec.errors import InvalidInput

__all__ = ["Vocabulary", "vocabulary"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The predicates that are named; `has_variable` where others can be matched, too."""

    predicates: frozenset[NamedNode]
    has_variable: bool

    def meets(self, predicates: Iterable[NamedNode]) -> bool:
        """Whether triples with these predicates can make a difference."""
        return self.has_variable or not self.predicates.isdisjoint(predicates)


def vocabulary(text: str) -> Vocabulary:
    """What a SELECT can match. Raises `InvalidInput` on text that cannot be read."""
    try:
        algebra = prepareQuery(text).algebra
    except Exception as error:  # the parser's own, or a bare Exception for a prefix
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error
    found: list[object] = []
    _collect(algebra, found)
    named = frozenset(NamedNode(each) for each in found if isinstance(each, URIRef))
    return Vocabulary(named, any(not isinstance(each, URIRef) for each in found))


def _collect(part: Any, found: list[object]) -> None:
    """The predicates in an algebra; what is no IRI stands for any predicate."""
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


def _pattern(triple: Any, found: list[object]) -> None:
    subject, path, object = triple
    predicate = traverse(path, visitPost=translatePath)
    _predicate(predicate, found)
    # From anywhere to anywhere, a path of length zero meets every node of the data.
    if _can_be_empty(predicate) and all(_is_open(end) for end in (subject, object)):
        found.append(None)


def _predicate(predicate: Any, found: list[object]) -> None:
    match predicate:
        case NegatedPath():
            found.append(None)
        case MulPath(path=part) | InvPath(arg=part):
            _predicate(part, found)
        case SequencePath(args=parts) | AlternativePath(args=parts):
            for part in parts:
                _predicate(part, found)
        case _:
            found.append(predicate)


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
