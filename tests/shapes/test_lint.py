"""What a SHACL engine does not notice in shapes, and what every shape owes its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.interchange import as_graph
from econsec.knowledge.reading import read_document
from econsec.knowledge.shapes.linting import lint
from econsec.knowledge.shapes.linting.shape_roles import PARAMETERS
from econsec.rdf.namespaces import ESH

SEVERITIES = {SH.Violation, SH.Warning, SH.Info}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
CONSTRAINTS = {URIRef(parameter.value) for parameter in PARAMETERS} - {
    *(SH.property, SH.flags, SH.ignoredProperties)
}
"""What makes a node shape the source of a result of its own."""
LANGUAGES = {"en", "ja"}


@pytest.fixture(scope="module")
def graph(root: Path) -> Graph:
    """All files of shapes, whichever profile selects them."""
    files = sorted((root / "shapes").glob("*.ttl"))
    return as_graph(load_shapes(root / "shapes", profile=None, files=files))


def node_shapes(graph: Graph) -> Iterator[URIRef]:
    yield from (s for s in graph.subjects(RDF.type, SH.NodeShape) if isinstance(s, URIRef))


def property_shapes(graph: Graph) -> Iterator[URIRef]:
    yield from (s for s in graph.subjects(RDF.type, SH.PropertyShape) if isinstance(s, URIRef))


def speaking(graph: Graph) -> Iterator[Node]:
    """What results name as their source: each must say what is wrong."""
    yield from property_shapes(graph)
    yield from graph.subjects(RDF.type, SH.SPARQLConstraint)
    for shape in node_shapes(graph):
        if CONSTRAINTS - {SH.sparql} & set(graph.predicates(shape)):
            yield shape


def languages(graph: Graph, shape: Node, predicate: URIRef) -> list[str]:
    return sorted(str(getattr(text, "language", None)) for text in graph.objects(shape, predicate))


def test_the_shapes_have_no_fault(root: Path) -> None:
    documents = [read_document(file) for file in sorted((root / "shapes").glob("*.ttl"))]
    quads = [quad for document in documents for quad in document.quads()]
    assert [(f.place, f.sentence) for f in lint(quads, documents=documents)] == []
    assert len(documents) > 5


def test_every_node_shape_has_a_target_and_something_to_check(graph: Graph) -> None:
    for shape in node_shapes(graph):
        assert any((shape, target, None) in graph for target in TARGETS), shape
        assert ({SH.property} | CONSTRAINTS) & set(graph.predicates(shape)), shape


def test_every_named_shape_explains_itself_in_both_languages(graph: Graph) -> None:
    for shape in (*node_shapes(graph), *property_shapes(graph)):
        for predicate in (SH.name, SH.description):
            assert languages(graph, shape, predicate) == sorted(LANGUAGES), (shape, predicate)


def test_every_source_of_results_has_one_message_in_each_language(graph: Graph) -> None:
    for shape in speaking(graph):
        assert languages(graph, shape, SH.message) == sorted(LANGUAGES), shape


def test_every_source_of_results_has_a_severity(graph: Graph) -> None:
    sources = {*property_shapes(graph), *graph.subjects(SH.sparql), *graph.subjects(SH["or"])}
    named = {shape for shape in sources if isinstance(shape, URIRef)}
    for shape in named:
        assert set(graph.objects(shape, SH.severity)) <= SEVERITIES
        assert len(list(graph.objects(shape, SH.severity))) == 1, shape


def test_every_named_shape_says_where_it_is_defined(graph: Graph) -> None:
    home = URIRef(ESH.removesuffix("#"))
    for shape in {*graph.subjects(RDF.type), *speaking(graph)}:
        if isinstance(shape, URIRef) and shape.startswith(ESH):
            assert (shape, RDFS.isDefinedBy, home) in graph, shape


def test_every_property_shape_belongs_to_a_node_shape(graph: Graph) -> None:
    assert set(property_shapes(graph)) == {
        shape for shape in graph.objects(predicate=SH.property) if isinstance(shape, URIRef)
    }


def test_variables_in_messages_are_selected(graph: Graph) -> None:
    for constraint in graph.subjects(RDF.type, SH.SPARQLConstraint):
        head = str(graph.value(constraint, SH.select)).partition("WHERE")[0]
        for message in graph.objects(constraint, SH.message):
            for name in re.findall(r"\{[?$](\w+)\}", str(message)):
                assert re.search(rf"[?$]{name}\b", head), (constraint, name)


def test_patterns_are_of_the_whole_text(graph: Graph) -> None:
    patterns = [str(pattern) for pattern in graph.objects(predicate=SH.pattern)]
    assert patterns
    for pattern in patterns:
        assert pattern.startswith("^") and pattern.endswith("$"), pattern


def test_shapes_of_the_law_name_their_source(graph: Graph) -> None:
    law = [s for s in property_shapes(graph) if "Article" in str(graph.value(s, SH.message))]
    assert law
    for shape in law:
        parents = list(graph.subjects(SH.property, shape))
        sources = {
            source
            for node in (shape, *parents)
            for predicate in (RDFS.seeAlso, URIRef("http://purl.org/dc/terms/source"))
            for source in graph.objects(node, predicate)
        }
        assert sources, shape


def test_class_constraints_are_not_what_inference_makes_true(
    graph: Graph, ontology: list[Quad]
) -> None:
    """A range makes every value a member of its class, so that `sh:class` on it says nothing."""
    ranges = {
        (quad.subject.value, str(quad.object))
        for quad in ontology
        if isinstance(quad.subject, NamedNode) and quad.predicate.value == str(RDFS.range)
    }
    for shape in graph.subjects(SH["class"]):
        path = graph.value(shape, SH.path)
        for named in graph.objects(shape, SH["class"]):
            assert (str(path), f"<{named}>") not in ranges, shape
