"""What a response says, held against what it should say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import httpx
import pyoxigraph as ox
from pyoxigraph import NamedNode

from econsec.rdf.formats import FORMATS, Format, by_suffix
from econsec.rdf.negotiation import MediaType

from .manifest import Source
from .outcome import Failure, NotOffered

__all__ = ["check_format", "check_status", "is_refused", "said", "stored", "understood"]

_Content = TypeVar("_Content")

_REFUSED = "/problems/refused"
_NO_SERVICE = "SERVICE is refused"


def check_status(answer: httpx.Response, status: int) -> None:
    """Raise `Failure` on another status, `NotOffered` where a SERVICE was refused."""
    if is_refused(answer):
        raise NotOffered(_NO_SERVICE)
    if answer.status_code != status:
        raise Failure(said(answer))


def is_refused(answer: httpx.Response) -> bool:
    """Whether the service does not fetch what the request would have it fetch."""
    return answer.status_code == 403 and answer.json()["type"].endswith(_REFUSED)


def said(answer: httpx.Response) -> str:
    """The status, and the detail of a problem."""
    if answer.headers.get("content-type") == "application/problem+json":
        return f"the service says {answer.status_code}: {answer.json()['detail']}"
    return f"the service says {answer.status_code}"


def check_format(answer: httpx.Response, formats: Iterable[Format]) -> Format:
    """The format that the answer is in. Raises `Failure` where it is none of `formats`."""
    media_type = MediaType.parse(answer.headers["content-type"])
    for format in formats:
        if media_type is not None and media_type.essence == format.media_type:
            return format
    raise Failure(f"the answer is in {answer.headers['content-type']}")


def understood(read: Callable[[bytes], _Content], answer: httpx.Response) -> _Content:
    """The answer, read. Raises `Failure` on what cannot be read."""
    try:
        return read(answer.content)
    except (SyntaxError, ValueError) as error:
        raise Failure(f"the answer cannot be read: {error}") from error


def stored(sources: Iterable[Source]) -> ox.Store:
    """A store with the documents in their graphs."""
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
