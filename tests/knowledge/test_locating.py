"""Results get the place of their focus node in what was validated."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.knowledge.locating import UNNAMED, locate, places_of
from econsec.knowledge.reading import document
from econsec.knowledge.reports import Place, Report, Result, Severity, Term
from econsec.rdf.formats import JSON_LD, N_TRIPLES, TURTLE, Format
from econsec.rdf.namespaces import SH

EX = "https://example.org/"
ONE = f"@prefix ex: <{EX}> .\nex:a ex:p ex:b .\n\nex:b ex:p _:x , [\n  ex:q 1 ] .\n_:x ex:q 2 ."
TWO = f"<{EX}b> <{EX}p> 1 .\n<{EX}c> <{EX}p> 2 ."
Q = NamedNode(f"{EX}q")


def result(focus: Term) -> Result:
    component = SH("MinCountConstraintComponent")
    return Result(focus, Severity.VIOLATION, NamedNode(f"{EX}S"), component, messages={}, label={})


def test_results_stand_where_their_focus_node_is_first_described() -> None:
    documents = [
        document(ONE.encode(), name="one.ttl", format=TURTLE, base=None),
        document(TWO.encode(), name="two.ttl", format=TURTLE, base=None),
    ]
    focus = [*(NamedNode(EX + name) for name in "abcd"), Literal("a")]
    report = locate(Report(tuple(map(result, focus)), audit=()), documents)
    assert [each.place for each in report.results] == [
        Place("one.ttl", 2),
        Place("one.ttl", 4),
        Place("two.ttl", 2),
        None,
        None,
    ]
    assert [each.focus for each in report.results] == focus


def test_blank_nodes_are_known_by_the_names_that_reading_gives_them() -> None:
    read = document(ONE.encode(), name="one.ttl", format=TURTLE, base=None)
    nodes = {q.object.value: q.subject for q in read.quads() if q.predicate == Q}
    assert all(isinstance(node, BlankNode) for node in nodes.values())
    places = places_of(nodes.values(), [read])
    assert {value: places[node].line for value, node in nodes.items()} == {"1": 4, "2": 6}


def test_a_document_without_lines_is_a_place_without_one() -> None:
    text = f'{{"@id": "{EX}a", "{EX}p": 1}}'
    read = document(text.encode(), name="a.jsonld", format=JSON_LD, base=None)
    nodes = [NamedNode(f"{EX}a"), NamedNode(f"{EX}b")]
    assert places_of(nodes, [read]) == {nodes[0]: Place("a.jsonld")}


def test_what_stands_in_no_graph_has_none_and_not_the_address_of_its_file() -> None:
    turtle = f"<{EX}a> <{EX}p> 1 ."
    read = document(turtle.encode(), name="d.ttl", format=TURTLE, base="file:///srv/private/d.ttl")
    graphs = {"file:///srv/private/d.ttl": None, UNNAMED.value: None, f"{EX}g": f"{EX}g"}
    for graph, shown in graphs.items():
        found = replace(result(NamedNode(f"{EX}a")), graph=NamedNode(graph))
        (located,) = locate(Report((found,), audit=()), [read]).results
        assert located.graph == (None if shown is None else NamedNode(shown))
        assert located.place == Place("d.ttl", 1)
    blank = replace(result(NamedNode(f"{EX}b")), graph=NamedNode("file:///srv/private/d.ttl"))
    (located,) = locate(Report((blank,), audit=()), [read]).results
    assert located.place == Place("d.ttl")


@pytest.mark.parametrize("format", [TURTLE, N_TRIPLES])
def test_relative_and_compressed_documents(format: Format) -> None:
    text = "\n\n<#a> <#p> 1 ." if format is TURTLE else f"\n\n<{EX}d#a> <{EX}d#p> <{EX}b> ."
    content = gzip.compress(text.encode())
    read = document(content, name="d.gz", format=format, base=f"{EX}d")
    assert places_of([NamedNode(f"{EX}d#a")], [read]) == {NamedNode(f"{EX}d#a"): Place("d.gz", 3)}


def test_a_report_without_results_reads_nothing() -> None:
    broken = document(b"no Turtle", name="x.ttl", format=TURTLE, base=None)
    assert locate(Report((), audit=()), [broken]) == Report((), audit=())
