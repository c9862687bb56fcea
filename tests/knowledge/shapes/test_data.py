"""The data that are judged: kept as a text, and given back as they came."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from econsec.errors import Refused
from econsec.knowledge.shapes.data import Data
from econsec.rdf.namespaces import XSD

EX = "https://example.org/"
A, P, Q = NamedNode(EX + "a"), NamedNode(EX + "p"), NamedNode(EX + "q")
BLANK = BlankNode("one")
ODD = Literal('"5"^^<x> .\n_:b <p> _:c .\n> _:d .\n<<( <a> )>> \\')
"""A text in which lines of N-Triples stand."""

INTEGER = Literal("007", datatype=XSD("integer"))
BYTE = Literal("7", datatype=XSD("byte"))
STATEMENTS = [
    Triple(BLANK, P, ODD),
    Triple(A, P, ODD),
    Triple(A, P, BlankNode("two")),
    Triple(A, P, INTEGER),
    Triple(A, Q, BYTE),
    Triple(BLANK, Q, Literal("1.50", datatype=XSD("decimal"))),
    Triple(A, P, Literal("日本", language="ja")),
]


@pytest.mark.parametrize("turned", [False, True])
def test_statements_come_back_as_they_came(turned: bool) -> None:
    statements = list(reversed(STATEMENTS)) if turned else STATEMENTS
    data = Data(statements)
    assert Counter(map(str, data.triples)) == Counter(map(str, STATEMENTS))
    assert set(data.blank_nodes) == {BLANK, BlankNode("two")}
    assert data.text.count(b"\n") == len(STATEMENTS)
    assert {quad.subject for quad in data.store if quad.predicate == Q} == {A, BLANK}


def test_literals_that_are_no_text_are_known() -> None:
    data = Data(STATEMENTS)
    assert data.has_literal(INTEGER)
    assert data.has_literal(Literal("1.50", datatype=XSD("decimal")))
    assert not data.has_literal(Literal("5", datatype=NamedNode("urn:x")))
    assert list(data.of_datatype(XSD("byte"))) == ["7"]


def test_what_is_rewritten_is_known_by_predicate() -> None:
    data, stored = Data(STATEMENTS), Literal("7", datatype=XSD("integer"))
    assert set(data.rewritten[stored]) == {INTEGER, BYTE}
    assert data.written_for(frozenset({P})) == {stored: [INTEGER]}
    assert data.written_for(frozenset({Q}))[stored] == [BYTE]
    assert set(data.written_for(frozenset({P, Q}))[stored]) == {INTEGER, BYTE}
    assert data.written_for(None) == data.rewritten


def test_a_triple_term_is_refused_and_a_text_like_one_is_not() -> None:
    assert list(Data([Quad(A, P, ODD)]).triples) == [Triple(A, P, ODD)]
    with pytest.raises(Refused, match="triple terms"):
        Data([Triple(A, P, Triple(A, P, ODD))])
    with pytest.raises(Refused, match="triple terms"):
        Data([Triple(BLANK, P, Triple(BLANK, P, BLANK))])
