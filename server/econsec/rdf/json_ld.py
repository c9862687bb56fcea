"""JSON-LD as people and programs like to read it: short names, one object for each thing.

The engine writes the expanded form alone. This one is compacted by a context
(JSON-LD 1.1 API, 5.6), as far as it states the same triples: what a name of the
context would change is written under its IRI.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from econsec.errors import UsageError
from econsec.rdf.namespaces import RDF, XSD
from econsec.rdf.notation import language_tag

__all__ = ["Context", "compacted"]

_LANGUAGES = "@language"
_DEEPEST = 16
_MOST_KNOWN = 4_096
_MOST_EXACT = 2**53
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_BOOLEANS = {"true": True, "false": False}
_Json = Any
_Subject = NamedNode | BlankNode


@dataclass(frozen=True, slots=True)
class _Term:
    """A name of a context: its values are of type `coercion`, or texts by language."""

    name: str
    coercion: str | None = None
    has_languages: bool = False


class Context:
    """The names that a context defines, found by what they stand for.

    `definition` is the value of `@context`, an object of which each name stands for an
    IRI, a compact IRI or `{"@id", "@type", "@container": "@language"}`.
    """

    def __init__(self, definition: Mapping[str, _Json]) -> None:
        self._definition = definition
        self._terms: dict[str, _Term] = {}
        self._prefixes: list[tuple[str, str]] = []
        self._short: dict[str, str] = {}
        for name, value in definition.items():
            if not name.startswith("@"):
                self._define(name, {"@id": value} if isinstance(value, str) else value)
        self._prefixes.sort(key=lambda pair: -len(pair[0]))

    def term(self, iri: str) -> _Term | None:
        """The name of a property."""
        return self._terms.get(iri)

    def short(self, iri: str) -> str:
        """A class or a datatype as `@type` has it."""
        term = self._terms.get(iri)
        return self.prefixed(iri) if term is None else term.name

    def prefixed(self, iri: str) -> str:
        """A compact IRI that no name of the context gets in the way of, else the IRI."""
        if iri not in self._short:
            if len(self._short) >= _MOST_KNOWN:
                self._short.clear()
            self._short[iri] = self._prefixed(iri)
        return self._short[iri]

    def _prefixed(self, iri: str) -> str:
        for namespace, prefix in self._prefixes:
            local = iri.removeprefix(namespace)
            name = f"{prefix}:{local}"
            is_free = name not in self._definition and not local.startswith("//")
            if local != iri and local and is_free:
                return name
        return iri

    def _define(self, name: str, value: Mapping[str, _Json]) -> None:
        iri = self._expanded(value["@id"])
        if iri[-1:] in "#/":
            self._prefixes.append((iri, name))
            return
        coercion = value.get("@type")
        self._terms[iri] = _Term(
            name,
            None if coercion is None else self._expanded(coercion),
            value.get("@container") == _LANGUAGES,
        )

    def _expanded(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        known = self._definition.get(prefix)
        is_short = colon and isinstance(known, str) and not local.startswith("//")
        return f"{known}{local}" if is_short else text


def compacted(
    statements: Iterable[Triple | Quad],
    context: Context,
    *,
    named: str,
    first: NamedNode | None = None,
) -> str:
    """The document of these triples, whose context is found under the IRI `named`.

    Each subject is an object of `@graph`, `first` before the others; a blank node that
    one statement refers to stands where it is referred to. Graphs are left out. Raises
    `UsageError` on triple terms, which JSON-LD 1.1 does not have.
    """
    nodes = (_json(each) for each in _Writer(statements, context).nodes(first))
    # A line for each: to indent the whole would take five times as long.
    graph = ",\n  ".join(nodes)
    return f'{{\n "@context": {_json(named)},\n "@graph": [\n  {graph}\n ]\n}}\n'


class _Writer:
    """Objects for the subjects of a graph, each written once."""

    def __init__(self, statements: Iterable[Triple | Quad], context: Context) -> None:
        self._context = context
        self._said: dict[_Subject, dict[NamedNode, list[_Object]]] = {}
        seen = dict.fromkeys((each.subject, each.predicate, each.object) for each in statements)
        for subject, predicate, value in seen:
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise UsageError("JSON-LD has no triple terms", remedy="take Turtle or N-Triples")
            self._said.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._references = Counter(value for _, _, value in seen if isinstance(value, BlankNode))
        self._written: set[_Subject] = set()

    def nodes(self, first: NamedNode | None) -> list[_Json]:
        """The top objects; what could stand within another, but for a circle, comes last."""
        leading = [first] if first in self._said else []
        tops = [each for each in self._said if self._references[each] != 1]  # type: ignore[index]
        ordered = dict.fromkeys((*leading, *tops, *self._said))
        return [self._node(each, depth=0) for each in ordered if each not in self._written]

    def _node(self, subject: _Subject, *, depth: int) -> dict[str, _Json]:
        self._written.add(subject)
        node: dict[str, _Json] = {}
        if depth == 0:
            node["@id"] = _identifier(subject)
        for predicate, values in self._said[subject].items():
            self._add(node, predicate, values, depth=depth)
        return node

    def _add(
        self,
        node: dict[str, _Json],
        predicate: NamedNode,
        values: Iterable[_Object],
        *,
        depth: int,
    ) -> None:
        term = self._context.term(predicate.value)
        name = None if term is None else term.name
        plain = self._context.prefixed(predicate.value)
        for value in values:
            if predicate == RDF("type") and isinstance(value, NamedNode):
                _append(node, "@type", self._context.short(value.value))
            elif term is None or name is None:
                _append(node, plain, self._value(value, None, depth=depth))
            elif not term.has_languages:
                _append(node, name, self._value(value, term.coercion, depth=depth))
            elif isinstance(value, Literal) and value.language and value.direction is None:
                _append(node.setdefault(name, {}), language_tag(value.language), value.value)
            else:
                _append(node, plain, self._value(value, None, depth=depth))

    def _value(self, value: _Object, coercion: str | None, *, depth: int) -> _Json:
        if isinstance(value, Literal):
            return self._literal(value, coercion)
        is_own = isinstance(value, BlankNode) and self._references[value] == 1
        if is_own and value in self._said and value not in self._written and depth < _DEEPEST:
            return self._node(value, depth=depth + 1)
        name = _identifier(value)
        return name if coercion == "@id" else {"@id": name}

    def _literal(self, literal: Literal, coercion: str | None) -> _Json:
        if literal.language:
            tagged = {"@value": literal.value, "@language": language_tag(literal.language)}
            direction = {} if literal.direction is None else {"@direction": str(literal.direction)}
            return {**tagged, **direction}
        if literal.datatype == XSD("string"):
            return literal.value if coercion is None else {"@value": literal.value}
        native = _native(literal)
        if native is not None and coercion in {None, literal.datatype.value}:
            return native
        if literal.datatype.value == coercion:
            return literal.value
        return {"@value": literal.value, "@type": self._context.short(literal.datatype.value)}


_Object = NamedNode | BlankNode | Literal


def _json(value: _Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _identifier(node: _Subject) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"


def _native(literal: Literal) -> int | bool | None:
    """A number or truth value of JSON that stands for exactly this literal."""
    if literal.datatype == XSD("boolean"):
        return _BOOLEANS.get(literal.value)
    is_integer = literal.datatype == XSD("integer") and _INTEGER.fullmatch(literal.value)
    # Beyond, a number may be read as a double.
    return int(literal.value) if is_integer and abs(int(literal.value)) < _MOST_EXACT else None


def _append(object: dict[str, _Json], key: str, value: _Json) -> None:
    """One value stands alone, several in an array."""
    if key not in object:
        object[key] = value
    elif isinstance(object[key], list):
        object[key].append(value)
    else:
        object[key] = [object[key], value]
