"""How many triples each graph has, counted once for each commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import GraphSize, Query
from econsec.service.rows import rows

__all__ = ["Census"]

_DEFAULT = Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
_NAMED = Query("SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g { OPTIONAL { ?s ?p ?o } } } GROUP BY ?g")


class Census:
    """Counts by queries, so that it works over any backend, and keeps the last count."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._lock = asyncio.Lock()
        self._state: object = None
        self._sizes: tuple[GraphSize, ...] = ()

    async def sizes(self) -> tuple[GraphSize, ...]:
        """The default graph first, then every named graph by IRI, the empty ones too.

        Raises `EconSecError` where the counting takes more than a query may.
        """
        async with self._lock:
            publication = self._backend.publication
            state = (publication.digest, publication.commit)
            if state != self._state:
                commit = publication.commit
                default = [*self._counted(await rows(self._backend, _DEFAULT, commit=commit))]
                named = [*self._counted(await rows(self._backend, _NAMED, commit=commit))]
                self._sizes = (*default, *sorted(named, key=lambda size: size.iri or ""))
                self._state = state
            return self._sizes

    def _counted(self, found: list[dict[str, Any]]) -> Iterator[GraphSize]:
        for row in found:
            graph = row["g"]["value"] if "g" in row else None
            yield GraphSize(graph, int(row["n"]["value"]))
