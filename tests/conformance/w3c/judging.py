"""One test carried out, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeVar

import httpx
import pyoxigraph as ox
from pyoxigraph import NamedNode

from econsec.rdf.formats import FORMATS, JSON, XML, Form, Format, by_suffix, offered
from econsec.rdf.negotiation import MediaType

from . import results
from .expectation import expectation
from .manifest import Document, Exchange, Source, Test
from .server import Server

__all__ = ["Outcome", "Verdict", "judge"]

_Content = TypeVar("_Content")

_QUERY = {"Content-Type": "application/sparql-query"}
_REFUSED = "/problems/refused"
_NO_SERVICE = "SERVICE is refused"
_NO_LOAD = "LOAD is refused: nothing is fetched"
_NO_UPDATES = "the protocol takes no updates yet"
_PROTOCOL_FORMATS = {
    "boolean": (JSON, XML),
    "tabular": offered(Form.SOLUTIONS),
    "RDF": offered(Form.GRAPH),
}
_LOAD = re.compile(r"\bLOAD\b", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"""(?:\s|\#[^\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>|VERSION\s*(?:"[^"]*"|'[^']*'))*+""",
    re.IGNORECASE,
)
# It parses, and fails before anything that follows is carried out.
_STOP = "DROP GRAPH <urn:absent> ;\n"


class Verdict(StrEnum):
    """What came of a test; the names are those of EARL."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_OFFERED = "inapplicable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the reason where it is not that the test passed."""

    verdict: Verdict
    detail: str = ""


class _Failure(Exception):
    """The answer is not the one that the test expects."""


class _NotOffered(Exception):
    """The test is about something that the service does not do."""


def judge(test: Test, server: Server) -> Outcome:
    """Carry out one test. A fault of the harness itself is raised, never counted."""
    if test.suite.not_offered is not None:
        return Outcome(Verdict.NOT_OFFERED, test.suite.not_offered)
    try:
        _RUNNERS[test.type](test, server)
    except _NotOffered as reason:
        return Outcome(Verdict.NOT_OFFERED, str(reason))
    except _Failure as failure:
        return Outcome(Verdict.FAILED, str(failure))
    return Outcome(Verdict.PASSED)


def _evaluate(test: Test, server: Server) -> None:
    request = _request(test)
    assert test.result is not None, test.iri
    expected = expectation(test.result, request.text())
    answer = _ask(server.over(_store(test.data)), request, expected.format)
    _check_status(answer, 200)
    _check_format(answer, (expected.format,))
    if not results.same(expected.answer, _understood(expected.read, answer)):
        raise _Failure("the answer differs from the expected one")


def _accept_query(test: Test, server: Server) -> None:
    _check_status(_ask(server.over(ox.Store()), _request(test), None), 200)


def _reject_query(test: Test, server: Server) -> None:
    _check_status(_ask(server.over(ox.Store()), _request(test), None), 400)


def _update(test: Test, server: Server) -> None:
    request = _request(test)
    if _LOAD.search(request.text()) is not None:
        raise _NotOffered(_NO_LOAD)
    store = _store(test.data)
    try:
        store.update(request.text(), base_iri=request.iri)
    except (SyntaxError, RuntimeError) as error:
        raise _Failure(f"the engine says: {error}") from error
    if not results.same(store, _store(test.after)):
        raise _Failure("the store differs from the expected one")


def _accept_update(test: Test, server: Server) -> None:
    error = _parse_error(_request(test))
    if error is not None:
        raise _Failure(f"the engine says: {error}")


def _reject_update(test: Test, server: Server) -> None:
    if _parse_error(_request(test)) is None:
        raise _Failure("the engine takes it")


def _parse_error(request: Document) -> SyntaxError | None:
    text = request.text()
    prologue = _PROLOGUE.match(text)
    assert prologue is not None
    # The engine reads no prologue after a `;`, though the grammar has one.
    stopped = text[: prologue.end()] + _STOP + text[prologue.end() :]
    try:
        ox.Store().update(stopped, base_iri=request.iri)
    except SyntaxError as error:
        return error
    except RuntimeError:
        return None
    raise AssertionError("an update went past a graph that is not there")


