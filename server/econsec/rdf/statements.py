"""A graph or data set that is put together statement by statement, and written in any format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, serialize

from econsec.errors import UsageError
from econsec.rdf.formats import Form, Format
from econsec.rdf.namespaces import PREFIXES, XSD

__all__ = ["Iri", "Node", "Statements", "Term", "blank", "iri", "literal"]

Iri = NamedNode
Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


class Statements:
    """Statements in the order in which they are added, which is the order they are written in."""

    def __init__(self) -> None:
        self._quads: list[Quad] = []

    def add(self, subject: Node, predicate: Iri, *objects: Term, graph: Iri | None = None) -> None:
        """State `predicate` of `subject`, once for each object: in a graph, or in none."""
        where = DefaultGraph() if graph is None else graph
        self._quads += (Quad(subject, predicate, value, where) for value in objects)

    def by_subject(self) -> Statements:
        """The same, with what is said of each subject together where it first comes."""
        groups: dict[object, list[Quad]] = {}
        for quad in self._quads:
            groups.setdefault(quad.subject, []).append(quad)
        ordered = Statements()
        ordered._quads = [quad for group in groups.values() for quad in group]
        return ordered

    @property
    def quads(self) -> Sequence[Quad]:
        """The statements."""
        return self._quads

    def written(self, format: Format) -> bytes:
        """A document; without the names of the graphs where the format has none.

        Raises `UsageError` on a format that no graph is written in.
        """
        if Form.GRAPH not in format.forms:
            raise UsageError(f"a graph cannot be written as {format.name}")
        quads: list[Quad] | list[Triple] = [*dict.fromkeys(self._quads)]
        if Form.DATASET not in format.forms:  # a triple of two graphs is one then
            quads = list(dict.fromkeys(quad.triple for quad in self._quads))
        spelt = " ".join(str(quad) for quad in quads)
        used = {name: namespace for name, namespace in PREFIXES.items() if namespace in spelt}
        document = BytesIO()
        serialize(
            quads,
            document,
            format=format.engine,  # type: ignore[arg-type]
            prefixes=used,
        )
        return document.getvalue()


def blank(label: str) -> Node:
    """A blank node; the same one for the same label."""
    return BlankNode(label)


def iri(text: str) -> Iri:
    """An absolute IRI. Raises `ValueError` on what is none."""
    return NamedNode(text)


def literal(
    value: str | int | float | datetime,
    *,
    language: str | None = None,
    datatype: str | None = None,
) -> Literal:
    """A literal of the XSD type that goes with the Python type, unless another is said.

    With a language, a text in it.
    """
    if language is not None:
        return Literal(str(value), language=language)
    if datatype is not None:
        return Literal(str(value), datatype=NamedNode(datatype))
    if isinstance(value, datetime):
        return Literal(value.isoformat(), datatype=XSD("dateTime"))
    return Literal(value)
