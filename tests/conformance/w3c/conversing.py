"""The tests of the protocols: requests that are sent as they are told, one after the other."""

from __future__ import annotations

from functools import partial

import httpx

from econsec.rdf.formats import JSON, READABLE, XML, Form, offered
from econsec.rdf.negotiation import MediaType

from . import results
from .answers import check_format, said, stored, understood
from .exchange import Exchange
from .manifest import Test
from .outcome import Failure
from .server import Server

__all__ = ["converse"]

_FORMATS = {
    "boolean": (JSON, XML),
    "tabular": offered(Form.SOLUTIONS),
    "RDF": offered(Form.GRAPH),
}
_PATHS = {"/sparql/": "/sparql", "/gsp": "/store", "/$GRAPHSTORE$": "/store"}
_STORE = "$GRAPHSTORE$"


def converse(test: Test, server: Server) -> None:
    """Send each request, and look at its response before the next."""
    server.begin(test, stored(test.data))
    for exchange in test.exchanges:
        answer = _send(server, exchange)
        _check(answer, exchange, server)
        if exchange.location is not None:
            if "location" not in answer.headers:
                raise Failure("the response has no Location")
            server.variables[exchange.location] = answer.headers["location"]


def _send(server: Server, exchange: Exchange) -> httpx.Response:
    path = _filled(exchange.path, server)
    for prefix, own in _PATHS.items():
        if path.startswith(prefix):
            path = own + path.removeprefix(prefix)
            break
    body = exchange.body
    if body is not None and _STORE.encode() in body:
        body = _filled(body.decode(), server).encode()
    return server.writer.request(exchange.method, path, headers=[*exchange.headers], content=body)


def _filled(text: str, server: Server) -> str:
    """The text with the values of its variables."""
    host = server.writer.base_url.netloc.decode()
    variables = {f"/{_STORE}": "/store", _STORE: "/store", "$HOST$": host, **server.variables}
    for name, value in variables.items():
        text = text.replace(name, value)
    return text


def _check(answer: httpx.Response, exchange: Exchange, server: Server) -> None:
    if not {str(answer.status_code), f"{answer.status_code // 100}xx"} & exchange.statuses:
        raise Failure(said(answer))
    if exchange.format is not None:
        format = check_format(answer, _FORMATS[exchange.format])
        if exchange.boolean is not None:
            read = partial(results.boolean, format=format)
            if understood(read, answer) is not exchange.boolean:
                raise Failure(f"the answer is not {str(exchange.boolean).lower()}")
    if exchange.content_type is not None:
        _check_content_type(answer, exchange.content_type)
    if exchange.content is not None:
        _check_content(answer, _filled(exchange.content, server))


def _check_content_type(answer: httpx.Response, expected: str) -> None:
    header = answer.headers.get("content-type", "")
    wanted, found = MediaType.parse(expected), MediaType.parse(header)
    assert wanted is not None, expected
    if found is None or (found.essence, found.charset) != (wanted.essence, wanted.charset):
        raise Failure(f"the answer is in {header or 'no format'}")


def _check_content(answer: httpx.Response, expected: str) -> None:
    format = check_format(answer, READABLE)
    base = str(answer.url)
    wanted = results.graph(expected.encode(), format, base=base)
    found = understood(partial(results.graph, format=format, base=base), answer)
    if not results.same(wanted, found):
        raise Failure("the graph differs from the expected one")
