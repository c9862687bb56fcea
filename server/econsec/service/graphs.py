"""The operations on graphs of the SPARQL 1.1 Graph Store Protocol, without HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.engine.upload import Upload
from econsec.engine.workers import Reply
from econsec.engine.writing.failures import GraphNotFound
from econsec.engine.writing.limits import DefaultGraphMode, WriteLimits
from econsec.engine.writing.requests import Condition, GraphMethod, GraphWrite, Receipt
from econsec.engine.writing.upkeep import check_graphs
from econsec.knowledge.manifest import graph_name
from econsec.rdf.formats import JSON, N_TRIPLES, Format
from econsec.service.spool import Session
from econsec.service.update import Author
from econsec.settings import Settings

__all__ = ["Graphs", "Sent", "parsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a client sent for a graph: its documents, and how they came.

    `media_type`, `size` (bytes) and `sha256` are those of the body as it came,
    before anything was decoded or taken apart.
    """

    documents: tuple[Upload, ...]
    media_type: str
    size: int
    sha256: str


class Graphs:
    """The graphs of a backend, each by its IRI, the default graph as `None`.

    A graph is as large as it is: to be read, and to be parsed, it has the longest
    deadline that a query can ask for.
    """

    def __init__(self, backend: Backend, settings: Settings) -> None:
        self._backend = backend
        self._deadline = settings.max_deadline_seconds
        self._limits = WriteLimits(default_graph=DefaultGraphMode(settings.default_graph))

    async def check(self, graph: str | None, *, commit: int, client: str | None = None) -> None:
        """Raise `GraphNotFound` where there is no such graph at a commit.

        It may be empty, and the default graph is always there. Raises
        `InvalidInput` on a name that is no absolute IRI.
        """
        if graph is None:
            return
        ask = Query(f"ASK {{ GRAPH {graph_name(graph)} {{}} }}")
        reply = await self._backend.run(ask, JSON, commit=commit, client=client)
        async with reply:
            if reply.head.truth is not True:
                raise GraphNotFound(f"there is no graph {graph}")

    async def read(
        self, graph: str | None, format: Format, *, commit: int, client: str | None = None
    ) -> Reply:
        """The triples that a graph has at a commit, written in `format`."""
        return await self._backend.run(
            _contents(graph), format, deadline=self._deadline, commit=commit, client=client
        )

    def check_writable(self, graph: str | None) -> None:
        """Raise `Protected` on a graph that the service alone writes, before anything is sent."""
        write = GraphWrite(agent="", request_id="", method=GraphMethod.PUT, graph=graph)
        check_graphs(write, self._limits)

    async def write(
        self,
        method: GraphMethod,
        graph: str | None,
        sent: Sent,
        *,
        session: Session,
        by: Author,
        condition: Condition,
    ) -> Receipt:
        """Replace a graph (PUT) or add to it (POST); what is sent is parsed in a worker first.

        Raises `EconSecError`; nothing is written then.
        """
        content = await parsed(
            sent, session, backend=self._backend, deadline=self._deadline, client=by.client
        )
        return await self._backend.write(
            GraphWrite(
                agent=by.agent,
                request_id=by.request_id,
                method=method,
                graph=graph,
                content=content,
                media_type=sent.media_type,
                size=sent.size,
                sha256=sent.sha256,
                condition=condition,
            ),
            deadline=self._deadline,
        )

    async def delete(self, graph: str | None, *, by: Author, condition: Condition) -> Receipt:
        """Delete a graph. Raises `EconSecError`, `GraphNotFound` where there is none."""
        return await self._backend.write(
            GraphWrite(
                agent=by.agent,
                request_id=by.request_id,
                method=GraphMethod.DELETE,
                graph=graph,
                condition=condition,
            ),
            deadline=self._deadline,
        )


async def parsed(
    sent: Sent, session: Session, *, backend: Backend, deadline: float, client: str | None
) -> Path:
    """One file with the triples of all documents; each has blank nodes of its own.

    Raises `EconSecError`.
    """
    content = session.place()
    content.touch()
    for document in sent.documents:
        reply = await backend.run(document, N_TRIPLES, deadline=deadline, client=client)
        async with reply:
            await session.receive(reply, append_to=content)
    return content


def _contents(graph: str | None) -> Query:
    pattern = "{ ?s ?p ?o }"
    if graph is None:
        return Query(f"CONSTRUCT WHERE {pattern}")
    return Query(f"CONSTRUCT {pattern} WHERE {{ GRAPH {graph_name(graph)} {pattern} }}")
