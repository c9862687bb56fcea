"""The data that are judged, in the forms that the engines take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from econsec.errors import Refused
from econsec.knowledge.lexical import is_well_formed
from econsec.knowledge.reports import Term
from econsec.rdf.namespaces import RDF, XSD

__all__ = ["Data", "canonical", "is_ordinary"]

_VERBATIM = frozenset({XSD("string"), RDF("langString")})
_NUMBER = re.compile(r"[+-]?(?=[0-9.]{1,19}$)[0-9]*\.?[0-9]*")
_ORDINARY = {
    XSD("integer"): _NUMBER,
    XSD("decimal"): _NUMBER,
    XSD("date"): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD("dateTime"): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24).*"),
}
_ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")
_HOLDER = NamedNode("urn:x-econsec:literal")


class Data:
    """A merge of statements: each counts once, in whichever graphs it stands.

    `store` may be passed where the same merge is the default graph of one already.
    Raises `Refused` for a triple term, which RDF 1.1 and SHACL do not know.
    """

    def __init__(self, statements: Iterable[Triple | Quad], *, store: Store | None = None) -> None:
        self._plain: list[Triple] = []
        self._blank: list[Triple] = []
        self._typed: dict[NamedNode, set[Literal]] = {}
        self._given = store
        for each in statements:
            triple = each.triple if isinstance(each, Quad) else each
            subject, object = triple.subject, triple.object
            if isinstance(subject, Triple) or isinstance(object, Triple):
                raise Refused(f"triple terms are not validated: {each}")
            if isinstance(object, Literal) and object.datatype not in _VERBATIM:
                self._typed.setdefault(object.datatype, set()).add(object)
            if isinstance(subject, BlankNode) or isinstance(object, BlankNode):
                self._blank.append(triple)
            else:
                self._plain.append(triple)
        self._members: dict[tuple[NamedNode, Term | None], tuple[NamedNode | BlankNode, ...]] = {}

    @property
    def triples(self) -> Iterator[Triple]:
        """The statements as they came; one that stands in several graphs comes several times."""
        return chain(self._plain, self._blank)

    @cached_property
    def blank_nodes(self) -> Sequence[BlankNode]:
        """The blank nodes, each once."""
        ends = (end for triple in self._blank for end in (triple.subject, triple.object))
        return tuple(dict.fromkeys(end for end in ends if isinstance(end, BlankNode)))

    def has_literal(self, literal: Literal) -> bool:
        """Whether a literal that is no text stands in the data, written so."""
        return literal in self._typed.get(literal.datatype, ())

    @cached_property
    def text(self) -> str:
        """The statements in N-Triples, every literal as it was written."""
        return self._plain_text.decode() + _written(self._blank).decode()

    @cached_property
    def ill_formed(self) -> frozenset[Literal]:
        """The literals whose text is not of their datatype."""
        literals = chain.from_iterable(self._typed.values())
        return frozenset(literal for literal in literals if not is_well_formed(literal))

    @cached_property
    def is_ordinary(self) -> bool:
        """Whether all numbers and days are such as every engine compares alike.

        Days with a time zone, times of which only some have one, years that Python's
        calendar lacks, midnight written as 24:00 and numbers of more than 18 digits are not.
        """
        zones = {_ZONE.search(text) is not None for text in self.of_datatype(XSD("dateTime"))}
        compared = (self._typed.get(datatype, ()) for datatype in _ORDINARY)
        return len(zones) < 2 and all(map(is_ordinary, chain.from_iterable(compared)))

    def of_datatype(self, datatype: NamedNode) -> Iterator[str]:
        """The texts of the literals of a datatype other than text itself."""
        return (literal.value for literal in self._typed.get(datatype, ()))

    @cached_property
    def store(self) -> Store:
        """The statements in the default graph of a store, which rewrites some literals."""
        if self._given is not None:
            return self._given
        store = Store()
        # The engine is the faster in reading a text, but gives blank nodes other names.
        store.bulk_load(self._plain_text, RdfFormat.N_TRIPLES)
        store.extend(Quad(*triple) for triple in self._blank)
        return store

    def subjects(
        self, predicate: NamedNode, object: Term | None
    ) -> tuple[NamedNode | BlankNode, ...]:
        """All that has a predicate, with this value where one is given; shapes ask alike."""
        key = predicate, object
        if key not in self._members:
            found = self.store.quads_for_pattern(None, predicate, object, DefaultGraph())
            self._members[key] = tuple(cast(Any, quad.subject) for quad in found)
        return self._members[key]

    @cached_property
    def rewritten(self) -> Mapping[Literal, Sequence[Literal]]:
        """What the store makes of literals that it does not keep, and what they are written as.

        Where both `1.5` and `1.50` are written, both stand under `1.5`.
        """
        found: dict[Literal, list[Literal]] = defaultdict(list)
        for literals in self._typed.values():
            for written, stored in _stored(sorted(literals, key=str)):
                if written != stored:
                    found[stored].append(written)
        for stored, others in found.items():
            if self.has_literal(stored):
                others.append(stored)
        return dict(found)

    @cached_property
    def _plain_text(self) -> bytes:
        return _written(self._plain)


def _written(triples: Iterable[Triple]) -> bytes:
    return cast(bytes, serialize(triples, format=RdfFormat.N_TRIPLES))


def _stored(literals: Sequence[Literal]) -> Iterator[tuple[Literal, Literal]]:
    """Each literal, and as the store gives it back: it is asked, its rules are not repeated."""
    scratch = Store()
    scratch.extend(
        Quad(NamedNode(f"{_HOLDER.value}{number}"), _HOLDER, literal)
        for number, literal in enumerate(literals)
    )
    for quad in scratch:
        number = int(cast(NamedNode, quad.subject).value.removeprefix(_HOLDER.value))
        yield literals[number], cast(Literal, quad.object)


def is_ordinary(literal: Literal) -> bool:
    """Whether a literal is a number or a day that every engine compares alike, or neither."""
    space = _ORDINARY.get(literal.datatype)
    if space is None or space.fullmatch(literal.value) is not None:
        return True
    return not is_well_formed(literal)


def canonical(literal: Literal) -> Literal:
    """A literal as the store gives it back."""
    ((_, stored),) = _stored([literal])
    return stored
