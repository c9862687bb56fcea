"""Terms of the engine as rdflib's and back, each as it was written."""

from __future__ import annotations

import logging

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import Literal as RdflibLiteral

from econsec.knowledge.interchange import as_graph, from_rdflib, to_rdflib
from econsec.knowledge.reports import Term
from econsec.rdf.namespaces import XSD

EX = "https://example.org/"
TERMS: list[Term] = [
    NamedNode(f"{EX}磁石"),
    BlankNode("b0"),
    Literal("plain"),
    Literal("磁石", language="ja"),
    Literal("じしゃく", language="ja-hira"),
    Literal("1.50", datatype=XSD("decimal")),
    Literal("01", datatype=XSD("integer")),
    Literal("2020-01-01+09:00", datatype=XSD("date")),
    Literal("2022-05", datatype=XSD("gYearMonth")),
    Literal("abc", datatype=XSD("boolean")),
    Literal("1e3", datatype=XSD("decimal")),
    Literal("2022-02-30", datatype=XSD("date")),
    Literal("x", datatype=NamedNode(f"{EX}type")),
]


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_every_term_comes_back_as_it_was_written(
    term: Term, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert from_rdflib(to_rdflib(term)) == term
    assert caplog.records == []


def test_an_ill_formed_literal_says_so() -> None:
    ill, well = to_rdflib(TERMS[10]), to_rdflib(TERMS[5])
    assert isinstance(ill, RdflibLiteral) and isinstance(well, RdflibLiteral)
    assert (ill.ill_typed, ill.value) == (True, None)
    assert (well.ill_typed, str(well)) == (False, "1.50")


def test_a_graph_is_the_merge_of_its_statements() -> None:
    a, b = NamedNode(f"{EX}a"), NamedNode(f"{EX}b")
    statements = [Triple(a, b, Literal("1")), Quad(a, b, Literal("1"), NamedNode(f"{EX}graph"))]
    assert len(as_graph(statements)) == 1
