"""HTTP requests that a manifest describes, and what the responses must be."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.term import Node

from .vocabulary import CNT, HT, MF

__all__ = ["Exchange", "exchange"]

_STATUSES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An HTTP request, and what the response must be.

    `statuses` are codes or classes (`4xx`). `content` is the graph that comes
    back, in `content_type`. `location` names the variable that the header
    Location is kept in, for later requests.
    """

    method: str
    path: str
    statuses: frozenset[str]
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    format: str | None = None
    boolean: bool | None = None
    content_type: str | None = None
    content: str | None = None
    location: str | None = None


def exchange(graph: Graph, request: Node) -> Exchange:
    """What the manifest says of one request (ht:Request)."""
    response = graph.value(request, HT.resp)
    body = graph.value(request, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding))
    boolean = graph.value(response, MF.expectedBoolean)
    content = graph.value(response, HT.body)
    expected = {name.lower(): value for name, value in _headers(graph, response)}
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        statuses=frozenset(map(_status, graph.objects(response, MF.expectedStatus))),
        headers=_headers(graph, request),
        body=None if body is None else str(graph.value(body, CNT.chars)).encode(encoding),
        format=_text(graph.value(response, MF.expectedFormat)),
        boolean=None if boolean is None else str(boolean) == "true",
        content_type=expected.get("content-type"),
        content=None if content is None else _text(graph.value(content, CNT.chars)),
        location=_text(graph.value(response, MF.expectedLocation)),
    )


def _headers(graph: Graph, node: Node | None) -> tuple[tuple[str, str], ...]:
    head = graph.value(node, HT.headers)
    nodes = () if head is None else graph.items(head)
    return tuple(
        (str(graph.value(each, HT.fieldName)), str(graph.value(each, HT.fieldValue)))
        for each in nodes
    )


def _status(node: Node) -> str:
    assert isinstance(node, URIRef)
    name = str(node).rpartition("#")[2]
    return _STATUSES.get(name) or name.removeprefix("StatusCode")


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)
