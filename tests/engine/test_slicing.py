"""LIMIT and OFFSET go in where the grammar has them, whatever stands there."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from econsec.engine.slicing import sliced
from econsec.errors import InvalidInput

ROWS = "{ VALUES ?x { " + " ".join(str(n) for n in range(10)) + " } }"
SHAPES = [
    "SELECT ?x " + ROWS + " ORDER BY ?x",
    "SELECT ?x " + ROWS + " ORDER BY ?x # LIMIT 2",
    "SELECT ?x " + ROWS + " ORDER BY ?x LIMIT 7",
    "SELECT ?x " + ROWS + " ORDER BY ?x limit 7 offset 2",
    "SELECT ?x " + ROWS + " ORDER BY ?x OFFSET 2 LIMIT 7",
    "SELECT ?x " + ROWS + " ORDER BY ?x OFFSET 9",
    "SELECT ?x " + ROWS + " ORDER BY ?x LIMIT 0",
    "SELECT ?x " + ROWS + " ORDER BY ?x VALUES ?x { 2 3 5 7 }",
    "SELECT ?x " + ROWS + " ORDER BY ?x LIMIT 3 VALUES ?x { 2 3 5 7 }",
    "SELECT ?x { { SELECT ?x " + ROWS + " ORDER BY ?x LIMIT 5 } FILTER(?x != 1) } ORDER BY ?x",
    "PREFIX limit: <x:> SELECT ?x " + ROWS + " GROUP BY ?x HAVING (?x > 1) ORDER BY ?x",
    "SELECT (STR(?x) AS ?limit) " + ROWS + " ORDER BY ?x",
]


def rows(query: str) -> list[str]:
    return [str(solution[0]) for solution in ox.Store().query(query)]  # type: ignore[union-attr]


@pytest.mark.parametrize("query", SHAPES)
@pytest.mark.parametrize(("skip", "limit"), [(0, 0), (0, 1), (0, 4), (3, 2), (0, 99), (9, 9)])
def test_a_slice_is_the_slice(query: str, skip: int, limit: int) -> None:
    assert rows(sliced(query, limit=limit, skip=skip)) == rows(query)[skip : skip + limit]


def test_a_clause_that_runs_into_its_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match="LIMIT5 is not followed by a number"):
        sliced("SELECT ?x {} LIMIT5 OFFSET 2", limit=1)
