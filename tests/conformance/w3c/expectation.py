"""What the answer to a query must be, in a form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pyoxigraph import Literal, NamedNode, Quad

from econsec.rdf.formats import FORMATS, JSON, TURTLE, Form, Format, by_suffix, offered

from . import results
from .manifest import Document

__all__ = ["Expectation", "expectation"]

_TABULAR = offered(Form.SOLUTIONS)
_BOOLEAN = re.compile(rb"<boolean>|\"boolean\"\s*:")
_ORDERED = re.compile(r"ORDER\s+BY[^}]*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The format to ask for, the answer to find, and how to read one in that format."""

    format: Format
    answer: list[Quad]
    read: Callable[[bytes], list[Quad]]


def expectation(expected: Document, query: str) -> Expectation:
    """What the file `expected` asks of the answer to `query`."""
    content, format = expected.path.read_bytes(), by_suffix(expected.path, FORMATS)
    ordered = _ORDERED.search(query) is not None
    if format in _TABULAR:
        read = partial(_solutions, format=format, ordered=ordered)
        return Expectation(format, read(content), read)
    quads = results.graph(content, format, base=expected.iri)
    if results.is_result_set(quads):
        solutions, ordered = results.solutions_of_graph(quads)
        return Expectation(JSON, solutions, partial(_solutions, format=JSON, ordered=ordered))
    return Expectation(TURTLE, quads, partial(results.graph, format=TURTLE, base=expected.iri))


def _solutions(body: bytes, *, format: Format, ordered: bool) -> list[Quad]:
    if _BOOLEAN.search(body) is not None:
        truth = Literal(results.boolean(body, format))
        return [Quad(NamedNode("urn:answer"), NamedNode("urn:is"), truth)]
    return results.solutions(body, format, ordered=ordered)
