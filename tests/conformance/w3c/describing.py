"""The tests of the Service Description, whose manifest has only their names."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from rdflib import RDF, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from econsec.knowledge.interchange import as_graph
from econsec.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format

from . import results
from .answers import check_format, check_status, understood
from .manifest import Test
from .outcome import Failure
from .server import Server

__all__ = ["describe"]

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

_FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
_SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, SD.Feature),
    SD.defaultEntailmentRegime: (SD.Service, SD.EntailmentRegime),
    SD.entailmentRegime: (SD.NamedGraph, SD.EntailmentRegime),
    SD.defaultSupportedEntailmentProfile: (SD.Service, SD.EntailmentProfile),
    SD.supportedEntailmentProfile: (SD.NamedGraph, SD.EntailmentProfile),
    SD.extensionFunction: (SD.Service, SD.Function),
    SD.extensionAggregate: (SD.Service, SD.Aggregate),
    SD.languageExtension: (SD.Service, SD.Feature),
    SD.supportedLanguage: (SD.Service, SD.Language),
    # Of SPARQL 1.2.
    SD.supportedVersion: (SD.Service, None),
    SD.propertyFeature: (SD.Service, SD.Feature),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.availableGraphs: (SD.Service, SD.GraphCollection),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
"""The properties of SPARQL 1.1 Service Description, 3.2, with the classes that they lead from
and to."""

_INDIVIDUALS = {
    SD.Language: {
        SD.SPARQL10Query,
        SD.SPARQL11Query,
        SD.SPARQL11Update,
        SD.SPARQLQuery,
        SD.SPARQLUpdate,
    },
    SD.Feature: {
        SD.DereferencesURIs,
        SD.UnionDefaultGraph,
        SD.RequiresDataset,
        SD.EmptyGraphs,
        SD.BasicFederatedQuery,
    },
    SD.EntailmentRegime: {
        URIRef(f"http://www.w3.org/ns/entailment/{name}")
        for name in ("Simple", "RDF", "RDFS", "D", "OWL-Direct", "OWL-RDF-Based", "RIF")
    },
}


def describe(test: Test, server: Server) -> None:
    """Ask the endpoint without a query, and look at what the test is about."""
    check = _CHECKS[test.iri.rpartition("#")[2]]
    check(server.writer)


def _returns_rdf(client: httpx.Client) -> None:
    """RDF comes back in whatever syntax is asked for, and Turtle if none is."""
    assert len(_described(client, None)) > 0
    for format in _FORMATS:
        _described(client, format)


def _has_endpoint(client: httpx.Client) -> None:
    endpoint = URIRef(str(client.base_url.join("/sparql")))
    found = set(_described(client, None).objects(None, SD.endpoint))
    if found != {endpoint}:
        raise Failure(f"the endpoints are {', '.join(map(str, found)) or 'none'}")


def _conforms(client: httpx.Client) -> None:
    graph = _described(client, None)
    faults = [*_faults(graph)]
    if faults:
        raise Failure("; ".join(sorted(faults)))


def _faults(graph: Graph) -> Iterator[str]:
    if not set(graph.subjects(RDF.type, SD.Service)):
        yield "there is no sd:Service"
    for subject, predicate, value in graph:
        if predicate in _SCHEMA:
            domain, range = _SCHEMA[predicate]
            if (subject, RDF.type, domain) not in graph:
                yield f"{predicate} leads from {subject}, which is no {domain}"
            if range is not None and not _is_a(graph, value, range):
                yield f"{predicate} leads to {value}, which is no {range}"
        elif predicate.startswith(SD):
            yield f"{predicate} is not in the schema"
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        if len(names := [*graph.objects(named, SD.name)]) != 1:
            yield f"a named graph has {len(names)} names"
    for inverse in (SD.endpoint, SD.defaultDataset):
        for value in graph.objects(None, inverse):
            if len({*graph.subjects(inverse, value)}) > 1:
                yield f"{value} is the {inverse} of several services"


def _is_a(graph: Graph, value: Node, kind: URIRef) -> bool:
    is_node = isinstance(value, URIRef | BNode)
    return is_node and ((value, RDF.type, kind) in graph or value in _INDIVIDUALS.get(kind, ()))


def _described(client: httpx.Client, format: Format | None) -> Graph:
    headers = {} if format is None else {"Accept": format.media_type}
    answer = client.get("/sparql", headers=headers)
    check_status(answer, 200)
    found = check_format(answer, _FORMATS if format is None else (format,))
    return as_graph(
        understood(lambda body: results.graph(body, found, base=str(answer.url)), answer)
    )


_CHECKS = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint,
    "conforms-to-schema": _conforms,
}
