"""pySHACL, the reference: slower than the fast engine, and asked where that is not proven."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, cast

import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH as RDFLIB_SH
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Node as RdflibNode

from econsec.errors import InvalidInput
from econsec.knowledge.interchange import as_graph, from_rdflib, sparql_errors
from econsec.knowledge.reports import Term
from econsec.knowledge.shapes.constraints import declarations
from econsec.knowledge.shapes.data import Data, canonical
from econsec.knowledge.shapes.findings import RawResult
from econsec.knowledge.shapes.graph import Node, ShapesGraph
from econsec.knowledge.shapes.trees import TARGETS, Copies, Tree
from econsec.rdf.namespaces import OWL, RDF, RDFS, SH, XSD

__all__ = ["run_reference"]

_TRUE = Literal("true", datatype=XSD("boolean"))
_FALSE = Literal("false", datatype=XSD("boolean"))
_END = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|(\$)", re.DOTALL)
"""What has no end of a text in it, or the `$` that is one."""

# pySHACL changes rdflib's globals while it works, so that it may not run twice at once.
_running = Lock()


def run_reference(
    data: Data, *, shapes: ShapesGraph, aims: Mapping[Tree, Iterable[Term]]
) -> Iterator[RawResult]:
    """Hold `data` against every constraint of the trees, each applied to the nodes given for it.

    Raises `InvalidInput` for shapes that cannot be used.
    """
    copies = Copies()
    handed = [*_without_targets(shapes), *_imported_prefixes(shapes)]
    for tree, nodes in aims.items():
        copy = copies.name(copies.latest)
        handed += map(_corrected, copies.of(shapes, tree, leave=frozenset()))
        handed += (Triple(copy, SH("targetNode"), node) for node in nodes)
    found = _run(as_graph(data.triples), as_graph(handed))
    for node in found.objects(predicate=RDFLIB_SH.result):
        yield _read(found, node, data=data, copies=copies)


def _corrected(triple: Triple) -> Triple:
    """A statement of the shapes as pySHACL has to be told it to do what SHACL says.

    It takes `"1"` for true in sh:uniqueLang (SHACL, 4.4.5), and `$` in sh:pattern for
    the end of a line, too (XPath Functions, 5.6.1).
    """
    object = triple.object
    if triple.predicate == SH("uniqueLang") and object != _TRUE:
        return Triple(triple.subject, triple.predicate, _FALSE)
    if triple.predicate == SH("pattern") and isinstance(object, Literal):
        pattern = Literal(_END.sub(lambda part: r"\Z" if part[1] else part[0], object.value))
        return Triple(triple.subject, triple.predicate, pattern)
    return triple


def _without_targets(shapes: ShapesGraph) -> Iterator[Triple]:
    for triple in shapes:
        is_class = triple.predicate == RDF("type") and triple.object in {
            RDFS("Class"),
            OWL("Class"),
        }
        if triple.predicate not in TARGETS and not is_class:
            yield triple


def _imported_prefixes(shapes: ShapesGraph) -> Iterator[Triple]:
    """What pySHACL does not do: follow owl:imports to the prefixes of a query."""
    holders = {
        node
        for each in shapes.subjects(SH("prefixes"))
        for node in shapes.nodes(each, SH("prefixes"))
    }
    for holder in holders:
        for imported in shapes.nodes(holder, OWL("imports")):
            for name, namespace in declarations(shapes, [imported]):
                node = rdflib.BNode()
                declared = cast(Node, from_rdflib(node))
                yield Triple(holder, SH("declare"), declared)
                yield Triple(declared, SH("prefix"), Literal(name))
                yield Triple(declared, SH("namespace"), Literal(namespace, datatype=XSD("anyURI")))


class _Prepared(Graph):
    """A graph that parses a query once: pySHACL sends the same text for every focus node."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> QueryResult:
        """Run a query on the graph, parsed before where its text was seen before."""
        prepared = _prepare(query_object) if isinstance(query_object, str) else query_object
        with sparql_errors():
            try:
                found = super().query(prepared, *args, **options)
                _ = found.bindings  # evaluated here, and not where somebody looks at them
            except (TypeError, AttributeError) as error:  # it trips over errors of its own
                raise InvalidInput(
                    f"rdflib cannot evaluate a SPARQL constraint: {error}"
                ) from error
        return found


@lru_cache(maxsize=256)
def _prepare(text: str) -> Query:
    try:
        return prepareQuery(text)
    except Exception as error:  # the parser's own, or a bare Exception for a prefix
        raise InvalidInput(f"a SPARQL constraint cannot be read: {error}") from error


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
        except (ReportableRuntimeError, NotImplementedError, ArithmeticError) as error:
            raise InvalidInput(f"the shapes cannot be used: {error}") from error
        finally:
            rdflib.NORMALIZE_LITERALS = normalise
    if not isinstance(found, Graph):
        raise InvalidInput(f"the shapes cannot be used: {text}")
    return found


def _read(found: Graph, node: RdflibNode, *, data: Data, copies: Copies) -> RawResult:
    root, shape = cast(
        tuple[Node, Node], copies.original(from_rdflib(_one(found, node, RDFLIB_SH.sourceShape)))
    )
    path, value = found.value(node, RDFLIB_SH.resultPath), found.value(node, RDFLIB_SH.value)
    constraint = found.value(node, RDFLIB_SH.sourceConstraint)
    return RawResult(
        focus=from_rdflib(_one(found, node, RDFLIB_SH.focusNode)),
        root=root,
        shape=shape,
        component=cast(
            NamedNode, from_rdflib(_one(found, node, RDFLIB_SH.sourceConstraintComponent))
        ),
        value=None if value is None else _settled(from_rdflib(value), data),
        predicate=NamedNode(path) if isinstance(path, rdflib.URIRef) else None,
        constraint=None if constraint is None else cast(Node, from_rdflib(constraint)),
        written=tuple(sorted(str(text) for text in found.objects(node, RDFLIB_SH.resultMessage))),
    )


def _settled(value: Term, data: Data) -> Term:
    """A value as the data write it; one that a query has calculated, as the store writes it."""
    if not isinstance(value, Literal) or value.language is not None:
        return value
    return value if data.has_literal(value) else canonical(value)


def _one(graph: Graph, subject: RdflibNode, predicate: RdflibNode) -> RdflibNode:
    value = graph.value(subject, predicate)
    if value is None:
        raise RuntimeError(f"pySHACL reported no {predicate}")
    return value
