"""Pieces of SPARQL graph patterns, built from terms and never from unchecked text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.expressions import Property
from econsec.rdf.namespaces import RDF

__all__ = [
    "EVERYTHING",
    "Pattern",
    "Symbol",
    "is_a",
    "join",
    "one_of",
    "path",
    "relates",
    "union",
    "written",
]

TYPE = RDF("type")


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a pattern looks at: all triples of a property, or the members of one class."""

    predicate: NamedNode
    object: NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A group graph pattern.

    `reads` are the symbols that its solutions depend on. `resources` are the
    variables that no literal can be bound to, because they stand as a subject
    or have a class. A `constant` pattern has solutions in an empty graph too.
    """

    text: str
    reads: frozenset[Symbol] = frozenset()
    resources: frozenset[str] = frozenset()
    constant: bool = False

    def only_resources(self, variable: str) -> Pattern:
        """The pattern without the solutions that bind `variable` to a literal."""
        if variable in self.resources:
            return self
        text = f"{self.text} FILTER(!isLiteral({variable}))"
        return replace(self, text=text, resources=self.resources | {variable})


EVERYTHING = Pattern("", constant=True)


def written(term: NamedNode | Literal) -> str:
    """The term in SPARQL; raises `InvalidInput` for an IRI that a lenient parser let in."""
    datatype = term.datatype if isinstance(term, Literal) else term
    try:
        NamedNode(datatype.value)
    except ValueError as error:
        raise InvalidInput(f"<{datatype.value}> is no valid IRI: {error}") from error
    return str(term)


def is_a(variable: str, cls: NamedNode) -> Pattern:
    """`?x a <C>`"""
    text = f"{variable} {written(TYPE)} {written(cls)} ."
    return Pattern(text, frozenset({Symbol(TYPE, cls)}), frozenset({variable}))


def relates(subject: str, prop: Property, value: str | NamedNode | Literal) -> Pattern:
    """`?x <p> ?y`, or `?y <p> ?x` where `prop` is an inverse."""
    other = value if isinstance(value, str) else written(value)
    first, last = (other, subject) if prop.inverse else (subject, other)
    resources = frozenset({first} if first.startswith("?") else ())
    text = f"{first} {written(prop.iri)} {last} ."
    return Pattern(text, frozenset({Symbol(prop.iri)}), resources)


def path(subject: str, prop: Property, value: str) -> Pattern:
    """`?x <p>+ ?y`: one step or more."""
    step = relates(subject, prop, value)
    iri = written(prop.iri)
    return Pattern(step.text.replace(f" {iri} ", f" {iri}+ ", 1), step.reads, step.resources)


def one_of(variable: str, individuals: Iterable[NamedNode]) -> Pattern:
    """`VALUES ?x { <a> <b> }`"""
    values = " ".join(map(written, individuals))
    text = f"VALUES {variable} {{ {values} }}"
    return Pattern(text, resources=frozenset({variable}), constant=True)


def join(patterns: Iterable[Pattern]) -> Pattern:
    """All of the patterns together."""
    group = tuple(patterns)
    return Pattern(
        " ".join(pattern.text for pattern in group if pattern.text),
        frozenset().union(*(pattern.reads for pattern in group)),
        frozenset().union(*(pattern.resources for pattern in group)),
        all(pattern.constant for pattern in group),
    )


def union(patterns: Iterable[Pattern]) -> Pattern | None:
    """Any of the patterns; `None` where there is none."""
    branches = tuple(dict.fromkeys(patterns))
    if not branches:
        return None
    if len(branches) == 1:
        return branches[0]
    return Pattern(
        " UNION ".join(f"{{ {branch.text} }}" for branch in branches),
        frozenset().union(*(branch.reads for branch in branches)),
        frozenset.intersection(*(branch.resources for branch in branches)),
        any(branch.constant for branch in branches),
    )
