"""When two results are the same."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from w3c.results import graph, same, solutions, solutions_of_graph

from econsec.rdf.formats import CSV, TSV, TURTLE

RESULT_SET = """
PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>
[] a rs:ResultSet ; rs:resultVariable "x" ;
    rs:solution [ %s rs:binding [ rs:variable "x" ; rs:value 1 ] ] ,
        [ %s rs:binding [ rs:variable "x" ; rs:value 2 ] ]
"""


def tsv(*rows: str, ordered: bool = False) -> list[Quad]:
    return solutions("\n".join([*rows, ""]).encode(), TSV, ordered=ordered)


def turtle(text: str) -> list[Quad]:
    return graph(f"PREFIX : <urn:> {text} .".encode(), TURTLE, base="urn:base")


def test_the_sequence_counts_only_where_it_is_asked_for() -> None:
    assert same(tsv("?x", "1", "2"), tsv("?x", "2", "1"))
    assert not same(tsv("?x", "1", "2", ordered=True), tsv("?x", "2", "1", ordered=True))
    assert same(tsv("?x", "1", "2", ordered=True), tsv("?x", "1", "2", ordered=True))


def test_a_solution_counts_as_often_as_it_comes() -> None:
    assert not same(tsv("?x", "1"), tsv("?x", "1", "1"))
    assert same(tsv("?x", "1", "1"), tsv("?x", "1", "1"))


def test_the_sequence_of_the_variables_does_not_count_but_each_does() -> None:
    assert same(tsv("?x\t?y", "1\t2"), tsv("?y\t?x", "2\t1"))
    assert not same(tsv("?x", "1"), tsv("?x\t?y", "1\t"))


def test_blank_nodes_are_the_same_up_to_their_labels() -> None:
    assert same(tsv("?x\t?y", "_:a\t_:b"), tsv("?x\t?y", "_:c\t_:a"))
    assert not same(tsv("?x\t?y", "_:a\t_:b"), tsv("?x\t?y", "_:a\t_:a"))


def test_blank_nodes_are_one_across_solutions() -> None:
    assert not same(tsv("?x", "_:a", "_:a"), tsv("?x", "_:a", "_:b"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1.50", "1.5", True),
        ("1.0e6", "1e6", True),
        ("1.5", "1.5e0", False),
        ("01", "1", False),
        ("1.5", "1.6", False),
        ('"a"@en', '"a"', False),
        ('"NaN"^^<http://www.w3.org/2001/XMLSchema#double>', "1e0", False),
    ],
)
def test_only_fractions_are_compared_by_value(one: str, other: str, is_same: bool) -> None:
    assert same(tsv("?x", one), tsv("?x", other)) is is_same


def test_csv_has_no_datatypes_but_blank_nodes() -> None:
    assert same(solutions(b"x\r\n_:a\r\n", CSV), solutions(b"x\r\n_:b\r\n", CSV))
    assert not same(solutions(b"x\r\n1.0\r\n", CSV), solutions(b"x\r\n1\r\n", CSV))


def test_graphs_and_triple_terms() -> None:
    assert same(turtle(":a :b [ :c _:x ]"), turtle("_:y :c _:z . :a :b _:y"))
    assert not same(turtle(":a :b [ :c _:x ]"), turtle("_:y :c _:z . :a :b _:z"))
    assert same(turtle(":a :b <<( _:x :p _:x )>>"), turtle(":a :b <<( _:y :p _:y )>>"))
    assert not same(turtle(":a :b <<( _:x :p _:x )>>"), turtle(":a :b <<( _:y :p _:z )>>"))


def test_the_graph_of_a_quad_counts() -> None:
    def trig(text: str) -> list[Quad]:
        return list(parse(text, format=RdfFormat.TRIG))

    assert not same(trig("<urn:a> <urn:b> 1 ."), trig("<urn:g> { <urn:a> <urn:b> 1 }"))


def test_a_result_set_in_rdf_is_ordered_by_its_indexes() -> None:
    plain, is_ordered = solutions_of_graph(turtle(RESULT_SET % ("", "")))
    assert not is_ordered
    assert same(plain, tsv("?x", "2", "1"))
    indexed, is_ordered = solutions_of_graph(turtle(RESULT_SET % ("rs:index 2 ;", "rs:index 1 ;")))
    assert is_ordered
    assert same(indexed, tsv("?x", "2", "1", ordered=True))
    assert not same(indexed, tsv("?x", "1", "2", ordered=True))
