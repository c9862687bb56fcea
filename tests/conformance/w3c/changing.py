"""The tests of the update language, each an update that is sent to the running server."""

from __future__ import annotations

import re

import httpx
import pyoxigraph as ox

from . import results
from .answers import is_refused, said, stored
from .manifest import Document, Test
from .outcome import Failure, NotOffered
from .server import Server

__all__ = ["accept_update", "reject_update", "update"]

_NO_LOAD = "LOAD is refused: nothing is fetched"
_LOAD = re.compile(r"\bLOAD\b", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"""(?:\s|\#[^\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:]*:\s*<[^>]*>|VERSION\s*(?:"[^"]*"|'[^']*'))*+""",
    re.IGNORECASE,
)
# What fails like this was read and understood.
_CARRIED_OUT = re.compile(r"The graph <[^>]*> (?:does not exist|already exists)")
# It parses, and fails before anything that follows is carried out.
_STOP = "DROP GRAPH <urn:absent> ;\n"


def update(test: Test, server: Server) -> None:
    """Load the data, send the update, and read all that is there afterwards."""
    request = test.text()
    if _LOAD.search(request.text()) is not None:
        raise NotOffered(_NO_LOAD)
    server.fill(stored(test.data))
    answer = _send(server.writer, request)
    if answer.status_code != 204:
        raise Failure(said(answer))
    if not results.same(server.contents(), stored(test.after)):
        raise Failure("the store differs from the expected one")


def accept_update(test: Test, server: Server) -> None:
    """The text is carried out, or fails for another reason than its syntax."""
    fault = _fault(test.text(), server)
    if fault is not None:
        raise Failure(fault)


def reject_update(test: Test, server: Server) -> None:
    """The text is refused for its syntax."""
    if _fault(test.text(), server) is None:
        raise Failure("the text is taken")


def _fault(request: Document, server: Server) -> str | None:
    """What is wrong with the syntax, `None` where nothing is."""
    answer = _send(server.writer, request)
    if is_refused(answer):
        # The guard refuses LOAD before it has read the rest, so the engine is asked alone.
        error = _parse_error(request)
        return None if error is None else f"the engine says: {error}"
    if answer.status_code == 204 or _CARRIED_OUT.fullmatch(answer.json()["detail"]) is not None:
        return None
    if answer.status_code == 400:
        return said(answer)
    raise Failure(said(answer))


def _send(client: httpx.Client, request: Document) -> httpx.Response:
    # The protocol has no parameter for the base of an update.
    text = f"BASE <{request.iri}>\n{request.text()}"
    headers = {"Content-Type": "application/sparql-update"}
    return client.post("/update", content=text.encode(), headers=headers)


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
