"""Regular expressions that engines read differently, or not at all.

One engine runs them with Python's `re`, another with Rust's `regex`: a pattern must
be one to both, and the same.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from econsec.knowledge.reports import spelt
from econsec.knowledge.shapes.graph import Node
from econsec.knowledge.shapes.linting.fault import Fault, error
from econsec.knowledge.shapes.linting.shape_roles import Shapes
from econsec.rdf.namespaces import SH

__all__ = ["pattern_faults", "pattern_problem"]

_FLAGS = frozenset("ismx")

_PART = re.compile(
    r"(?P<lookaround>\(\?<?[=!])|(?P<atomic>\(\?>)|(?P<conditional>\(\?\()|(?P<comment>\(\?#)"
    r"|(?P<named_again>\(\?P[=>])|(?P<named>\(\?[<'])|(?P<inline>\(\?(?!P<)[A-Za-z-])"
    r"|(?P<property>\\[pP])|(?P<reference>\\(?:[1-9]|[gk][<{']))|(?P<anchor>\\[AzZG])"
    r"|(?P<edge>\\[<>]|\\b\{)|(?P<name_class>\\[icIC])|\\."
    r"|(?P<characters>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<possessive>[*+?}]\+)",
    re.DOTALL,
)
_SET_WITHIN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*?(?:\[|&&|--|~~|\|\|)", re.DOTALL)
_OUTSIDE = {
    "lookaround": "a look-ahead or look-behind",
    "atomic": "an atomic group",
    "conditional": "a conditional group",
    "comment": "a comment",
    "named_again": "a reference to a named group",
    "named": "a group named other than (?P<name>…)",
    "inline": "flags of its own; say them in sh:flags",
    "property": "a Unicode property",
    "reference": "a back-reference",
    "anchor": r"an anchor other than ^ and $",
    "edge": "an edge of a word that is not \\b",
    "name_class": "a class of XML names",
    "characters": "a character class within another",
    "possessive": "a possessive quantifier",
}
_REGEX = "SELECT ?pattern ?flags (REGEX('', ?pattern, ?flags) AS ?found) {}"


def pattern_faults(shapes: Shapes) -> Iterator[Fault]:
    """Patterns and flags of shapes that cannot be used."""
    for shape in shapes.graph.subjects(SH("flags")):
        for flags in shapes.graph.objects(shape, SH("flags")):
            if isinstance(flags, Literal) and not _FLAGS.issuperset(flags.value):
                yield error(shape, f"has sh:flags {spelt(flags)}", "known are i, m, s and x")
    for shape in shapes.graph.subjects(SH("pattern")):
        yield from _patterns(shapes, shape)


def _patterns(shapes: Shapes, shape: Node) -> Iterator[Fault]:
    given = shapes.graph.value(shape, SH("flags"))
    flags = given.value if isinstance(given, Literal) else ""
    for pattern in shapes.graph.objects(shape, SH("pattern")):
        if isinstance(pattern, Literal):
            problem = pattern_problem(pattern.value, flags=flags)
            if problem is not None:
                yield error(
                    shape,
                    f"has sh:pattern {spelt(pattern)}, which {problem}",
                    "keep to what every engine of regular expressions takes",
                )


def pattern_problem(pattern: str, *, flags: str = "") -> str | None:
    """What is wrong with a pattern, as the rest of a sentence; `None` if nothing is."""
    for part in _PART.finditer(pattern):
        kind = part.lastgroup
        if kind is not None and (kind != "characters" or _SET_WITHIN.match(part[0])):
            return f"uses {_OUTSIDE[kind]}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as fault:
        return f"is no regular expression: {fault}"
    if not _is_taken_by_rust(pattern, "".join(sorted(_FLAGS.intersection(flags)))):
        return "is no regular expression to the engine of SPARQL"
    return None


def _is_taken_by_rust(pattern: str, flags: str) -> bool:
    # An expression that cannot be read is an error of SPARQL, which leaves ?found unbound.
    given: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
        Variable("pattern"): Literal(pattern),
        Variable("flags"): Literal(flags),
    }
    (solution,) = cast(QuerySolutions, Store().query(_REGEX, substitutions=given))
    return solution["found"] is not None
