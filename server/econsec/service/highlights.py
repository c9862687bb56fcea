"""What people ask first: is it designated, what is spent on it, what depends on it."""

from __future__ import annotations

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

_ASKED = f"""
SELECT * WHERE {{
  {{ SELECT DISTINCT ?part ?designation ?kind ?basis ?since ?until ?authority ?status WHERE {{
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
    BIND ("designation" AS ?part)
  }} }}
  UNION {{ SELECT DISTINCT ?part ?budget ?amount ?status ?by WHERE {{
    ?budget {ES("allocatedTo")} %(thing)s ; {ES("hasAmount")} ?amount .
    OPTIONAL {{ ?budget {ES("hasStatus")} ?status }}
    OPTIONAL {{ ?budget {ES("administeredBy")} ?by }}
    BIND ("budget" AS ?part)
  }} }}
  UNION {{ SELECT DISTINCT ?part ?relation ?other WHERE {{
    {{ ?narrower {SKOS("broader")}* %(thing)s . ?other {ES("inputTo")}+ ?narrower
       BIND ("input" AS ?relation) }}
    UNION {{ %(thing)s {SKOS("broader")}*/{ES("inputTo")}+/{SKOS("broader")}* ?other
       BIND ("output" AS ?relation) }}
    UNION {{ %(thing)s {ES("isChokepointFor")} ?other BIND ("chain" AS ?relation) }}
    UNION {{ ?narrower {SKOS("broader")}* %(thing)s . ?other {ES("usedFor")} ?narrower
       BIND ("used" AS ?relation) }}
    UNION {{ ?other {SKOS("broader")} %(thing)s BIND ("kind" AS ?relation) }}
    BIND ("dependence" AS ?part)
  }} }}
}} ORDER BY ?since ?designation ?budget ?relation ?other
"""
"""In one question: to ask costs more than to answer."""


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
    found = await rows(backend, Query(_ASKED % thing), commit=commit)
    if not found:
        return Highlights()
    labels = await labels_of(backend, iris(found), commit=commit)
    parts = grouped(found, "part")
    return Highlights(
        designations=_designations(parts.get("designation", ()), labels),
        budgets=tuple(
            Budget(
                budget=named(row["budget"], labels),
                amount=named(row["amount"], labels),
                status=maybe(row, "status", labels),
                by=maybe(row, "by", labels),
            )
            for row in parts.get("budget", ())
        ),
        dependences=_dependences(parts.get("dependence", ()), labels),
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