def _converse(test: Test, server: Server) -> None:
    if "update" in test.iri.rpartition("#")[2]:
        raise _NotOffered(_NO_UPDATES)
    client = server.over(_store(test.data))
    for exchange in test.exchanges:
        _check(_send(client, exchange), exchange)


def _send(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    path = exchange.path.replace("/sparql/", "/sparql", 1)
    return client.request(exchange.method, path, headers=[*exchange.headers], content=exchange.body)


def _check(answer: httpx.Response, exchange: Exchange) -> None:
    if not {str(answer.status_code), f"{answer.status_code // 100}xx"} & exchange.statuses:
        raise _Failure(_said(answer))
    if exchange.format is None:
        return
    format = _check_format(answer, _PROTOCOL_FORMATS[exchange.format])
    if exchange.boolean is None:
        return
    if _understood(partial(results.boolean, format=format), answer) is not exchange.boolean:
        raise _Failure(f"the answer is not {str(exchange.boolean).lower()}")


def _understood(read: Callable[[bytes], _Content], answer: httpx.Response) -> _Content:
    try:
        return read(answer.content)
    except (SyntaxError, ValueError) as error:
        raise _Failure(f"the answer cannot be read: {error}") from error


def _check_status(answer: httpx.Response, status: int) -> None:
    if answer.status_code == 403 and answer.json()["type"].endswith(_REFUSED):
        raise _NotOffered(_NO_SERVICE)
    if answer.status_code != status:
        raise _Failure(_said(answer))


def _said(answer: httpx.Response) -> str:
    if answer.headers.get("content-type") == "application/problem+json":
        return f"the service says {answer.status_code}: {answer.json()['detail']}"
    return f"the service says {answer.status_code}"


def _check_format(answer: httpx.Response, formats: Iterable[Format]) -> Format:
    media_type = MediaType.parse(answer.headers["content-type"])
    for format in formats:
        if media_type is not None and media_type.essence == format.media_type:
            return format
    raise _Failure(f"the answer is in {answer.headers['content-type']}")


def _ask(client: httpx.Client, request: Document, format: Format | None) -> httpx.Response:
    headers = _QUERY if format is None else {**_QUERY, "Accept": format.media_type}
    # The protocol has no parameter for the base of a query.
    text = f"BASE <{request.iri}>\n{request.text()}"
    return client.post("/sparql", content=text.encode(), headers=headers)


def _store(sources: Iterable[Source]) -> ox.Store:
    store = ox.Store()
    for source in sources:
        format = by_suffix(source.document.path, FORMATS)
        graph = None if source.graph is None else NamedNode(source.graph)
        if graph is not None:
            store.add_graph(graph)  # an empty document makes an empty graph
        store.load(
            path=str(source.document.path),
            format=format.engine,  # type: ignore[arg-type]
            base_iri=source.document.iri,
            to_graph=graph,
        )
    return store


def _request(test: Test) -> Document:
    assert test.request is not None, test.iri
    return test.request


_RUNNERS: dict[str, Callable[[Test, Server], None]] = {
    "QueryEvaluationTest": _evaluate,
    "CSVResultFormatTest": _evaluate,
    "PositiveSyntaxTest11": _accept_query,
    "PositiveSyntaxTest": _accept_query,
    "NegativeSyntaxTest11": _reject_query,
    "NegativeSyntaxTest": _reject_query,
    "UpdateEvaluationTest": _update,
    "PositiveUpdateSyntaxTest11": _accept_update,
    "PositiveUpdateSyntaxTest": _accept_update,
    "NegativeUpdateSyntaxTest11": _reject_update,
    "NegativeUpdateSyntaxTest": _reject_update,
    "ProtocolTest": _converse,
}
