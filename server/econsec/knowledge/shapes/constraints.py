"""SPARQL constraints as a shapes graph states them, read and checked (SHACL, 5.2 and 5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, Store

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.memory import kept_with_graph
from econsec.knowledge.shapes.paths import sparql_path
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH

__all__ = [
    "REACHING_OUT",
    "Constraint",
    "Token",
    "declarations",
    "is_true",
    "read_constraint",
    "tokens",
]

_CHARS = (
    r"\w\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""What names may consist of (SPARQL 1.1, PN_CHARS)."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\r\n]|\\.)*"'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''|'(?:[^'\\\r\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\r\n]*"
    rf"|(?P<name>[?$][{_CHARS}]+|(?:[{_CHARS}.-]*:)(?:[{_CHARS}.:-]|%[0-9A-Fa-f]{{2}}|\\.)*"
    rf"|@?[{_CHARS}][{_CHARS}-]*)|\S",
    re.DOTALL,
)
_RESERVED = re.compile("SERVICE|FROM|MINUS|VALUES")
REACHING_OUT = frozenset({"SERVICE", "FROM"})
_BRIEF = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}
_PRE_BOUND = frozenset({"this", "shapesGraph", "currentShape"})


class Token(NamedTuple):
    """A word, a variable, a literal or a mark of a query; `at` is where it starts."""

    text: str
    at: int

    @property
    def word(self) -> str:
        """A keyword in capitals, the empty text for what cannot be one."""
        return self.text.upper() if self.text.isalpha() else ""

    @property
    def reserved(self) -> str:
        """The keyword in it that no constraint may have, the empty text for none.

        The engine needs no space between a keyword and what stands around it.
        """
        if self.variable or self.text[0] in "<\"'@":
            return ""
        found = _RESERVED.search(self.text.upper().partition(":")[0])
        return "" if found is None else found[0]

    @property
    def variable(self) -> str:
        """The name of a variable, the empty text for anything else."""
        return self.text[1:] if len(self.text) > 1 and self.text[0] in "?$" else ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A query whose every solution is a result about `$this`."""

    node: Node
    shape: Node
    text: str
    tokens: tuple[Token, ...]


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a query, without its comments."""
    found = (Token(match[0], match.start()) for match in _TOKEN.finditer(text))
    return tuple(token for token in found if not token.text.startswith("#"))


@kept_with_graph()
def read_constraint(shapes: ShapesGraph, node: Node, shape: Node) -> Constraint | None:
    """The query of a constraint, with its prefixes and its path; `None` for a deactivated one.

    Raises `Refused` for a query that reaches out of the data, and `InvalidInput` for
    one that SHACL does not allow or that cannot be read.
    """
    if any(is_true(each) for each in shapes.objects(node, SH("deactivated"))):
        return None
    select = shapes.objects(node, SH("select"))
    if len(select) != 1 or not isinstance(select[0], Literal):
        raise InvalidInput(f"the shapes cannot be used: {node} needs one sh:select")
    text = select[0].value
    read = tokens(text)
    _refuse(read)
    if any(token.variable == "PATH" for token in read):
        text = _with_path(text, read, path=_path(shapes, shape))
    prefixes = _BRIEF | dict(declarations(shapes, shapes.objects(node, SH("prefixes"))))
    text = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items()) + text
    try:
        Store().query(text)
    except (SyntaxError, ValueError) as error:
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error
    return Constraint(node, shape, text, tokens(text))


def declarations(shapes: ShapesGraph, prefixes: Sequence[Term]) -> Iterator[tuple[str, str]]:
    """Prefixes and namespaces, those of what is imported too; nothing is ever fetched."""
    waiting, seen = list(reversed(prefixes)), set(prefixes)
    while waiting:
        node = waiting.pop()
        for declared in shapes.objects(node, SH("declare")):
            name = shapes.value(declared, SH("prefix"))
            namespace = shapes.value(declared, SH("namespace"))
            if not isinstance(name, Literal) or not isinstance(namespace, Literal):
                raise InvalidInput("the shapes cannot be used: a sh:declare is incomplete")
            yield name.value, namespace.value
        for imported in shapes.objects(node, OWL("imports")):
            if imported not in seen:
                seen.add(imported)
                waiting.append(imported)


def is_true(term: Term) -> bool:
    """Whether a term is the boolean true."""
    return isinstance(term, Literal) and term.value in {"true", "1"}


def _refuse(read: Sequence[Token]) -> None:
    """Raise for what SHACL does not allow in a query with variables that are pre-bound."""
    for token, following in pairwise(read):
        if token.reserved in REACHING_OUT:
            raise Refused(
                f"a SPARQL constraint of the shapes uses {token.reserved}",
                remedy="constraints speak of the data at hand; nothing is ever fetched",
            )
        if token.reserved:
            raise InvalidInput(f"a SPARQL constraint must not contain {token.reserved}")
        if token.word == "AS" and following.variable in _PRE_BOUND:
            raise InvalidInput(f"a SPARQL constraint must not bind {following.text} anew")
        if token.variable == "shapesGraph":
            raise InvalidInput("the shapes cannot be used: $shapesGraph is not available")
    if any("this" not in projection for projection in _inner_projections(read)):
        raise InvalidInput("an inner SELECT of a SPARQL constraint must select $this")


def _inner_projections(read: Sequence[Token]) -> Iterator[set[str]]:
    """The variables that each SELECT inside of the query selects."""
    depth = 0
    for number, token in enumerate(read):
        depth += (token.text == "{") - (token.text == "}")
        if token.word == "SELECT" and depth > 0:
            rest = read[number + 1 :]
            ends = (n for n, each in enumerate(rest) if each.text == "{" or each.word == "WHERE")
            yield {each.variable for each in rest[: next(ends, 0)]}


def _with_path(text: str, read: Sequence[Token], *, path: str) -> str:
    for token in reversed(read):
        if token.variable == "PATH":
            text = text[: token.at] + path + text[token.at + len(token.text) :]
    return text


def _path(shapes: ShapesGraph, shape: Node) -> str:
    path = shapes.value(shape, SH("path"))
    if path is None:
        raise InvalidInput("the shapes cannot be used: $PATH stands in a shape without sh:path")
    return sparql_path(shapes, path)
