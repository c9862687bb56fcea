"""What the data set says of itself in its manifest, the graph `graph/void`."""

from __future__ import annotations

from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import VOID_GRAPH
from econsec.rdf.namespaces import VOID
from econsec.rdf.statements import Iri
from econsec.service.memo import Memo
from econsec.service.named import Labels, Named, named
from econsec.service.rows import rows

__all__ = ["Catalogue", "Entry", "Manifested"]

_MOST = 100_000
_STATEMENTS = Query(f"""
SELECT ?subject ?predicate ?object WHERE {{
  GRAPH {VOID_GRAPH} {{ ?subject ?predicate ?object }}
}} ORDER BY ?subject ?predicate ?object LIMIT {_MOST}
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the manifest."""

    subject: Named
    predicate: str
    object: Named


@dataclass(frozen=True, slots=True)
class Manifested:
    """The statements of a manifest; `iri` is the data set, `None` where there is no manifest."""

    iri: str | None
    entries: tuple[Entry, ...]

    def objects(self, predicate: Iri, *, of: str | None = None) -> tuple[Named, ...]:
        """What is said of the data set, or of something else in the manifest."""
        subject = self.iri if of is None else of
        return tuple(
            entry.object
            for entry in self.entries
            if entry.subject.value == subject and entry.predicate == predicate.value
        )

    def texts(self, predicate: Iri) -> Labels:
        """A text of the data set in each language."""
        return {each.language or "": each.value for each in self.objects(predicate)}

    def value(self, predicate: Iri) -> str | None:
        """The first value of a property of the data set."""
        return next((each.value for each in self.objects(predicate)), None)


class Catalogue:
    """The manifest of a backend's data set, read once for each state of its graph."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._manifested = Memo(backend, self._read, graph=VOID_GRAPH)

    async def manifested(self) -> Manifested:
        """The manifest now. Raises `EconSecError`."""
        return await self._manifested.value()

    async def _read(self, commit: int) -> Manifested:
        entries = tuple(
            Entry(
                subject=named(row["subject"]),
                predicate=row["predicate"]["value"],
                object=named(row["object"]),
            )
            for row in await rows(self._backend, _STATEMENTS, commit=commit)
        )
        return Manifested(_dataset(entries), entries)


def _dataset(entries: tuple[Entry, ...]) -> str | None:
    lists = VOID("subset").value
    return next((each.subject.value for each in entries if each.predicate == lists), None)
