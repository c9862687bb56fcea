"""How many triples each graph has, counted once for each commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.store import GraphSize, Query
from econsec.service.memo import Memo
from econsec.service.rows import rows

__all__ = ["Census"]

_DEFAULT = Query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
_NAMED = Query("SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g { OPTIONAL { ?s ?p ?o } } } GROUP BY ?g")


class Census:
    """Counts by queries, so that it works over any backend, and keeps the last count."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._sizes = Memo(backend, self._count)

    async def sizes(self) -> tuple[GraphSize, ...]:
        """The default graph first, then every named graph by IRI, the empty ones too.

        Raises `EconSecError` where the counting takes more than a query may.
        """
        return await self._sizes.value()

    async def _count(self, commit: int) -> tuple[GraphSize, ...]:
        default = [*self._counted(await rows(self._backend, _DEFAULT, commit=commit))]
        named = [*self._counted(await rows(self._backend, _NAMED, commit=commit))]
        return (*default, *sorted(named, key=lambda size: size.iri or ""))

    def _counted(self, found: list[dict[str, Any]]) -> Iterator[GraphSize]:
        for row in found:
            graph = row["g"]["value"] if "g" in row else None
            yield GraphSize(graph, int(row["n"]["value"]))
