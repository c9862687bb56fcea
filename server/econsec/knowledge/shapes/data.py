"""The data that are judged, in the forms that the engines take."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from econsec.errors import Refused
from econsec.knowledge.lexical import is_well_formed
from econsec.rdf.namespaces import RDF, XSD

__all__ = ["Data", "canonical"]

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
        self.triples: list[Triple] = []
        blank: dict[BlankNode, None] = {}
        typed: set[Literal] = set()
        for each in statements:
            subject, object = each.subject, each.object
            if isinstance(object, Literal):
                if object.datatype not in _VERBATIM:
                    typed.add(object)
            elif isinstance(object, BlankNode):
                blank[object] = None
            elif isinstance(object, Triple):
                raise Refused(f"triple terms are not validated: {each}")
            if isinstance(subject, BlankNode):
                blank[subject] = None
            elif isinstance(subject, Triple):
                raise Refused(f"triple terms are not validated: {each}")
            self.triples.append(each.triple if isinstance(each, Quad) else each)
        self.blank_nodes: Sequence[BlankNode] = tuple(blank)
        self._typed = typed
        self._given = store

    def has_literal(self, literal: Literal) -> bool:
        """Whether a literal that is no text stands in the data, written so."""
        return literal in self._typed

    @cached_property
    def text(self) -> bytes:
        """The statements in N-Triples, every literal as it was written."""
        return cast(bytes, serialize(self.triples, format=RdfFormat.N_TRIPLES))

    @cached_property
    def ill_formed(self) -> frozenset[Literal]:
        """The literals whose text is not of their datatype."""
        return frozenset(literal for literal in self._typed if not is_well_formed(literal))

    @cached_property
    def is_ordinary(self) -> bool:
        """Whether all numbers and days are such as every engine compares alike.

        Days with a time zone, times of which only some have one, years that Python's
        calendar lacks, midnight written as 24:00 and numbers of more than 18 digits are not.
        """
        judged = (each for each in self._typed if each not in self.ill_formed)
        spaces = ((_ORDINARY.get(each.datatype), each.value) for each in judged)
        times = self.of_datatype(XSD("dateTime"))
        zones = {_ZONE.search(text) is not None for text in times}
        return len(zones) < 2 and all(
            space is None or space.fullmatch(text) is not None for space, text in spaces
        )

    def of_datatype(self, datatype: NamedNode) -> Iterator[str]:
        """The texts of the literals of a datatype other than text itself."""
        return (literal.value for literal in self._typed if literal.datatype == datatype)

    @cached_property
    def store(self) -> Store:
        """The statements in the default graph of a store, which rewrites some literals."""
        if self._given is not None:
            return self._given
        store = Store()
        if self.blank_nodes:
            store.bulk_extend(Quad(*triple) for triple in self.triples)
        else:  # read by the engine itself, which is faster and renames only blank nodes
            store.bulk_load(self.text, RdfFormat.N_TRIPLES)
        return store

    @cached_property
    def rewritten(self) -> Mapping[Literal, Sequence[Literal]]:
        """What the store makes of literals that it does not keep, and what they are written as.

        Where both `1.5` and `1.50` are written, both stand under `1.5`.
        """
        scratch = Store()
        scratch.extend(Quad(_HOLDER, _HOLDER, literal) for literal in self._typed)
        kept = {cast(Literal, quad.object) for quad in scratch}
        found: dict[Literal, list[Literal]] = defaultdict(list)
        for literal in sorted(self._typed - kept, key=str):
            found[canonical(literal)].append(literal)
        for stored, written in found.items():
            if stored in self._typed:
                written.append(stored)
        return dict(found)


def canonical(literal: Literal) -> Literal:
    """A literal as the store gives it back."""
    scratch = Store()
    scratch.add(Quad(_HOLDER, _HOLDER, literal))
    (quad,) = scratch
    return cast(Literal, quad.object)
