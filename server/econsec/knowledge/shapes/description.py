"""From what an engine found to what a report says, in the same words for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from pyoxigraph import DefaultGraph, Literal

from econsec.knowledge.reports import Path, Result, Severity, Term, Texts
from econsec.knowledge.shapes.annotations import basis_of, finding_of, texts_about
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import Node, ShapesGraph, texts_of
from econsec.knowledge.shapes.messages import messages_of
from econsec.knowledge.shapes.paths import read_path
from econsec.rdf.namespaces import ESH, SH, SKOS

__all__ = ["described"]


def described(found: Iterable[RawResult], *, data: Data, shapes: ShapesGraph) -> tuple[Result, ...]:
    """The results in their order: the gravest first, then by focus node, shape and value."""
    describer = _Describer(data, shapes)
    return tuple(sorted((describer.result(raw) for raw in found), key=_order))


class _Describer:
    """Words for results; what is the same for all results of a constraint is read once."""

    def __init__(self, data: Data, shapes: ShapesGraph) -> None:
        self._data = data
        self._shapes = shapes
        self._labels: dict[Term, Texts] = {}
        self._paths: dict[Term, Path] = {}
        self._said: dict[tuple[Node, Node, Term | None], dict[str, Any]] = {}
        self._messages: dict[tuple[Node, Term], Texts] = {}

    def result(self, raw: RawResult) -> Result:
        return Result(
            focus=raw.focus,
            component=raw.component,
            value=raw.value,
            shape=raw.shape,
            root=raw.root,
            constraint=raw.constraint,
            label=self._label(raw.focus),
            messages=self._message(raw),
            path=self._path(raw),
            **self._same_for_all(raw),
        )

    def _same_for_all(self, raw: RawResult) -> dict[str, Any]:
        key = (raw.root, raw.shape, raw.constraint)
        if key not in self._said:
            severity = self._shapes.value(raw.shape, SH("severity"))
            self._said[key] = {
                "severity": Severity.of("" if severity is None else cast(Any, severity).value),
                "finding": finding_of(raw, self._shapes),
                "basis": basis_of(raw, self._shapes),
                "fix": texts_about(raw, self._shapes, ESH("fix")),
                "name": texts_about(raw, self._shapes, SH("name")),
                "description": texts_about(raw, self._shapes, SH("description")),
            }
        return self._said[key]

    def _message(self, raw: RawResult) -> Texts:
        if raw.constraint is not None:
            return messages_of(raw, self._shapes)
        key = (raw.shape, raw.component)
        if key not in self._messages:
            self._messages[key] = messages_of(raw, self._shapes)
        return self._messages[key]

    def _path(self, raw: RawResult) -> Path | None:
        node = raw.predicate or self._shapes.value(raw.shape, SH("path"))
        if node is None:
            return None
        if node not in self._paths:
            self._paths[node] = read_path(self._shapes, node)
        return self._paths[node]

    def _label(self, focus: Term) -> Texts:
        if isinstance(focus, Literal):
            return {}
        if focus not in self._labels:
            store = self._data.store
            found = store.quads_for_pattern(focus, SKOS("prefLabel"), None, DefaultGraph())
            self._labels[focus] = texts_of(cast(Term, quad.object) for quad in found)
        return self._labels[focus]


def _order(result: Result) -> tuple[int, str, str, str, str, str]:
    return (
        tuple(Severity).index(result.severity),
        str(result.focus),
        str(result.shape),
        str(result.component),
        str(result.constraint),
        str(result.value),
    )
