"""SHACL: a graph is held against shapes, and what breaks them becomes a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, Protocol, cast

import pyshacl
import rdflib
from pyoxigraph import BlankNode, NamedNode
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, SKOS, Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Literal, Node

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.interchange import from_rdflib, to_rdflib
from econsec.knowledge.paths import read_path
from econsec.knowledge.reports import Audit, Report, Result, Severity, Term, Texts
from econsec.knowledge.shacl import unknown_terms
from econsec.knowledge.targets import aimed_at, focus_nodes, shapes_with_targets

__all__ = ["Scope", "validate"]

_PLACEHOLDER = re.compile(r"\\\{\\[?$]\w+\\\}")
# rdflib would fetch what these name, and pySHACL looks for SERVICE in some queries only.
_FETCHES = re.compile(
    r"(?<![\w:?$#/])(SERVICE|FROM)\s+(?:SILENT\s+|NAMED\s+)?[<?$\w]", re.IGNORECASE
)

# pySHACL changes rdflib's globals while it works, so that it may not run twice at once.
_running = Lock()


class Scope(Protocol):
    """Which part of the data is judged, where the rest only stands behind it."""

    def holds(self, focus: Term, value: Term | None) -> bool:
        """Whether a result about `focus`, with `value`, is one about that part."""


def validate(data: Graph, *, shapes: Graph, scope: Scope | None = None) -> Report:
    """Hold `data` against `shapes` (SHACL Core and SHACL-SPARQL) with pySHACL.

    Nothing is inferred here, nothing fetched, and neither graph is changed.
    With a `scope`, only what lies in it is reported and counted.

    Raises `InvalidInput` for shapes that cannot be used (misspelt terms and
    features that are not run among them), and `Refused` for shapes that reach
    out of the graph.
    """
    _refuse(shapes)
    focus = {
        shape: {
            node
            for node in focus_nodes(data, shapes=shapes, shape=shape)
            if scope is None or scope.holds(from_rdflib(node), None)
        }
        for shape in shapes_with_targets(shapes)
    }
    found = _run(data, aimed_at(shapes, focus))
    results = [
        _result(found, node, data=data, shapes=shapes)
        for node in found.objects(predicate=SH.result)
    ]
    kept = [r for r in results if scope is None or scope.holds(r.focus, r.value)]
    return Report(
        results=tuple(sorted(kept, key=_order)),
        audit=tuple(_audit(shapes, focus=focus, results=kept)),
    )


class _Prepared(Graph):
    """A graph that parses a query once: pySHACL sends the same text for every focus node."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> QueryResult:
        """Run a query on the graph, parsed before where its text was seen before."""
        prepared = _prepare(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **options)


@lru_cache(maxsize=256)
def _prepare(text: str) -> Query:
    try:
        return prepareQuery(text)
    except Exception as error:  # the parser's own, or a bare Exception for a prefix
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error


def _refuse(shapes: Graph) -> None:
    for name, like in unknown_terms(shapes):
        raise InvalidInput(
            f"sh:{name} is no term of SHACL Core or SHACL-SPARQL",
            remedy=f"did you mean sh:{like}?" if like is not None else None,
        )
    for predicate in (SH.select, SH.ask):
        for _, query in shapes.subject_objects(predicate):
            found = _FETCHES.search(str(query))
            if found is not None:
                raise Refused(
                    f"a SPARQL constraint of the shapes uses {found[1].upper()}",
                    remedy="constraints speak of the data at hand; nothing is ever fetched",
                )


def _run(data: Graph, shapes: Graph) -> Graph:
    """pySHACL's report graph. It writes into `shapes`."""
    with _running:
        normalise = rdflib.NORMALIZE_LITERALS
        try:
            _, found, text = pyshacl.validate(
                _Prepared(data),
                shacl_graph=shapes,
                inference="none",
                advanced=False,
                abort_on_first=False,
                allow_warnings=True,
            )
        except (ReportableRuntimeError, NotImplementedError) as error:
            raise InvalidInput(f"the shapes cannot be used: {error}") from error
        finally:
            rdflib.NORMALIZE_LITERALS = normalise
    if not isinstance(found, Graph):
        raise InvalidInput(f"the shapes cannot be used: {text}")
    return found


def _result(found: Graph, node: Node, *, data: Graph, shapes: Graph) -> Result:
    focus = _one(found, node, SH.focusNode)
    shape = _one(found, node, SH.sourceShape)
    path, value = found.value(node, SH.resultPath), found.value(node, SH.value)
    constraint = found.value(node, SH.sourceConstraint)
    return Result(
        focus=from_rdflib(focus),
        severity=Severity.of(str(_one(found, node, SH.resultSeverity))),
        shape=_named(shape),
        component=cast(NamedNode, from_rdflib(_one(found, node, SH.sourceConstraintComponent))),
        messages=_messages(found, node, templates=_templates(shapes, constraint, shape)),
        label=_texts(data.objects(focus, SKOS.prefLabel)),
        path=None if path is None else read_path(found, path),
        value=None if value is None else from_rdflib(value),
        constraint=None if constraint is None else _named(constraint),
    )


def _templates(shapes: Graph, constraint: Node | None, shape: Node) -> list[Literal]:
    """The messages that apply: the constraint's own, else the shape's (SHACL, 5.3.1)."""
    for source in (constraint, shape):
        if source is not None and (source, SH.message, None) in shapes:
            return [cast(Literal, text) for text in shapes.objects(source, SH.message)]
    return []


def _messages(found: Graph, node: Node, *, templates: list[Literal]) -> Texts:
    """Messages by language. pySHACL drops the tag where it fills in a variable."""
    written = [cast(Literal, text) for text in found.objects(node, SH.resultMessage)]
    messages: dict[str, str] = {}
    for template in templates:
        pattern = re.compile(_PLACEHOLDER.sub("(?s:.*)", re.escape(str(template))))
        text = next((str(text) for text in written if pattern.fullmatch(str(text))), None)
        if text is not None:
            messages[template.language or ""] = text
    return dict(sorted(messages.items())) if messages else _texts(written)


def _audit(
    shapes: Graph, *, focus: Mapping[Node, set[Node]], results: list[Result]
) -> Iterator[Audit]:
    for shape, nodes in focus.items():
        parts = {*shapes.transitive_objects(shape, SH.property)}
        yield Audit(
            shape=_named(shape),
            name=_texts(shapes.objects(shape, SH.name)),
            focus_nodes=len(nodes),
            results=sum(
                to_rdflib(r.shape) in parts and to_rdflib(r.focus) in nodes for r in results
            ),
        )


def _order(result: Result) -> tuple[int, str, str, str, str]:
    gravity = tuple(Severity).index(result.severity)
    return gravity, str(result.focus), str(result.shape), str(result.constraint), str(result.value)


def _texts(literals: Iterable[Node]) -> Texts:
    """Texts by language; of several in one language, the first in order."""
    texts = (cast(Literal, node) for node in literals)
    tagged = sorted(((text.language or "", str(text)) for text in texts), reverse=True)
    return dict(sorted(dict(tagged).items()))


def _named(node: Node) -> NamedNode | BlankNode:
    return cast(NamedNode | BlankNode, from_rdflib(node))


def _one(graph: Graph, subject: Node, predicate: Node) -> Node:
    value = graph.value(subject, predicate)
    if value is None:
        raise RuntimeError(f"pySHACL reported no {predicate}")
    return value
