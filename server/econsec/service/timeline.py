"""Everything with a date, in order; and what was in force on a day."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from econsec.engine.backends import Backend
from econsec.engine.store import Binding, Query
from econsec.knowledge.catalogue import QueryFile, packaged_catalogue
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import ES, RDF, RDFS
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.rows import rows
from econsec.service.solutions import each, iris

__all__ = ["Entry", "Held", "Timeline", "timeline"]

_EVENTS = Query(f"""
SELECT ?event ?kind ?date ?of ?printed ?inferred WHERE {{
  ?event {ES("onDate")} ?date .
  GRAPH ?graph {{ ?event {RDF("type")} ?kind }}
  FILTER (?graph != {INFERRED})
  ?kind {RDFS("subClassOf")}* {ES("Event")} .
  OPTIONAL {{ ?of {ES("hasMilestone")} ?event }}
  OPTIONAL {{ ?event {ES("dateAsPrinted")} ?printed }}
  OPTIONAL {{ ?event {ES("dateInferred")} ?inferred }}
}} ORDER BY STR(?date) ?event
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: of what it is a milestone, its date and how the source prints it."""

    event: Named
    kind: Named
    date: Named
    of: tuple[Named, ...]
    printed: str | None
    is_inferred: bool

    @property
    def year(self) -> str:
        """Its year."""
        return self.date.value[:4]


@dataclass(frozen=True, slots=True)
class Held:
    """What was in force, or designated, and since when."""

    thing: Named
    since: Named
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All entries by date, the kinds among them, and what held on the day `as_of`."""

    entries: tuple[Entry, ...]
    as_of: str
    in_force: tuple[Held, ...]
    designated: tuple[Held, ...]


async def timeline(backend: Backend, as_of: str | None = None) -> Timeline:
    """With what held on a day (ISO 8601); without one, on the day of the last text that was read.

    Raises `InvalidInput` on what is no day.
    """
    saved = _saved()
    day = as_of or _last_day(saved["in-force"])
    commit = backend.publication.commit
    events, in_force, designated = await asyncio.gather(
        rows(backend, _EVENTS, commit=commit),
        *(
            rows(
                backend,
                Query(saved[name].text, bindings=_bindings(saved[name], day)),
                commit=commit,
            )
            for name in ("in-force", "designated")
        ),
    )
    labels = await labels_of(backend, iris([*events, *in_force, *designated]), commit=commit)
    return Timeline(
        entries=_entries(events, labels),
        as_of=day,
        in_force=_held(in_force, "thing", labels),
        designated=_held(designated, "designation", labels),
    )


@cache
def _saved() -> Mapping[str, QueryFile]:
    return {query.name: query for query in packaged_catalogue()["saved"]}


def _last_day(query: QueryFile) -> str:
    return next(each.default for each in query.parameters if each.name == "asOf") or ""


def _bindings(query: QueryFile, day: str) -> tuple[Binding, ...]:
    """The day, and every other parameter as it is without a choice. Raises `InvalidInput`."""
    given = {"asOf": day}
    found = []
    for parameter in query.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is not None:
            found.append(Binding(parameter.name, parameter.type.term(value)))
    return tuple(found)


def _entries(found: Sequence[Row], labels: Mapping[str, Labels]) -> tuple[Entry, ...]:
    """One for each event and date, whatever it is a milestone of."""
    known: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        known.setdefault((row["event"]["value"], row["date"]["value"]), []).append(row)
    return tuple(
        Entry(
            event=named(alike[0]["event"], labels),
            kind=named(alike[0]["kind"], labels),
            date=named(alike[0]["date"]),
            of=each(alike, "of", labels),
            printed=alike[0]["printed"]["value"] if "printed" in alike[0] else None,
            is_inferred=alike[0].get("inferred", {}).get("value") == "true",
        )
        for alike in known.values()
    )


def _held(found: Sequence[Row], name: str, labels: Mapping[str, Labels]) -> tuple[Held, ...]:
    things: dict[str, Held] = {}
    for row in found:
        things.setdefault(
            row[name]["value"],
            Held(
                thing=named(row[name], labels),
                since=named(row["since"]),
                is_inferred=row.get("sinceInferred", {}).get("value") == "true",
            ),
        )
    return tuple(things.values())
