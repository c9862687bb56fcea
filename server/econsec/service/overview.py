"""What the data set holds, for somebody who comes to it for the first time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.rdf.namespaces import BASE, ES, OWL, RDFS, SKOS
from econsec.service.named import Named, labels_of, named
from econsec.service.rows import rows
from econsec.service.solutions import iris, maybe

__all__ = ["Designated", "Overview", "overview"]

_COUNTS = Query(f"""
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?things ?terms ?statements ?passages WHERE {{
  {{ SELECT (COUNT(DISTINCT ?thing) AS ?things) WHERE {{
      ?thing {SKOS("prefLabel")} ?label FILTER (STRSTARTS(STR(?thing), "{BASE}id/")) }} }}
  {{ SELECT (COUNT(DISTINCT ?term) AS ?terms) WHERE {{
      VALUES ?kind {{ {OWL("Class")} {OWL("ObjectProperty")} {OWL("DatatypeProperty")} }}
      ?term a ?kind FILTER (STRSTARTS(STR(?term), "{ES}")) }} }}
  {{ SELECT (COUNT(*) AS ?statements) WHERE {{ ?s ?p ?o }} }}
  {{ SELECT (COUNT(DISTINCT ?passage) AS ?passages) WHERE {{
      GRAPH ?graph {{ ?passage oa:hasSelector ?selector }} }} }}
}}
""")
_DESIGNATED = Query(f"""
SELECT ?designation ?what ?since WHERE {{
  ?designation a {ES("SpecifiedCriticalProductDesignation")} ; {ES("designates")} ?what .
  OPTIONAL {{ ?designation {ES("designationDate")} ?made }}
  OPTIONAL {{ ?designation {ES("effectiveFrom")} ?effective }}
  BIND (COALESCE(?effective, ?made) AS ?since)
}} ORDER BY ?since ?what
""")
_CHOKEPOINTS = Query(f"""
SELECT DISTINCT ?item ?chain WHERE {{
  ?item {ES("isChokepointFor")} ?chain
}} ORDER BY ?chain ?item
""")
_AGREEMENTS = Query(f"""
SELECT DISTINCT ?agreement WHERE {{
  ?kind {RDFS("subClassOf")}* {ES("InternationalArrangement")} . ?agreement a ?kind .
}} ORDER BY ?agreement
""")


@dataclass(frozen=True, slots=True)
class Designated:
    """A designation: of what, and since when (`None` where the data do not say)."""

    designation: Named
    what: Named
    since: Named | None


@dataclass(frozen=True, slots=True)
class Chokepoint:
    """An item through which a supply chain must pass."""

    item: Named
    chain: Named


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts, and what to begin with."""

    things: int
    terms: int
    statements: int
    passages: int
    designated: tuple[Designated, ...]
    chokepoints: tuple[Chokepoint, ...]
    agreements: tuple[Named, ...]


async def overview(backend: Backend, commit: int) -> Overview:
    """The data set as it was at a commit. Raises `EconSecError`."""
    counts, designated, chokepoints, agreements = await asyncio.gather(
        *(
            rows(backend, query, commit=commit)
            for query in (_COUNTS, _DESIGNATED, _CHOKEPOINTS, _AGREEMENTS)
        )
    )
    labels = await labels_of(backend, iris([*designated, *chokepoints, *agreements]), commit=commit)
    numbers = {name: int(term["value"]) for name, term in counts[0].items()}
    return Overview(
        things=numbers["things"],
        terms=numbers["terms"],
        statements=numbers["statements"],
        passages=numbers["passages"],
        designated=tuple(
            Designated(
                designation=named(row["designation"], labels),
                what=named(row["what"], labels),
                since=maybe(row, "since"),
            )
            for row in designated
        ),
        chokepoints=tuple(
            Chokepoint(named(row["item"], labels), named(row["chain"], labels))
            for row in chokepoints
        ),
        agreements=tuple(named(row["agreement"], labels) for row in agreements),
    )
