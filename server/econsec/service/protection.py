"""Putting graphs under validation and letting them go, without HTTP."""

from __future__ import annotations

from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.engine.writing.failures import GraphNotFound
from econsec.engine.writing.protection import BY_PROFILE, BY_SHAPES
from econsec.engine.writing.requests import ProtectionWrite, Receipt
from econsec.knowledge.manifest import VOID_GRAPH, graph_name
from econsec.service.graphs import Sent, parsed
from econsec.service.rows import rows
from econsec.service.spool import Session
from econsec.service.update import Author
from econsec.settings import Settings

__all__ = ["Protection"]

_NAMES = ("graph", "profile", "shapes")
_SETTINGS = f"""
SELECT ?graph ?profile ?shapes WHERE {{ GRAPH {VOID_GRAPH} {{
  {{ SELECT DISTINCT ?graph {{ ?graph {BY_PROFILE}|{BY_SHAPES} ?any }} }}
  OPTIONAL {{ ?graph {BY_PROFILE} ?profile }}
  OPTIONAL {{ ?graph {BY_SHAPES} ?shapes }}
}} }} ORDER BY ?graph
"""


class Protection:
    """The graphs of a backend that are under validation."""

    def __init__(self, backend: Backend, settings: Settings) -> None:
        self._backend = backend
        self._deadline = settings.max_deadline_seconds

    async def all(self) -> list[dict[str, Any]]:
        """Each with its graph, profile and shapes (N-Triples), in the order of the graphs."""
        found = await rows(self._backend, Query(_SETTINGS))
        names = ("graph", "profile", "shapes")
        return [
            {name: row[name]["value"] if name in row else None for name in names} for row in found
        ]

    async def one(self, graph: str) -> dict[str, Any]:
        """The setting of a graph. Raises `GraphNotFound` where it is not under validation."""
        wanted = graph_name(graph).value
        for setting in await self.all():
            if setting["graph"] == wanted:
                return setting
        raise GraphNotFound(f"the graph <{wanted}> is not under validation")

    async def put(
        self, graph: str, profile: str | None, sent: Sent | None, *, session: Session, by: Author
    ) -> Receipt:
        """Put a graph under validation; the receipt has the report on what violates already.

        What is `sent` are shapes. Raises `EconSecError`; nothing is changed then.
        """
        shapes = None
        if sent is not None:
            shapes = await parsed(
                sent, session, backend=self._backend, deadline=self._deadline, client=by.client
            )
        return await self._backend.write(
            ProtectionWrite(
                agent=by.agent,
                request_id=by.request_id,
                graph=graph,
                profile=profile,
                shapes=None if shapes is None else shapes.read_text("utf-8"),
                media_type=None if sent is None else sent.media_type,
                size=None if sent is None else sent.size,
                sha256=None if sent is None else sent.sha256,
            ),
            deadline=self._deadline,
        )

    async def remove(self, graph: str, *, by: Author) -> Receipt:
        """Let a graph go. Raises `GraphNotFound` where it is not under validation."""
        return await self._backend.write(
            ProtectionWrite(agent=by.agent, request_id=by.request_id, graph=graph)
        )
