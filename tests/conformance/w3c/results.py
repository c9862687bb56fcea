"""Results brought into a form in which two of them can be compared."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from io import StringIO

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, Triple
from rdflib import RDF, Graph, Namespace
from rdflib.term import Node

from econsec.knowledge.interchange import as_graph, from_rdflib
from econsec.rdf.formats import CSV, Format
from econsec.rdf.namespaces import XSD

__all__ = ["boolean", "graph", "is_result_set", "same", "solutions", "solutions_of_graph"]

_Node = NamedNode | BlankNode | Triple
Term = _Node | Literal
Solution = Mapping[str, Term]

_RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_RESULT_SET = NamedNode(_RS.ResultSet)
_INDEX = NamedNode("urn:index")
_VARIABLES = NamedNode("urn:variables")
_FRACTIONS = frozenset({XSD("decimal"), XSD("double"), XSD("float")})


def same(one: Iterable[Quad], other: Iterable[Quad]) -> bool:
    """Whether both are the same but for the labels of their blank nodes."""
    return _canonical(one) == _canonical(other)


def solutions(body: bytes, format: Format, *, ordered: bool = False) -> list[Quad]:
    """A result in one of SPARQL's formats as quads, a blank node for each solution.

    A multiset stays one, since every solution has a node of its own; `ordered`
    gives each its position. Raises `SyntaxError` or `ValueError` on another body.
    """
    if format.name == CSV.name:
        header, *rows = csv.reader(StringIO(body.decode(), newline=""))
        read = [dict(zip(header, map(_cell, row), strict=True)) for row in rows]
        return list(_encoded(header, read, ordered=ordered))
    results = ox.parse_query_results(body, format=format.engine)  # type: ignore[arg-type]
    if not isinstance(results, ox.QuerySolutions):
        raise ValueError("the result is a boolean")
    names = [variable.value for variable in results.variables]
    found = [
        {name: solution[name] for name in names if solution[name] is not None}
        for solution in results
    ]
    return list(_encoded(names, found, ordered=ordered))


def is_result_set(quads: Iterable[Quad]) -> bool:
    """Whether a graph describes solutions and is not an answer itself."""
    return any(quad.object == _RESULT_SET for quad in quads)


def solutions_of_graph(quads: Iterable[Quad]) -> tuple[list[Quad], bool]:
    """A result that a manifest gives as an RDF graph (rs:ResultSet), and whether it is ordered."""
    graph = as_graph(quads)
    (root,) = graph.subjects(RDF.type, _RS.ResultSet)
    names = [str(name) for name in graph.objects(root, _RS.resultVariable)]
    nodes = list(graph.objects(root, _RS.solution))
    positions = {node: graph.value(node, _RS["index"]) for node in nodes}
    ordered = None not in positions.values()
    if ordered:
        nodes.sort(key=lambda node: int(str(positions[node])))
    rows = [dict(_bindings(graph, node)) for node in nodes]
    return list(_encoded(names, rows, ordered=ordered)), ordered


def _bindings(graph: Graph, solution: Node) -> Iterator[tuple[str, Term]]:
    for binding in graph.objects(solution, _RS.binding):
        value = graph.value(binding, _RS.value)
        assert value is not None, "a binding without a value"
        yield str(graph.value(binding, _RS.variable)), from_rdflib(value)


def boolean(body: bytes, format: Format) -> bool:
    """The answer to an ASK. Raises `SyntaxError` or `ValueError` on another body."""
    result = ox.parse_query_results(body, format=format.engine)  # type: ignore[arg-type]
    if not isinstance(result, QueryBoolean):
        raise ValueError("the result is no boolean")
    return bool(result)


def graph(body: bytes, format: Format, *, base: str) -> list[Quad]:
    """The triples or quads of an RDF document. Raises `SyntaxError`."""
    engine = format.engine
    return list(ox.parse(body, format=engine, base_iri=base))  # type: ignore[arg-type]


def _encoded(names: Iterable[str], rows: Iterable[Solution], *, ordered: bool) -> Iterator[Quad]:
    head = BlankNode()
    for name in names:
        yield Quad(head, _VARIABLES, Literal(name))
    for position, row in enumerate(rows):
        node = BlankNode()
        yield Quad(node, _INDEX, Literal(position if ordered else 0))
        for name, term in row.items():
            yield Quad(node, NamedNode(f"urn:variable:{name}"), term)


def _cell(text: str) -> Term:
    return BlankNode(text[2:]) if text.startswith("_:") else Literal(text)


def _canonical(quads: Iterable[Quad]) -> ox.Dataset:
    dataset = ox.Dataset(
        Quad(_node(q.subject), q.predicate, _comparable(q.object), q.graph_name) for q in quads
    )
    # Not RDFC-1.0, which knows no triple terms; stable within one release, and both are made here.
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _node(node: _Node) -> _Node:
    if isinstance(node, Triple):
        return Triple(_node(node.subject), node.predicate, _comparable(node.object))
    return node


def _comparable(term: Term) -> Term:
    """Decimals, doubles and floats in one spelling: computed numbers have none laid down."""
    if not isinstance(term, Literal):
        return _node(term)
    value = _number(term)
    return term if value is None else Literal(f"{value.normalize():E}", datatype=term.datatype)


def _number(literal: Literal) -> Decimal | None:
    if literal.datatype not in _FRACTIONS:
        return None
    try:
        value = Decimal(literal.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
