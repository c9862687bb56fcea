"""One test carried out, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pyoxigraph as ox

from econsec.rdf.formats import Format

from . import results
from .answers import check_format, check_status, stored, understood
from .changing import accept_update, reject_update, update
from .conversing import converse
from .describing import describe
from .expectation import expectation
from .manifest import Document, Test
from .outcome import Failure, NotOffered, Outcome, Verdict
from .server import Server

__all__ = ["judge", "writes"]

_QUERY = {"Content-Type": "application/sparql-query"}


def judge(test: Test, server: Server) -> Outcome:
    """Carry out one test. A fault of the harness itself is raised, never counted."""
    if test.suite.not_offered is not None:
        return Outcome(Verdict.NOT_OFFERED, test.suite.not_offered)
    try:
        _RUNNERS[test.type](test, server)
    except NotOffered as reason:
        return Outcome(Verdict.NOT_OFFERED, str(reason))
    except Failure as failure:
        return Outcome(Verdict.FAILED, str(failure))
    return Outcome(Verdict.PASSED)


def writes(test: Test) -> bool:
    """Whether the test is put to the server that is written to."""
    return _RUNNERS[test.type] in _WRITING


def _evaluate(test: Test, server: Server) -> None:
    request = test.text()
    assert test.result is not None, test.iri
    expected = expectation(test.result, request.text())
    answer = _ask(server.over(stored(test.data)), request, expected.format)
    check_status(answer, 200)
    check_format(answer, (expected.format,))
    if not results.same(expected.answer, understood(expected.read, answer)):
        raise Failure("the answer differs from the expected one")


def _accept_query(test: Test, server: Server) -> None:
    check_status(_ask(server.over(ox.Store()), test.text(), None), 200)


def _reject_query(test: Test, server: Server) -> None:
    check_status(_ask(server.over(ox.Store()), test.text(), None), 400)


def _ask(client: httpx.Client, request: Document, format: Format | None) -> httpx.Response:
    headers = _QUERY if format is None else {**_QUERY, "Accept": format.media_type}
    # The protocol has no parameter for the base of a query.
    text = f"BASE <{request.iri}>\n{request.text()}"
    return client.post("/sparql", content=text.encode(), headers=headers)


_RUNNERS: dict[str, Callable[[Test, Server], None]] = {
    "QueryEvaluationTest": _evaluate,
    "CSVResultFormatTest": _evaluate,
    "PositiveSyntaxTest11": _accept_query,
    "PositiveSyntaxTest": _accept_query,
    "NegativeSyntaxTest11": _reject_query,
    "NegativeSyntaxTest": _reject_query,
    "UpdateEvaluationTest": update,
    "PositiveUpdateSyntaxTest11": accept_update,
    "PositiveUpdateSyntaxTest": accept_update,
    "NegativeUpdateSyntaxTest11": reject_update,
    "NegativeUpdateSyntaxTest": reject_update,
    "ProtocolTest": converse,
    "GraphStoreProtocolTest": converse,
    "ServiceDescriptionTest": describe,
}
_WRITING = frozenset({update, accept_update, reject_update, converse, describe})
