"""The competency questions have the answers that were read from the document by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from econsec.knowledge.catalogue import QueryFile

FOLDER = Path(__file__).resolve().parents[2] / "queries" / "competency"
QUESTIONS = sorted(path.stem for path in FOLDER.glob("*.rq"))
ANSWERS = sorted(path.name for path in FOLDER.glob("*") if path.suffix in {".tsv", ".ttl"})

Row = tuple[Any, ...]
Questions = dict[str, dict[str, QueryFile]]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: its columns and its rows, both in order."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table(solutions: QuerySolutions) -> Table:
    """All of the solutions, as a value that can be compared."""
    columns = solutions.variables
    rows = tuple(tuple(solution[column] for column in columns) for solution in solutions)
    return Table(tuple(column.value for column in columns), rows)


def ask(store: Store, query: QueryFile) -> Table | set[Any]:
    """The answer to a query: a table of terms, or a set of triples.

    The text is run as it stands, without prefixes from outside, so that it runs anywhere.
    """
    answer = store.query(query.text)
    assert not isinstance(answer, QueryBoolean), "an ASK says too little to be checked"
    return set(answer) if isinstance(answer, QueryTriples) else table(answer)


def expected(query: QueryFile) -> Table | set[Any]:
    """The answer that lies beside the query."""
    assert query.expected is not None, f"{query.name} has no expected answer"
    if query.expected.suffix == ".ttl":
        return {quad.triple for quad in parse(path=query.expected, format=RdfFormat.TURTLE)}
    text = query.expected.read_bytes()
    solutions = parse_query_results(text, format=QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    return table(solutions)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer(name: str, catalogue: Questions, dataset: Store) -> None:
    query = catalogue["competency"][name]
    assert ask(dataset, query) == expected(query)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer_does_not_depend_on_the_order_of_loading(
    name: str, catalogue: Questions, reversed_dataset: Store
) -> None:
    query = catalogue["competency"][name]
    assert ask(reversed_dataset, query) == expected(query)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer_comes_from_the_data(name: str, catalogue: Questions) -> None:
    query = catalogue["competency"][name]
    assert ask(Store(), query) != expected(query)


@pytest.mark.parametrize("name", QUESTIONS)
def test_expected_answer_says_something(name: str, catalogue: Questions) -> None:
    answer = expected(catalogue["competency"][name])
    assert 1 <= len(answer.rows if isinstance(answer, Table) else answer) <= 40


@pytest.mark.parametrize("name", QUESTIONS)
def test_several_rows_have_an_order(name: str, catalogue: Questions) -> None:
    query = catalogue["competency"][name]
    answer = expected(query)
    if isinstance(answer, Table) and len(answer.rows) > 1:
        assert re.search(r"^ORDER BY ", query.text, re.MULTILINE)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_a_question(name: str) -> None:
    assert Path(name).stem in QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_one_answer(name: str) -> None:
    assert [answer for answer in ANSWERS if Path(answer).stem == name] in (
        [f"{name}.tsv"],
        [f"{name}.ttl"],
    )


@pytest.fixture(scope="module")
def reversed_dataset(dataset: Store) -> Store:
    """The packaged data set, loaded the other way round."""
    store = Store()
    store.extend(reversed(list(dataset)))
    return store
