"""Hygiene: queries over the whole data set whose every row is a defect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import QuerySolutions, Store

from econsec.errors import InvalidInput
from econsec.knowledge.catalogue import QueryFile
from econsec.rdf.diagnosis import malformed_query
from econsec.rdf.namespaces import PREFIXES

__all__ = ["Finding", "run"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a hygiene query: what is wrong (`query.title`), and where (`row`).

    `row` has the bound variables in the order of the query, values as N-Triples.
    """

    query: QueryFile
    row: Mapping[str, str]

    def __str__(self) -> str:
        """One line: `name: what is wrong: variable=value, …`."""
        values = ", ".join(f"{name}={value}" for name, value in self.row.items())
        return f"{self.query.name}: {self.query.title['en']}: {values}"


def run(store: Store, queries: Iterable[QueryFile]) -> tuple[Finding, ...]:
    """Run every query; the findings in the order of the queries.

    Raises `InvalidInput`, with the place in the file, on a query that is
    malformed or no SELECT.
    """
    return tuple(finding for query in queries for finding in _rows(store, query))


def _rows(store: Store, query: QueryFile) -> Iterator[Finding]:
    solutions = _solutions(store, query)
    for solution in solutions:
        bound = ((v.value, solution[v]) for v in solutions.variables)
        yield Finding(query, {name: str(term) for name, term in bound if term is not None})


def _solutions(store: Store, query: QueryFile) -> QuerySolutions:
    try:
        answer = store.query(query.text, prefixes=PREFIXES)
    except (SyntaxError, RuntimeError) as error:
        raise malformed_query(error, query.text, source=str(query.path)) from error
    if not isinstance(answer, QuerySolutions):
        raise InvalidInput("a hygiene query is a SELECT", source=str(query.path))
    return answer
