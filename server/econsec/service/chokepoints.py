"""The chokepoints of the graph: through what supply chains must pass, and what hangs on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.namespaces import ES, SKOS
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.rows import rows
from econsec.service.solutions import each, grouped, iris

__all__ = ["Chokepoint", "Flow", "chokepoints"]

_ITEMS = Query(f"""
SELECT DISTINCT ?item ?chain ?factor ?basis WHERE {{
  ?item {ES("isChokepointFor")} ?chain .
  OPTIONAL {{ ?item {ES("hasChokepointFactor")} ?factor }}
  OPTIONAL {{ ?assessment {ES("assessedItem")} ?item ; {ES("hasBasis")} ?basis }}
}} ORDER BY ?chain ?item ?factor
""")
_FLOWS = Query(f"""
SELECT DISTINCT ?item ?from ?to WHERE {{
  ?item {ES("isChokepointFor")} ?chain .
  {{
    ?item {ES("inputTo")}* ?from . ?from {ES("inputTo")} ?to
  }} UNION {{
    ?to {ES("inputTo")}* ?item . ?from {ES("inputTo")} ?to
  }} UNION {{
    ?from {SKOS("broader")} ?to . ?item {ES("inputTo")}+ ?from
  }}
}} ORDER BY ?item ?from ?to
""")
_INSTRUMENTS = Query(f"""
SELECT DISTINCT ?item ?instrument ?jurisdiction WHERE {{
  ?item {ES("isChokepointFor")} ?chain .
  ?instrument {ES("covers")} ?item .
  OPTIONAL {{
    VALUES ?kind {{ {ES("State")} {ES("SupranationalUnion")} }}
    ?instrument ({ES("partOf")}|{ES("hasLegalBasis")})*/{ES("hasJurisdiction")} ?jurisdiction .
    ?jurisdiction a ?kind
  }}
}} ORDER BY ?item ?instrument
""")


@dataclass(frozen=True, slots=True)
class Flow:
    """One thing goes into another."""

    source: Named
    target: Named


@dataclass(frozen=True, slots=True)
class Instrument:
    """What somebody does about an item, and whose law or policy it is, where that is known."""

    instrument: Named
    jurisdictions: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Chokepoint:
    """An item, the chains that it is a chokepoint for, why, and on which basis that is said."""

    item: Named
    chains: tuple[Named, ...]
    factors: tuple[Named, ...]
    bases: tuple[Named, ...]
    flows: tuple[Flow, ...]
    instruments: tuple[Instrument, ...]

    @property
    def sources(self) -> tuple[Named, ...]:
        """What goes into it."""
        return tuple(f.source for f in self.flows if f.target.value == self.item.value)

    @property
    def targets(self) -> tuple[Named, ...]:
        """What it goes into, near and far."""
        found = (f.target for f in self.flows if f.target.value != self.item.value)
        upstream = {f.source.value for f in self.flows if f.target.value == self.item.value}
        return tuple({t.value: t for t in found if t.value not in upstream}.values())


async def chokepoints(backend: Backend) -> tuple[Chokepoint, ...]:
    """All of them. Raises `EconSecError`."""
    commit = backend.publication.commit
    items, flows, instruments = await asyncio.gather(
        *(rows(backend, query, commit=commit) for query in (_ITEMS, _FLOWS, _INSTRUMENTS))
    )
    labels = await labels_of(backend, iris([*items, *flows, *instruments]), commit=commit)
    return tuple(
        Chokepoint(
            item=named(alike[0]["item"], labels),
            chains=each(alike, "chain", labels),
            factors=each(alike, "factor", labels),
            bases=each(alike, "basis", labels),
            flows=tuple(
                Flow(named(row["from"], labels), named(row["to"], labels))
                for row in flows
                if row["item"]["value"] == iri
            ),
            instruments=_instruments([r for r in instruments if r["item"]["value"] == iri], labels),
        )
        for iri, alike in grouped(items, "item").items()
    )


def _instruments(found: Sequence[Row], labels: Mapping[str, Labels]) -> tuple[Instrument, ...]:
    return tuple(
        Instrument(named(alike[0]["instrument"], labels), each(alike, "jurisdiction", labels))
        for alike in grouped(found, "instrument").values()
    )
