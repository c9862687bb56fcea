"""The way of a query through the service, with a store that counts what reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import IO

import pytest

from econsec.engine.store import Answer, GraphSize, Query
from econsec.errors import EconSecError, InvalidInput, Refused
from econsec.rdf.formats import CSV, JSON, TURTLE, Form, Format, NotAcceptable
from econsec.rdf.negotiation import negotiate
from econsec.service.query import answer
from econsec.settings import Settings


class Fixed:
    """An answer that is its own format's name."""

    form = Form.BOOLEAN

    def __init__(self, truth: bool | None) -> None:
        self._truth = truth

    def write(self, output: IO[bytes], format: Format) -> None:
        output.write(format.name.encode())

    def truth(self) -> bool | None:
        return self._truth


class Recorder:
    """A store that gives one answer and remembers the queries."""

    def __init__(self, truth: bool | None = True) -> None:
        self.queries: list[Query] = []
        self._answer = Fixed(truth)

    def query(self, query: Query) -> Answer:
        self.queries.append(query)
        return self._answer

    def graphs(self) -> tuple[GraphSize, ...]:
        return ()

    def close(self) -> None:
        pass


def first(offered: Sequence[Format]) -> Format:
    return offered[0]


def test_an_answer_comes_in_the_format_that_is_chosen() -> None:
    store = Recorder(truth=False)
    query = Query("ASK {}", default_graphs=("http://x/",), infer=False)
    result = answer(query, partial(negotiate, "text/csv"), store=store, settings=Settings())
    assert (result.format, result.body, result.truth) == (CSV, b"CSV", False)
    assert store.queries == [query]


@pytest.mark.parametrize(
    ("text", "format"), [("SELECT * {}", JSON), ("ASK {}", JSON), ("DESCRIBE <x:y>", TURTLE)]
)
def test_the_form_decides_what_is_offered(text: str, format: Format) -> None:
    assert answer(Query(text), first, store=Recorder(), settings=Settings()).format == format


@pytest.mark.parametrize(
    ("text", "accept", "error"),
    [
        ("SELECT * { SERVICE <x:y> {} }", "*/*", Refused),
        ("CLEAR ALL", "*/*", InvalidInput),
        ("SELECT * {", "*/*", InvalidInput),
        ("SELECT * {}", "text/turtle", NotAcceptable),
    ],
)
def test_what_is_refused_never_reaches_the_store(
    text: str, accept: str, error: type[EconSecError]
) -> None:
    store = Recorder()
    with pytest.raises(error):
        answer(Query(text), partial(negotiate, accept), store=store, settings=Settings())
    assert store.queries == []


def test_the_limits_are_those_of_the_settings() -> None:
    settings = Settings(max_nesting=1)
    with pytest.raises(InvalidInput, match="max_nesting, 1"):
        answer(Query("ASK {{}}"), first, store=Recorder(), settings=settings)
