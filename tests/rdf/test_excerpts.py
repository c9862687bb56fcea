"""Parts of a graph: subjects with the blank nodes that belong to them."""

from __future__ import annotations

import json

from pyoxigraph import RdfFormat, parse

from econsec.rdf.excerpts import Parts, written
from econsec.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from econsec.rdf.json_ld import Context
from econsec.rdf.statements import iri

GRAPH = b"""
<http://example.org/a> <http://example.org/p> _:b .
_:b <http://example.org/p> _:c .
_:c <http://example.org/p> "deep" .
<http://example.org/z> <http://example.org/p> <http://example.org/a> .
_:axiom <http://example.org/members> <http://example.org/a> .
_:axiom <http://example.org/says> "about a" .
_:other <http://example.org/members> <http://example.org/z> .
"""
CONTEXT = Context({"ex": "http://example.org/"})


def test_an_excerpt_has_what_belongs_to_a_subject_and_nothing_else() -> None:
    parts = Parts(GRAPH)
    found = parts.about({"http://example.org/a"})
    assert {str(triple.object) for triple in found if "deep" in str(triple)} == {'"deep"'}
    assert len(found) == 5
    assert not any("example.org/z" in str(triple) for triple in found)
    assert len(parts.all()) == 7
    assert parts.subjects(iri("http://example.org/p"), iri("http://example.org/a")) == {
        "http://example.org/z"
    }


def test_a_circle_of_blank_nodes_ends() -> None:
    circle = b"<x:a> <x:p> _:b .\n_:b <x:p> _:c .\n_:c <x:p> _:b .\n"
    found = Parts(circle).about({"x:a"})
    assert len(found) == 3
    # Brackets cannot express it; the document is there all the same.
    body = written(found, TURTLE, context=CONTEXT, named="x:context")
    assert len([*parse(body, RdfFormat.TURTLE)]) == 3


def test_each_format_states_the_same() -> None:
    triples = Parts(GRAPH).all()
    for format, syntax in (
        (TURTLE, RdfFormat.TURTLE),
        (N_TRIPLES, RdfFormat.N_TRIPLES),
        (RDF_XML, RdfFormat.RDF_XML),
    ):
        body = written(triples, format, context=CONTEXT, named="x:context")
        assert len([*parse(body, syntax)]) == len(triples)
    body = written(triples, JSON_LD, context=CONTEXT, named="x:context")
    assert json.loads(body)["@context"] == "x:context"
    assert b"ex:members" in body
