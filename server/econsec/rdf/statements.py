"""A graph that is put together statement by statement, and written in any RDF format."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from pyoxigraph import Literal, NamedNode, Quad, serialize

from econsec.errors import UsageError
from econsec.rdf.formats import Form, Format
from econsec.rdf.namespaces import PREFIXES, XSD

__all__ = ["Iri", "Statements", "Term", "iri", "literal"]

Iri = NamedNode
Term = NamedNode | Literal


class Statements:
    """Statements in the order in which they are added, which is the order they are written in."""

    def __init__(self) -> None:
        self._quads: list[Quad] = []

    def add(self, subject: Iri, predicate: Iri, *objects: Term) -> None:
        """State `predicate` of `subject`, once for each object."""
        self._quads += (Quad(subject, predicate, value) for value in objects)

    def written(self, format: Format) -> bytes:
        """The graph as a document. Raises `UsageError` on a format that no graph is written in."""
        if Form.GRAPH not in format.forms:
            raise UsageError(f"a graph cannot be written as {format.name}")
        spelt = " ".join(str(quad) for quad in self._quads)
        used = {name: namespace for name, namespace in PREFIXES.items() if namespace in spelt}
        document = BytesIO()
        serialize(
            self._quads,
            document,
            format=format.engine,  # type: ignore[arg-type]
            prefixes=used,
        )
        return document.getvalue()


def iri(text: str) -> Iri:
    """An absolute IRI. Raises `ValueError` on what is none."""
    return NamedNode(text)


def literal(value: str | int | float | datetime, *, language: str | None = None) -> Literal:
    """A literal of the XSD type that goes with the Python type, or a text in a language."""
    if language is not None:
        return Literal(str(value), language=language)
    if isinstance(value, datetime):
        return Literal(value.isoformat(), datatype=XSD("dateTime"))
    return Literal(value)
