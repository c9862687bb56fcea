"""What the data set says of itself: its version and its licence."""

from __future__ import annotations

from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import VOID_GRAPH
from econsec.rdf.namespaces import DCAT, DCTERMS, OWL
from econsec.service.memo import Memo
from econsec.service.rows import rows

__all__ = ["About", "Facts"]

_QUERY = Query(
    f"SELECT ?version ?licence {{ GRAPH {VOID_GRAPH} {{ ?dataset a {DCAT('Dataset')} ; "
    f"{OWL('versionInfo')} ?version ; {DCTERMS('license')} ?licence }} }} LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The version and the IRI of the licence, `None` where the data set does not say."""

    version: str | None = None
    licence: str | None = None


class About:
    """The facts of a backend's data set, read once for each state of the graph that has them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._facts = Memo(backend, self._read, graph=VOID_GRAPH)

    @property
    def known(self) -> Facts:
        """The facts that were read last."""
        last = self._facts.last
        return Facts() if last is None else last

    async def facts(self) -> Facts:
        """The facts now. Raises `EconSecError` where the store does not answer."""
        return await self._facts.value()

    async def _read(self, commit: int) -> Facts:
        found = await rows(self._backend, _QUERY, commit=commit)
        return Facts(**{name: term["value"] for row in found for name, term in row.items()})
