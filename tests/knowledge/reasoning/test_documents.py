"""Reasoning over documents: what counts as ontology, and what comes out."""

from __future__ import annotations

from econsec.knowledge.manifest import INFERRED
from econsec.knowledge.reading import Document, document
from econsec.knowledge.reasoning.documents import inferred_triples, reason_over
from econsec.rdf.formats import N_TRIPLES, TRIG, TURTLE

PREFIXES = (
    "@prefix es: <https://w3id.org/econsec/ontology#> . @prefix ex: <http://example.org/> ."
    " @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
)


def trig(text: str) -> Document:
    return document(f"{PREFIXES} {text}".encode(), name="text.trig", format=TRIG)


ONTOLOGY = trig("es:Law rdfs:subClassOf es:Instrument .")


def test_named_graphs_are_merged() -> None:
    reasoned = reason_over([ONTOLOGY], [trig("ex:g { ex:x a es:Law . } ex:y a es:Law .")])
    assert reasoned.inferred == 2
    assert reasoned.clashes == ()
    assert {str(graph) for graph in reasoned.store.named_graphs() if graph != INFERRED} == {
        "<https://w3id.org/econsec/graph/ontology>"
    }


def test_axioms_among_the_data_are_not_drawn() -> None:
    data = trig("es:Act rdfs:subClassOf es:Law . ex:x a es:Act .")
    assert reason_over([ONTOLOGY], [data]).inferred == 0
    assert reason_over([ONTOLOGY, data], []).inferred == 3


def test_the_inferred_graph_is_written_in_order() -> None:
    data = trig("ex:b a es:Law . ex:a a es:Law . ex:c a es:Law .")
    store = reason_over([ONTOLOGY], [data]).store
    lines = inferred_triples(store, N_TRIPLES).decode().splitlines()
    assert lines == sorted(lines)
    assert [line[len("<http://example.org/")] for line in lines] == ["a", "b", "c"]
    turtle = inferred_triples(store, TURTLE).decode()
    assert "<http://example.org/a> a es:Instrument ." in turtle
    assert "@prefix es: <https://w3id.org/econsec/ontology#> ." in turtle
