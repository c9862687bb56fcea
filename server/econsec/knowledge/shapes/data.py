"""The data that are judged, in the forms that the engines take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from econsec.errors import Refused
from econsec.knowledge.lexical import is_well_formed
from econsec.knowledge.reports import Term
from econsec.rdf.n_triples import as_n_triples
from econsec.rdf.namespaces import RDF, XSD

__all__ = ["Data", "Rewritten", "canonical", "is_ordinary"]

_VERBATIM = frozenset({XSD("string"), RDF("langString")})
_NUMBER = re.compile(r"[+-]?(?=[0-9.]{1,19}$)[0-9]*\.?[0-9]*")
_NUMBERS = """
integer decimal long int short byte nonNegativeInteger positiveInteger nonPositiveInteger
negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte
"""
_ORDINARY = {
    **{XSD(name): _NUMBER for name in _NUMBERS.split()},
    XSD("date"): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD("dateTime"): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24).*"),
}
_ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")
_HOLDER = NamedNode("urn:x-econsec:literal")
_NAME = str(_HOLDER).encode()

# The ends and beginnings of lines of canonical N-Triples. What stands in a literal looks
# like none of them: its line breaks are escaped.
_TRIPLE_TERM = re.compile(rb"> (<<\(.*\)>>) \.\n")
_TYPED = re.compile(rb'"\^\^<[^>\n]+> \.\n')
_BLANK_OBJECT = re.compile(rb"> _:\S+ \.\n")
_BLANK_SUBJECT = re.compile(rb"\n_:")


Rewritten: TypeAlias = Mapping[Literal, Sequence[Literal]]
"""Literals as a store gives them back, and how the data write them."""


class Data:
    """A merge of statements: each counts once, in whichever graphs it stands.

    They may also come as a text, in canonical N-Triples. `store` may be passed where the
    same merge is the default graph of one already. Raises `Refused` for a triple term,
    which RDF 1.1 and SHACL do not know.
    """

    def __init__(
        self, statements: Iterable[Triple | Quad] | bytes, *, store: Store | None = None
    ) -> None:
        # Kept as a text: a million triples as objects of Python take five times the memory.
        written = statements if isinstance(statements, bytes) else _merged(statements)
        if (term := _TRIPLE_TERM.search(written)) is not None:
            raise Refused(f"triple terms are not validated: {term[1].decode()}")
        self._plain, blank = _apart(written)
        self._blank = tuple(_read(blank))
        self._given = store
        self._members: dict[tuple[NamedNode, Term | None], tuple[NamedNode | BlankNode, ...]] = {}

    def extended(self, more: bytes) -> Data:
        """The same with statements, in canonical N-Triples, that its store has got since."""
        extended = Data(more, store=self.store)
        extended._plain = self._plain + extended._plain
        extended._blank = self._blank + extended._blank
        return extended

    @property
    def triples(self) -> Iterator[Triple]:
        """The statements as they came; one that stands in several graphs comes several times."""
        return chain(_read(self._plain), self._blank)

    @property
    def size(self) -> int:
        """The bytes of `text`, but for the lines with blank nodes."""
        return len(self._plain)

    @cached_property
    def blank_nodes(self) -> Sequence[BlankNode]:
        """The blank nodes, each once."""
        ends = (end for triple in self._blank for end in (triple.subject, triple.object))
        return tuple(dict.fromkeys(end for end in ends if isinstance(end, BlankNode)))

    def has_literal(self, literal: Literal) -> bool:
        """Whether a literal that is no text stands in the data, written so."""
        return literal in self._typed.get(literal.datatype, ())

    @property
    def text(self) -> bytes:
        """The statements in N-Triples, every literal as it was written."""
        return self._plain + as_n_triples(self._blank) if self._blank else self._plain

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
        store.bulk_load(self._plain, RdfFormat.N_TRIPLES, lenient=True)
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
    def rewritten(self) -> Rewritten:
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

    def written_for(self, predicates: frozenset[NamedNode] | None) -> Rewritten:
        """The same as `rewritten`, of the values of some predicates only."""
        if predicates is None:
            return self.rewritten
        used = [self._rewritten_by[each] for each in predicates & self._rewritten_by.keys()]
        found: dict[Literal, list[Literal]] = {}
        for stored, written in chain.from_iterable(each.items() for each in used):
            forms = found.setdefault(stored, [])
            forms += (form for form in written if form not in forms)
        return {stored: forms for stored, forms in found.items() if forms != [stored]}

    @cached_property
    def _rewritten_by(self) -> Mapping[NamedNode, Rewritten]:
        """The same by predicate."""
        found: dict[NamedNode, dict[Literal, list[Literal]]] = {}
        for stored, written in self.rewritten.items():
            for form in written:
                for predicate in self._users[form]:
                    found.setdefault(predicate, {}).setdefault(stored, []).append(form)
        return found

    @cached_property
    def _users(self) -> Mapping[Literal, set[NamedNode]]:
        """The literals that are no text, and the predicates whose values they are."""
        found: dict[Literal, set[NamedNode]] = defaultdict(set)
        for triple in chain(_typed(self._plain), self._blank):
            literal = triple.object
            if isinstance(literal, Literal) and literal.datatype not in _VERBATIM:
                found[literal].add(triple.predicate)
        return dict(found)

    @cached_property
    def _typed(self) -> Mapping[NamedNode, set[Literal]]:
        """The literals that are no text, by datatype."""
        found: dict[NamedNode, set[Literal]] = defaultdict(set)
        for literal in self._users:
            found[literal.datatype].add(literal)
        return dict(found)


def _merged(statements: Iterable[Triple | Quad]) -> bytes:
    return as_n_triples(each.triple if isinstance(each, Quad) else each for each in statements)


def _read(text: bytes) -> Iterator[Triple]:
    return (quad.triple for quad in parse(text, RdfFormat.N_TRIPLES))


def _apart(text: bytes) -> tuple[bytes, bytes]:
    """The lines without blank nodes, and those with some."""
    ends = {found.end() for found in _BLANK_OBJECT.finditer(text)}
    ends.update(text.index(b"\n", found.end()) + 1 for found in _BLANK_SUBJECT.finditer(text))
    if text.startswith(b"_:"):
        ends.add(text.index(b"\n") + 1)
    plain: list[bytes] = []
    blank: list[bytes] = []
    last = 0
    for end in sorted(ends):
        start = text.rfind(b"\n", 0, end - 1) + 1
        plain.append(text[last:start])
        blank.append(text[start:end])
        last = end
    return (b"".join([*plain, text[last:]]), b"".join(blank)) if ends else (text, b"")


def _typed(text: bytes) -> Iterator[Triple]:
    """Each literal with a datatype that is written out, once with every predicate."""
    ends = (found.end() for found in _TYPED.finditer(text))
    lines = (text[text.rfind(b"\n", 0, end - 1) + 1 : end] for end in ends)
    values = {line[line.index(b" ") :] for line in lines}
    return _read(b"".join(_NAME + value for value in values))


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
