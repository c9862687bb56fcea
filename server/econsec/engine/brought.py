"""Statements that a Python program brings, in whichever library it holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import DefaultGraph, Quad, Triple

from econsec.engine.background import UNNAMED, Quads
from econsec.errors import UsageError

__all__ = ["statements"]

_DEFAULT = "urn:x-rdflib:default"


def statements(data: Iterable[Any]) -> Quads:
    """The quads of an rdflib graph or data set, a store, or an iterable of quads or triples.

    What stands in no graph is in `UNNAMED`. Raises `UsageError` on anything else.
    """
    # Without importing rdflib where nobody has.
    if any(kind.__module__.partition(".")[0] == "rdflib" for kind in type(data).__mro__):
        return _of_rdflib(data)
    return [_quad(each) for each in data]


def _quad(statement: Any) -> Quad:
    if isinstance(statement, Triple):
        return Quad(statement.subject, statement.predicate, statement.object, UNNAMED)
    if not isinstance(statement, Quad):
        raise UsageError(
            f"{statement!r} is no statement", remedy="give pyoxigraph's quads or triples"
        )
    if isinstance(statement.graph_name, DefaultGraph):
        return Quad(statement.subject, statement.predicate, statement.object, UNNAMED)
    return statement


def _of_rdflib(graph: Any) -> Quads:
    from econsec.knowledge.interchange import from_rdflib

    def named(context: Any) -> Any:
        name = getattr(context, "identifier", context)
        return UNNAMED if name is None or str(name) == _DEFAULT else from_rdflib(name)

    rows = graph.quads() if hasattr(graph, "quads") else ((*row, None) for row in graph)
    return [
        Quad(from_rdflib(s), from_rdflib(p), from_rdflib(o), named(context))  # type: ignore[arg-type]
        for s, p, o, context in rows
    ]
