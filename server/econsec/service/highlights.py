"""What people ask first: is it designated, what is spent on it, what depends on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import ES, RDF, RDFS, SKOS
from econsec.rdf.statements import iri as node
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.rows import rows
from econsec.service.solutions import each, grouped, iris, maybe

__all__ = ["Budget", "Dependence", "Designation", "Highlights", "highlights"]

_DESIGNATIONS = f"""
SELECT ?designation ?kind ?basis ?since ?until ?authority ?status WHERE {{
  ?designation {ES("designates")} %(thing)s .
  GRAPH ?graph {{ ?designation {RDF("type")} ?kind }}
  ?kind {RDFS("subClassOf")}* {ES("Designation")} .
  OPTIONAL {{ ?designation {ES("hasLegalBasis")} ?basis }}
  OPTIONAL {{ ?designation {ES("designationDate")} ?made }}
  OPTIONAL {{ ?designation {ES("effectiveFrom")} ?effective }}
  OPTIONAL {{ ?designation {ES("effectiveUntil")} ?until }}
  OPTIONAL {{ ?designation {ES("designatingAuthority")} ?authority }}
  OPTIONAL {{ ?designation {ES("hasStatus")} ?status }}
  BIND (COALESCE(?effective, ?made) AS ?since)
  FILTER (?graph != {INFERRED})
}} ORDER BY ?since ?designation
"""
_BUDGETS = f"""
SELECT DISTINCT ?budget ?amount ?status ?by WHERE {{
  ?budget {ES("allocatedTo")} %(thing)s ; {ES("hasAmount")} ?amount .
  OPTIONAL {{ ?budget {ES("hasStatus")} ?status }}
  OPTIONAL {{ ?budget {ES("administeredBy")} ?by }}
}} ORDER BY ?budget
"""
_DEPENDENCES = f"""
SELECT DISTINCT ?relation ?other WHERE {{
  {{ ?part {SKOS("broader")}* %(thing)s . ?other {ES("inputTo")}+ ?part
     BIND ("input" AS ?relation) }}
  UNION {{ %(thing)s {SKOS("broader")}*/{ES("inputTo")}+/{SKOS("broader")}* ?other
     BIND ("output" AS ?relation) }}
  UNION {{ %(thing)s {ES("isChokepointFor")} ?other BIND ("chain" AS ?relation) }}
  UNION {{ ?part {SKOS("broader")}* %(thing)s . ?other {ES("usedFor")} ?part
     BIND ("used" AS ?relation) }}
  UNION {{ ?other {SKOS("broader")} %(thing)s BIND ("kind" AS ?relation) }}
}} ORDER BY ?relation ?other
"""


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation of the thing; what the data do not say is `None`."""

    designation: Named
    kind: Named
    basis: tuple[Named, ...]
    since: Named | None
    until: Named | None
    authority: Named | None
    status: Named | None


@dataclass(frozen=True, slots=True)
class Budget:
    """Money that is allocated to the thing."""

    budget: Named
    amount: Named
    status: Named | None
    by: Named | None


@dataclass(frozen=True, slots=True)
class Dependence:
    """How others hang on the thing or it on them: `input`, `output`, `chain`, `used`, `kind`."""

    relation: str
    others: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Highlights:
    """All of them; empty of most things."""

    designations: tuple[Designation, ...] = ()
    budgets: tuple[Budget, ...] = ()
    dependences: tuple[Dependence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.designations or self.budgets or self.dependences)


async def highlights(backend: Backend, iri: str) -> Highlights:
    """Of a thing; none of what is no IRI. Raises `EconSecError`."""
    commit = backend.publication.commit
    try:
        thing = {"thing": str(node(iri))}
    except ValueError:
        return Highlights()
    designations, budgets, dependences = await asyncio.gather(
        *(
            rows(backend, Query(text % thing), commit=commit)
            for text in (_DESIGNATIONS, _BUDGETS, _DEPENDENCES)
        )
    )
    found = [*designations, *budgets, *dependences]
    labels = await labels_of(backend, iris(found), commit=commit) if found else {}
    return Highlights(
        designations=_designations(designations, labels),
        budgets=tuple(
            Budget(
                budget=named(row["budget"], labels),
                amount=named(row["amount"], labels),
                status=maybe(row, "status", labels),
                by=maybe(row, "by", labels),
            )
            for row in budgets
        ),
        dependences=_dependences(dependences, labels),
    )


def _designations(found: Iterable[Row], labels: Mapping[str, Labels]) -> tuple[Designation, ...]:
    """One each, however many provisions are its basis."""
    return tuple(
        Designation(
            designation=named(alike[0]["designation"], labels),
            kind=named(alike[0]["kind"], labels),
            basis=each(alike, "basis", labels),
            since=maybe(alike[0], "since", labels),
            until=maybe(alike[0], "until", labels),
            authority=maybe(alike[0], "authority", labels),
            status=maybe(alike[0], "status", labels),
        )
        for alike in grouped(found, "designation").values()
    )


def _dependences(found: Iterable[Row], labels: Mapping[str, Labels]) -> tuple[Dependence, ...]:
    return tuple(
        Dependence(relation, each(alike, "other", labels))
        for relation, alike in grouped(found, "relation").items()
    )
