"""How canonical Turtle arranges subjects, predicates, objects and anonymous nodes."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.errors import InvalidInput
from econsec.rdf.forest import Forest, Object, Subject
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH, SKOS
from econsec.rdf.notation import Notation, language_tag

__all__ = ["Layout"]

_INDENT = "    "
_INLINE_WIDTH = 88
"""An anonymous node that takes no more characters than this stays on one line."""

_MAX_DEPTH = 64
"""Anonymous nodes in each other; what people write stays below 10."""

_A = RDF("type")
_NIL = RDF("nil")
_ONTOLOGY = OWL("Ontology")
_LEADING = (
    _A,
    SKOS("prefLabel"),
    SKOS("altLabel"),
    RDFS("label"),
    SKOS("definition"),
    SH("path"),
    OWL("onProperty"),
)
"""The predicates that a reader looks for first; the others follow by name."""

_DIGITS = re.compile(r"[0-9]+")
_Natural = tuple[str, str]


class Layout:
    """Arranges a forest as text. Every order depends on the text alone."""

    def __init__(self, forest: Forest, notation: Notation, *, source: str | None) -> None:
        self._forest = forest
        self._notation = notation
        self._source = source
        self._lines: dict[BlankNode, str] = {}

    def ordered_roots(self) -> list[Subject]:
        """The ontology's header, then the others by IRI, then anonymous subjects."""
        return sorted(self._forest.roots(), key=self._root_key)

    def subject(self, root: Subject) -> str:
        """All that is said of one subject, with its full stop."""
        name = self._notation.iri(root) if isinstance(root, NamedNode) else "[]"
        return f"{name} {self._properties(root, indent=_INDENT)} ."

    def _properties(self, subject: Subject, *, indent: str) -> str:
        return f" ;\n{indent}".join(
            f"{self._verb(predicate)} {self._objects(objects, indent=indent)}"
            for predicate, objects in self._ordered_properties(subject)
        )

    def _objects(self, objects: list[Object], *, indent: str) -> str:
        if all(self._spreads(object) for object in objects):
            return ", ".join(self._block(object, indent=indent) for object in objects)
        deeper = indent + _INDENT
        return f",\n{deeper}".join(self._block(object, indent=deeper) for object in objects)

    def _spreads(self, term: Object) -> bool:
        if not isinstance(term, BlankNode):
            return False
        line = self._line(term)
        return len(line) > _INLINE_WIDTH or "\n" in line

    def _block(self, term: Object, *, indent: str) -> str:
        if not isinstance(term, BlankNode) or not self._spreads(term):
            return self._line(term)
        deeper = indent + _INDENT
        members = self._forest.collection(term)
        if members is None:
            return f"[\n{deeper}{self._properties(term, indent=deeper)}\n{indent}]"
        inside = f"\n{deeper}".join(self._block(member, indent=deeper) for member in members)
        return f"(\n{deeper}{inside}\n{indent})"

    def _line(self, term: Object, *, depth: int = 0) -> str:
        """The term on one line: its text in the file where short, its place in every order."""
        if isinstance(term, Literal):
            return self._notation.literal(term)
        if isinstance(term, NamedNode):
            return self._notation.iri(term) if term != _NIL else "()"
        if term not in self._lines:
            self._lines[term] = self._bracketed(term, depth=depth + 1)
        return self._lines[term]

    def _bracketed(self, node: BlankNode, *, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise InvalidInput(
                f"blank nodes are nested more than {_MAX_DEPTH} deep",
                source=self._source,
                remedy="give one of them an IRI",
            )
        members = self._forest.collection(node)
        if members is not None:
            return f"( {' '.join(self._line(member, depth=depth) for member in members)} )"
        inside = " ; ".join(
            f"{self._verb(predicate)} {', '.join(self._line(o, depth=depth) for o in objects)}"
            for predicate, objects in self._ordered_properties(node, depth=depth)
        )
        return f"[ {inside} ]" if inside else "[]"

    def _ordered_properties(
        self, subject: Subject, *, depth: int = 0
    ) -> list[tuple[NamedNode, list[Object]]]:
        properties = self._forest.properties(subject)
        return [
            (
                predicate,
                sorted(properties[predicate], key=lambda term: self._object_key(term, depth=depth)),
            )
            for predicate in sorted(properties, key=self._predicate_key)
        ]

    def _verb(self, predicate: NamedNode) -> str:
        return "a" if predicate == _A else self._notation.iri(predicate)

    def _root_key(self, root: Subject) -> tuple[int, _Natural]:
        if isinstance(root, BlankNode):
            return 2, _natural(self._line(root))
        is_header = _ONTOLOGY in self._forest.properties(root).get(_A, ())
        return 0 if is_header else 1, _natural(root.value)

    def _predicate_key(self, predicate: NamedNode) -> tuple[int, _Natural]:
        rank = _LEADING.index(predicate) if predicate in _LEADING else len(_LEADING)
        return rank, _natural(self._verb(predicate))

    def _object_key(self, term: Object, *, depth: int) -> tuple[int, str, _Natural]:
        line = self._line(term, depth=depth)
        if isinstance(term, Literal):
            language = language_tag(term.language) if term.language is not None else ""
            return 1, language, (_natural(term.value)[0], line)
        if isinstance(term, NamedNode):
            return 0, "", _natural(term.value)
        return 2, "", _natural(line)


def _natural(text: str) -> _Natural:
    """A sorting key that puts `s2` before `s10`; equal only for equal texts."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(20), text), text
