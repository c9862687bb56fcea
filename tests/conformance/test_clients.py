"""What SPARQLWrapper and rdflib do with data sets and patterns, unmodified, over HTTP."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import GET, JSON, POST, SPARQLWrapper
from w3c.server import Server

EX = "http://example.org/"
DATA = f"""
PREFIX ex: <{EX}>
INSERT DATA {{
    ex:a ex:p 1 , 2 .
    GRAPH ex:one {{ ex:a ex:p 1 }}
    GRAPH ex:two {{ ex:a ex:p 1 , 2 }}
    GRAPH ex:three {{ ex:a ex:p 3 }}
}}
"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def endpoint(server: Server) -> str:
    contents = ox.Store()
    contents.update(DATA)
    return str(server.over(contents).base_url.join("/sparql"))


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize(
    ("default", "named", "query", "values"),
    [
        ([], [], COUNT, ["2"]),
        (["one"], [], COUNT, ["1"]),
        (["one", "two"], [], COUNT, ["2"]),
        (["one", "three"], [], COUNT, ["2"]),
        (["none"], [], COUNT, ["0"]),
        (["three"], ["one"], "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", [f"{EX}one"]),
        ([], ["one"], COUNT, ["0"]),
    ],
)
def test_sparqlwrapper_names_the_graphs(
    endpoint: str, method: str, default: list[str], named: list[str], query: str, values: list[str]
) -> None:
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(JSON)
    for graph in default:
        wrapper.addDefaultGraph(EX + graph)
    for graph in named:
        wrapper.addNamedGraph(EX + graph)
    wrapper.setQuery(query)
    rows = json.loads(wrapper.query().response.read())["results"]["bindings"]
    assert [value["value"] for row in rows for value in row.values()] == values


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_matches_patterns(endpoint: str, method: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method))
    subject, predicate = URIRef(f"{EX}a"), URIRef(f"{EX}p")
    assert len(graph) == 2
    assert set(graph.triples((subject, None, None))) == {
        (subject, predicate, Literal(1)),
        (subject, predicate, Literal(2)),
    }
    assert (subject, predicate, Literal(2)) in graph
    assert (subject, predicate, Literal(3)) not in graph


def test_rdflib_binds_variables(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint))
    bindings = {"s": URIRef(f"{EX}a")}
    rows = graph.query("SELECT ?o { ?s ex:p ?o }", initNs={"ex": EX}, initBindings=bindings)
    assert {binding[Variable("o")] for binding in rows.bindings} == {Literal(1), Literal(2)}


def test_rdflib_reads_named_graphs(endpoint: str) -> None:
    store = SPARQLStore(endpoint)
    graph = Graph(store, identifier=URIRef(f"{EX}three"))
    assert {o for _, _, o in graph} == {Literal(3)}
    names = {context for context in Dataset(store).store.contexts()}
    assert names >= {URIRef(f"{EX}{name}") for name in ("one", "two", "three")}
