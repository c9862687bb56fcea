"""The Service Description, read back from what is written."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from rdflib import RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, VOID

from econsec.engine.publication import Publication
from econsec.engine.store import GraphSize
from econsec.rdf.formats import JSON, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from econsec.service.description import Described, describe
from econsec.settings import Settings

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
SCHEMA = Namespace("https://schema.org/")
URL = "http://example.org/sparql"
INFERRED = "https://w3id.org/econsec/graph/inferred"

LANGUAGES = {SD.SPARQLQuery, SD.SPARQL11Query, SD.SPARQLUpdate, SD.SPARQL11Update}


def description(
    *, is_writable: bool = False, format: Format = TURTLE, settings: Settings | None = None
) -> Graph:
    described = Described(
        endpoint=URL,
        settings=settings or Settings(),
        publication=Publication(
            commit=12, inferred_at=11, time=datetime(2026, 11, 23, 7, tzinfo=UTC)
        ),
        graphs=(
            GraphSize(None, 5),
            GraphSize("http://example.org/one", 3),
            GraphSize("http://example.org/empty", 0),
            GraphSize(INFERRED, 2),
        ),
        is_writable=is_writable,
    )
    names = {TURTLE: "turtle", N_TRIPLES: "nt", RDF_XML: "xml"}
    return Graph().parse(data=describe(described).written(format), format=names[format])


def service(graph: Graph) -> URIRef:
    (found,) = graph.subjects(RDF.type, SD.Service)
    assert isinstance(found, URIRef)
    return found


def test_it_names_the_endpoint_that_was_asked() -> None:
    graph = description()
    assert set(graph.objects(service(graph), SD.endpoint)) == {URIRef(URL)}


@pytest.mark.parametrize(
    ("is_writable", "languages"),
    [(False, {SD.SPARQLQuery, SD.SPARQL11Query}), (True, LANGUAGES)],
)
def test_updates_are_offered_where_they_are_carried_out(
    is_writable: bool, languages: set[URIRef]
) -> None:
    graph = description(is_writable=is_writable)
    assert set(graph.objects(service(graph), SD.supportedLanguage)) == languages
    assert (FORMATS.Turtle in graph.objects(service(graph), SD.inputFormat)) is is_writable


def test_every_format_of_an_answer_is_named() -> None:
    graph = description()
    assert set(graph.objects(service(graph), SD.resultFormat)) == {
        FORMATS[name]
        for name in (
            "SPARQL_Results_JSON",
            "SPARQL_Results_XML",
            "SPARQL_Results_CSV",
            "SPARQL_Results_TSV",
            "Turtle",
            "N-Triples",
            "RDF_XML",
            "JSON-LD",
            "TriG",
            "N-Quads",
        )
    }


def test_only_what_holds_is_claimed() -> None:
    graph = description()
    assert set(graph.objects(service(graph), SD.feature)) == {SD.EmptyGraphs}
    assert set(graph.objects(service(graph), SD.defaultEntailmentRegime)) == {
        URIRef("http://www.w3.org/ns/entailment/Simple")
    }
    assert set(graph.objects(service(graph), SD.extensionFunction)) == set()


def test_every_graph_is_there_with_its_size() -> None:
    graph = description()
    (dataset,) = graph.objects(service(graph), SD.defaultDataset)
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert graph.value(default, VOID.triples) == Literal(5)
    sizes = {
        str(graph.value(node, SD.name)): graph.value(
            graph.value(node, SD.graph), VOID.triples
        ).toPython()
        for node in graph.objects(dataset, SD.namedGraph)
    }
    assert sizes == {"http://example.org/one": 3, "http://example.org/empty": 0, INFERRED: 2}


def test_the_commit_is_told_and_the_one_that_the_inferences_stand_for() -> None:
    graph = description()
    (dataset,) = graph.objects(service(graph), SD.defaultDataset)
    assert graph.value(dataset, OWL.versionInfo) == Literal("12")
    moment = Literal("2026-11-23T07:00:00+00:00", datatype=XSD.dateTime)
    assert graph.value(dataset, DCTERMS.modified) == moment
    (node,) = graph.subjects(SD.name, URIRef(INFERRED))
    assert graph.value(graph.value(node, SD.graph), OWL.versionInfo) == Literal("11")


@pytest.mark.parametrize(("mode", "word"), [("merge", "merge"), ("plain", "no named graph")])
def test_the_default_graph_is_described_in_both_languages(mode: str, word: str) -> None:
    graph = description(settings=Settings(default_graph=mode))
    (default,) = graph.objects(None, SD.defaultGraph)
    comments = {each.language: str(each) for each in graph.objects(default, RDFS.comment)}
    assert comments.keys() == {"en", "ja"}
    assert word in comments["en"]


def test_every_limit_is_published_with_its_value_and_unit() -> None:
    settings = Settings(max_nesting=7)
    graph = description(settings=settings)
    properties = set(graph.objects(service(graph), SCHEMA.additionalProperty))
    values = {
        str(graph.value(each, SCHEMA.name)): graph.value(each, SCHEMA.value).toPython()
        for each in properties
    }
    assert values == {
        setting.name: getattr(settings, setting.name)
        for setting in fields(Settings)
        if setting.name != "port" and not isinstance(getattr(settings, setting.name), str)
    }
    (query_bytes,) = graph.subjects(SCHEMA.name, Literal("max_query_bytes"))
    assert graph.value(query_bytes, SCHEMA.unitText) == Literal("bytes")


@pytest.mark.parametrize("format", [N_TRIPLES, RDF_XML])
def test_every_format_says_the_same(format: Format) -> None:
    assert set(description(format=format)) == set(description())


def test_two_of_the_same_are_written_alike() -> None:
    described = Described(
        endpoint=URL,
        settings=Settings(),
        publication=Publication(),
        graphs=(GraphSize(None, 0),),
        is_writable=False,
    )
    assert describe(described).written(JSON_LD) == describe(described).written(JSON_LD)


def test_a_table_is_no_graph() -> None:
    described = Described(
        endpoint=URL, settings=Settings(), publication=Publication(), graphs=(), is_writable=False
    )
    with pytest.raises(Exception, match="cannot be written as JSON"):
        describe(described).written(JSON)
