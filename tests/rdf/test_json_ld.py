"""Compact JSON-LD: it reads as people expect, and states exactly the same triples."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import rdflib
import rdflib.compare
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from econsec.errors import UsageError
from econsec.rdf.json_ld import Context, compacted
from econsec.rdf.namespaces import RDF, SKOS, XSD

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")

NAME = "https://example.org/context"
DEFINITION: dict[str, Any] = {
    "@version": 1.1,
    "ex": "http://example.org/",
    "skos": SKOS,
    "xsd": XSD,
    "rdf": RDF,
    "Ban": "ex:Ban",
    "label": {"@id": "skos:prefLabel", "@container": "@language"},
    "covers": {"@id": "ex:covers", "@type": "@id"},
    "since": {"@id": "ex:since", "@type": "xsd:date"},
    "count": {"@id": "ex:count", "@type": "xsd:integer"},
    "note": "ex:note",
    "ex:by": {"@id": "ex:by", "@type": "@id"},
}
CONTEXT = Context(DEFINITION)


def ex(local: str) -> NamedNode:
    return NamedNode(f"http://example.org/{local}")


def document(*triples: Triple, first: NamedNode | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(compacted(triples, CONTEXT, named=NAME, first=first))
    assert found["@context"] == NAME
    return found


def node(*triples: Triple) -> dict[str, Any]:
    (found,) = document(*triples)["@graph"]
    return dict(found)


def canonical(quads: object) -> set[str]:
    dataset = Dataset(
        Quad(each.subject, each.predicate, each.object)
        for each in quads  # type: ignore[attr-defined]
    )
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in dataset}


def assert_same(*triples: Triple) -> None:
    text = json.dumps({**document(*triples), "@context": DEFINITION})
    assert canonical(parse(text, RdfFormat.JSON_LD)) == canonical(triples)
    # Another implementation reads the same.
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    expected = rdflib.Graph().parse(
        data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt"
    )
    assert rdflib.compare.isomorphic(graph, expected)


def test_texts_stand_by_language() -> None:
    said = [
        Triple(ex("a"), SKOS("prefLabel"), Literal("ban", language="en")),
        Triple(ex("a"), SKOS("prefLabel"), Literal("禁止", language="ja")),
        Triple(ex("a"), SKOS("prefLabel"), Literal("prohibition", language="en")),
    ]
    assert node(*said) == {
        "@id": "http://example.org/a",
        "label": {"en": ["ban", "prohibition"], "ja": "禁止"},
    }
    assert_same(*said)


def test_classes_links_and_typed_values_are_short() -> None:
    said = [
        Triple(ex("a"), RDF("type"), ex("Ban")),
        Triple(ex("a"), RDF("type"), ex("Other")),
        Triple(ex("a"), ex("covers"), ex("b")),
        Triple(ex("a"), ex("by"), ex("c")),
        Triple(ex("a"), ex("since"), Literal("2022-04-01", datatype=XSD("date"))),
        Triple(ex("a"), ex("count"), Literal(7)),
        Triple(ex("a"), ex("note"), Literal("as printed")),
    ]
    assert node(*said) == {
        "@id": "http://example.org/a",
        "@type": ["Ban", "ex:Other"],
        "covers": "http://example.org/b",
        "ex:by": "http://example.org/c",
        "since": "2022-04-01",
        "count": 7,
        "note": "as printed",
    }
    assert_same(*said)


TEXT = Literal("plain")
IRI = ex("b")
TAGGED = Literal("tagged", language="ja-Hira")
VALUES = [
    TEXT,
    IRI,
    TAGGED,
    BlankNode("x"),
    Literal("http://example.org/b"),
    Literal("_:b0"),
    Literal("2022", datatype=XSD("gYear")),
    Literal("2022-04-01", datatype=XSD("date")),
    Literal("7", datatype=XSD("integer")),
    Literal("007", datatype=XSD("integer")),
    Literal("+7", datatype=XSD("integer")),
    Literal("9" * 30, datatype=XSD("integer")),
    Literal("1", datatype=XSD("boolean")),
    Literal("true", datatype=XSD("boolean")),
    Literal("1.50", datatype=XSD("decimal")),
    Literal("1e3", datatype=XSD("double")),
    Literal("", datatype=ex("odd")),
    Literal('{"@id": "http://example.org/b"}'),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize("name", ["covers", "since", "count", "note", "by", "unknown"])
def test_a_value_that_a_term_does_not_foresee_stays_what_it_is(name: str, value: Any) -> None:
    text = json.dumps({**document(Triple(ex("a"), ex(name), value)), "@context": DEFINITION})
    assert canonical(parse(text, RdfFormat.JSON_LD)) == canonical(
        [Triple(ex("a"), ex(name), value)]
    )


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_what_is_no_text_in_a_language_stands_beside_those(value: Any) -> None:
    english = Triple(ex("a"), SKOS("prefLabel"), Literal("ban", language="en"))
    said = [english, Triple(ex("a"), SKOS("prefLabel"), value)]
    text = json.dumps({**document(*said), "@context": DEFINITION})
    assert canonical(parse(text, RdfFormat.JSON_LD)) == canonical(said)
    assert node(*said)["label"]["en"] == "ban"


def test_the_direction_of_a_text_is_kept() -> None:
    text = Literal("x", language="ar", direction=BaseDirection.RTL)
    assert node(Triple(ex("a"), SKOS("prefLabel"), text)) == {
        "@id": "http://example.org/a",
        "skos:prefLabel": {"@value": "x", "@language": "ar", "@direction": "rtl"},
    }


def test_a_blank_node_stands_where_it_is_referred_to() -> None:
    inner = BlankNode("b")
    said = [Triple(ex("a"), ex("covers"), inner), Triple(inner, ex("note"), TEXT)]
    assert node(*said) == {"@id": "http://example.org/a", "covers": {"note": "plain"}}
    assert_same(*said)


def test_a_blank_node_that_is_shared_has_a_name() -> None:
    shared = BlankNode("s")
    said = [
        Triple(ex("a"), ex("covers"), shared),
        Triple(ex("b"), ex("covers"), shared),
        Triple(shared, ex("note"), TEXT),
    ]
    assert len(document(*said)["@graph"]) == 3
    assert_same(*said)


def test_circles_and_long_chains_of_blank_nodes_come_back() -> None:
    one, two = BlankNode("one"), BlankNode("two")
    assert_same(
        Triple(one, ex("covers"), two),
        Triple(two, ex("covers"), one),
        Triple(one, ex("note"), TEXT),
    )
    assert_same(Triple(one, ex("covers"), one))
    chain = [BlankNode(f"c{number}") for number in range(40)]
    links = [Triple(a, ex("covers"), b) for a, b in pairwise(chain)]
    assert_same(*links, Triple(ex("a"), ex("covers"), chain[0]))
    deep = json.dumps(document(*links))
    assert deep.count("covers") == len(links)


def test_types_that_are_no_iris_are_properties() -> None:
    assert_same(Triple(ex("a"), RDF("type"), BlankNode("b")))
    assert_same(Triple(ex("a"), RDF("type"), Literal("Ban")))


def test_the_first_comes_first_and_each_triple_once() -> None:
    one = Triple(ex("a"), ex("note"), TEXT)
    graph = document(one, one, Triple(ex("z"), ex("note"), TEXT), first=ex("z"))["@graph"]
    assert [each["@id"] for each in graph] == ["http://example.org/z", "http://example.org/a"]
    assert graph[1]["note"] == "plain"


def test_triple_terms_are_refused() -> None:
    inner = Triple(ex("a"), ex("note"), TEXT)
    with pytest.raises(UsageError, match="triple terms"):
        compacted([Triple(ex("a"), ex("says"), inner)], CONTEXT, named=NAME)


def test_a_compact_iri_that_is_a_name_is_not_taken_for_another() -> None:
    # `ex:by` is a term with a type of its own; elsewhere the IRI is written in full.
    assert CONTEXT.prefixed("http://example.org/by") == "http://example.org/by"
    assert CONTEXT.prefixed("http://example.org/other") == "ex:other"
    assert CONTEXT.prefixed("http://example.org///x") == "http://example.org///x"
