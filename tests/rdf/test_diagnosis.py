"""The engine's complaints about queries, made readable."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from econsec.errors import InvalidInput
from econsec.rdf.diagnosis import malformed_query


def diagnosis(text: str) -> InvalidInput:
    with pytest.raises(SyntaxError) as caught:
        Store().query(text)
    return malformed_query(caught.value, text, source="q.rq")


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("SELECT *\nWHERE { ?s ?p ?o } LIMIT many", 2, 26, "it cannot go on with 'many'"),
        ("SELECT * {\n ?s zz:p ?o }", 2, 10, "the prefix zz: is not declared"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "a variable that is unbound"),
        ("SELECT ?s { ?s ?p ?o ", 1, 22, "read to its end, it is not a query"),
        ('SELECT ?s { ?s ?p "日本語" } ORDER\n', 2, 1, "read to its end, it is not a query"),
    ],
)
def test_place_and_reason(text: str, line: int, column: int, reason: str) -> None:
    error = diagnosis(text)
    assert (error.source, error.line, error.column) == ("q.rq", line, column)
    assert error.detail.startswith("the query is malformed: ")
    assert reason in error.detail


def test_the_parsers_own_symbols_are_not_shown() -> None:
    assert "[_]" not in diagnosis("SELECT * { ?s ?p ?o } GROUP BY ?s ??").detail
    assert ".." not in diagnosis("SELECT * { <http://a/b> ?? 1 }").detail


def test_an_unknown_function_is_named() -> None:
    with pytest.raises(RuntimeError) as caught:
        Store().query("SELECT (<https://example.org/f>(1) AS ?x) {}")
    error = malformed_query(caught.value, "")
    assert "https://example.org/f" in error.detail
    assert error.line is None
