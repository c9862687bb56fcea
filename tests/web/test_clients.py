"""The clients that people use, against a real server."""

from __future__ import annotations

import warnings

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

LABELS = "SELECT ?label { ?s <http://example.org/label> ?label } ORDER BY ?label"
GRAPH = "CONSTRUCT WHERE { ?s <http://example.org/label> ?label }"
ASK = "ASK { ?s a <http://example.org/Ban> }"


@pytest.fixture
def wrapper(server: str) -> SPARQLWrapper:
    return SPARQLWrapper(f"{server}/sparql")


@pytest.mark.parametrize(
    ("method", "request_method"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
def test_sparqlwrapper_reads_solutions(
    wrapper: SPARQLWrapper, method: str, request_method: str
) -> None:
    wrapper.setMethod(method)
    wrapper.setRequestMethod(request_method)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(LABELS)
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == ["export ban", "輸出禁止"]


@pytest.mark.parametrize("format", [XML, JSON, CSV, TSV])
@pytest.mark.parametrize("only_by_accept", [False, True])
def test_sparqlwrapper_gets_the_result_format_it_asks_for(
    wrapper: SPARQLWrapper, format: str, only_by_accept: bool
) -> None:
    wrapper.setOnlyConneg(only_by_accept)
    wrapper.setReturnFormat(format)
    wrapper.setQuery(LABELS)
    result = wrapper.query()
    assert {TSV: "tab-separated"}.get(format, format) in result.info()["content-type"]
    assert "輸出禁止" in result.response.read().decode()


@pytest.mark.parametrize("format", [TURTLE, RDFXML, JSONLD])
@pytest.mark.parametrize("only_by_accept", [False, True])
def test_sparqlwrapper_reads_graphs(
    wrapper: SPARQLWrapper, format: str, only_by_accept: bool
) -> None:
    wrapper.setOnlyConneg(only_by_accept)
    wrapper.setReturnFormat(format)
    wrapper.setQuery(GRAPH)
    body = wrapper.query().response.read()
    read_as = {RDFXML: "xml", JSONLD: "json-ld"}.get(format, format)
    with warnings.catch_warnings():
        # rdflib's JSON-LD reader uses a class that rdflib itself deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        assert len(rdflib.Graph().parse(data=body, format=read_as)) == 2


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT * { ?s no:such ?o }")
    with pytest.raises(QueryBadFormed, match='"line": 1, "column": 15'):
        wrapper.query()


def test_sparqlwrapper_asks(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(ASK)
    assert wrapper.queryAndConvert()["boolean"] is True


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_through_its_store(server: str, method: str) -> None:
    store = SPARQLStore(f"{server}/sparql", method=method)
    graph = rdflib.Graph(store)
    assert {str(row.label) for row in graph.query(LABELS)} == {"export ban", "輸出禁止"}
    assert graph.query(ASK).askAnswer is True
    assert len(graph.query(GRAPH).graph) == 2
    ban = rdflib.URIRef("http://example.org/ban")
    amount = graph.value(ban, rdflib.URIRef("http://example.org/amount"))
    assert amount.toPython() == rdflib.Literal("1.5", datatype=rdflib.XSD.decimal).toPython()
