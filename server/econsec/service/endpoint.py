"""A query put to a SPARQL endpoint elsewhere, instead of to a store of ours."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit

from SPARQLWrapper import ASK, CONSTRUCT, DESCRIBE, POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointNotFound, QueryBadFormed, SPARQLWrapperException

from econsec import __version__
from econsec.engine.binding import bound
from econsec.engine.store import Query
from econsec.errors import InvalidInput, NotAvailable, UsageError
from econsec.rdf.formats import Form, Format, offered
from econsec.rdf.negotiation import MediaType
from econsec.service.query import Choice, Result

__all__ = ["ask"]

_TIMEOUT = 120
"""Seconds without a byte from the endpoint after which it counts as silent."""

_FORMS = {
    SELECT: Form.SOLUTIONS,
    ASK: Form.BOOLEAN,
    CONSTRUCT: Form.GRAPH,
    DESCRIBE: Form.GRAPH,
}
_REJECTIONS = frozenset({403, 406, 413, 414, 415, 422})
_TRUE = re.compile(rb'\s*true\s*|.*<boolean>\s*true\b.*|.*"boolean"\s*:\s*true\b.*', re.DOTALL)


def ask(query: Query, choose: Choice, *, endpoint: str) -> Result:
    """Send the query by POST and take the answer as it comes.

    Raises `UsageError` on a URL that is not of the web, `InvalidInput` where
    the endpoint refuses the query, and `NotAvailable` where it gives no answer.
    """
    if urlsplit(endpoint).scheme not in {"http", "https"}:
        raise UsageError(f"{endpoint} is not the URL of an endpoint", remedy="give an http(s) URL")
    request = _request(query, endpoint)
    if request.queryType not in _FORMS:
        raise InvalidInput("the text is not a query")
    form = _FORMS[request.queryType]
    format = choose(offered(form))
    request.addCustomHttpHeader("Accept", format.media_type)
    body = _body(request, format, endpoint=endpoint)
    truth = _TRUE.fullmatch(body) is not None if form is Form.BOOLEAN else None
    return Result(format=format, body=body, truth=truth)


def _request(query: Query, endpoint: str) -> SPARQLWrapper:
    request = SPARQLWrapper(endpoint, agent=f"econsec/{__version__}")
    request.setMethod(POST)
    request.setOnlyConneg(True)
    request.setTimeout(_TIMEOUT)
    # The protocol has no parameter for a binding; the text with its data blocks needs none.
    request.setQuery(bound(query) if query.bindings else query.text)
    for graph in query.default_graphs:
        request.addParameter("default-graph-uri", graph)
    for graph in query.named_graphs:
        request.addParameter("named-graph-uri", graph)
    if not query.infer:
        request.addParameter("infer", "false")
    return request


def _body(request: SPARQLWrapper, format: Format, *, endpoint: str) -> bytes:
    try:
        with request.query().response as response:
            body: bytes = response.read()
    except QueryBadFormed as error:
        raise _rejected(_reply(error)) from error
    except EndPointNotFound as error:
        raise NotAvailable("there is no endpoint at this URL", source=endpoint) from error
    except HTTPError as error:
        with error:
            reply = error.read()
        if error.code in _REJECTIONS:
            raise _rejected(reply) from error
        raise _silent(f"{error.code} {error.reason}", endpoint) from error
    except SPARQLWrapperException as error:
        raise _silent(str(error).partition("\n")[0], endpoint) from error
    except (OSError, HTTPException) as error:
        raise _silent(str(getattr(error, "reason", error)), endpoint) from error
    media_type = MediaType.parse(response.headers.get("Content-Type", ""))
    if media_type is None or not format.goes_by(media_type.essence):
        given = "no known format" if media_type is None else media_type.essence
        raise _silent(f"asked for {format.media_type}, it answers in {given}", endpoint)
    return body


def _silent(reason: str, endpoint: str) -> NotAvailable:
    return NotAvailable(f"the endpoint gives no answer: {reason}", source=endpoint)


def _rejected(reply: bytes) -> InvalidInput:
    """What an endpoint says about a query that it does not take, place included if it can."""
    try:
        problem = json.loads(reply)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    return InvalidInput(
        problem.get("detail") or "the endpoint does not take the query",
        line=problem.get("line"),
        column=problem.get("column"),
        remedy=problem.get("remedy"),
    )


def _reply(error: QueryBadFormed) -> bytes:
    # SPARQLWrapper keeps the body only as a bytes literal in its message.
    literal = str(error).partition("Response:\n")[2]
    reply: bytes = literal_eval(literal) if literal else b""
    return reply
