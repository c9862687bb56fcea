"""What the data set says of one thing: the statements about it, and those that lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.errors import EconSecError
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import ES, RDF, SKOS
from econsec.rdf.statements import iri as node
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.rows import ask, rows
from econsec.service.solutions import grouped, iris

__all__ = ["Passage", "Resource", "Resources", "Statement", "ThingNotFound"]

_MOST_INCOMING = 2_000
_EVIDENCE = "/evidence"
_TYPE = RDF("type").value
_KNOWN = "ASK { GRAPH ?graph { %(thing)s ?predicate ?object } }"
_EVERYTHING = f"""
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT * WHERE {{
  {{ GRAPH ?graph {{ %(thing)s ?predicate ?object }} BIND (%(thing)s AS ?subject)
     BIND ("said" AS ?part) }}
  UNION {{
    GRAPH ?graph {{ %(thing)s ?any ?subject . ?subject ?predicate ?object }}
    FILTER (ISBLANK(?subject)) BIND ("said" AS ?part)
  }}
  UNION {{
    SELECT ?part ?graph ?subject ?predicate WHERE {{
      GRAPH ?graph {{ ?subject ?predicate %(thing)s }}
      FILTER (!STRENDS(STR(?graph), "{_EVIDENCE}")) BIND ("leading" AS ?part)
    }} LIMIT {_MOST_INCOMING + 1}
  }}
  UNION {{
    SELECT DISTINCT ?part ?section ?start ?end ?names WHERE {{
      GRAPH ?evidence {{
        ?annotation oa:hasBody %(thing)s ; oa:hasTarget ?passage ; oa:motivatedBy ?motive .
        ?passage {ES("inSection")} ?section ; oa:hasSelector ?selector .
        ?selector oa:start ?start ; oa:end ?end .
      }}
      BIND (?motive = oa:identifying AS ?names) BIND ("passage" AS ?part)
    }}
  }}
}}
"""
"""In one question: to ask costs more than to answer."""


class ThingNotFound(EconSecError):
    """The data set says nothing about an IRI; `suggestions` are things of similar names."""

    exit_code = 3
    status = 404
    title = "Nothing is known of it"
    suggestions: tuple[Mapping[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple, and the IRIs of the graphs that it stands in."""

    subject: Named
    predicate: Named
    object: Named
    graphs: tuple[str, ...]

    @property
    def is_inferred(self) -> bool:
        """Whether it follows from others and is stated nowhere."""
        return self.graphs == (INFERRED.value,)


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a section of the source shows something: characters from `start` to `end`.

    There it `names` the thing, or it states what is said of it.
    """

    section: Named
    start: int
    end: int
    names: bool


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing with what is said of it.

    `said` has it as the subject (and the blank nodes that belong to it), `leading`
    as the object; where those were too many `is_truncated`. `labels` are those of
    every IRI in them, graphs included.
    """

    iri: str
    said: tuple[Statement, ...]
    leading: tuple[Statement, ...]
    passages: tuple[Passage, ...]
    labels: Mapping[str, Labels]
    is_truncated: bool

    @property
    def named(self) -> Named:
        """The thing itself."""
        return Named(self.iri, "uri", labels=self.labels.get(self.iri, {}))

    @property
    def types(self) -> tuple[Named, ...]:
        """Its classes, those that are stated before those that follow."""
        typed = [s for s in self.said if s.predicate.value == _TYPE and s.subject.value == self.iri]
        return tuple(s.object for s in sorted(typed, key=lambda each: each.is_inferred))

    @property
    def definition(self) -> Labels:
        """What it is, by language."""
        return {
            statement.object.language or "": statement.object.value
            for statement in self.said
            if statement.predicate.value == SKOS("definition").value
        }


class Resources:
    """Describes what the data set of a backend knows."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def knows(self, iri: str) -> bool:
        """Whether anything is said of an IRI. Raises `EconSecError`."""
        try:
            thing = {"thing": str(_iri(iri))}
        except ThingNotFound:
            return False
        return await ask(self._backend, Query(_KNOWN % thing))

    async def resource(self, iri: str) -> Resource:
        """What is known of an IRI. Raises `ThingNotFound`, `InvalidInput` on what is no IRI."""
        commit = self._backend.publication.commit
        thing = {"thing": str(_iri(iri))}
        found = await rows(self._backend, Query(_EVERYTHING % thing), commit=commit)
        parts = grouped(found, "part")
        said, leading = parts.get("said", []), parts.get("leading", [])
        if not said and not leading:
            raise ThingNotFound(f"the data set says nothing about <{iri}>")
        mentioned = iris(found) | {iri}
        labels = await labels_of(self._backend, mentioned, commit=commit)
        target = {"type": "uri", "value": iri}
        return Resource(
            iri=iri,
            said=_statements(said, labels),
            leading=_statements([{**row, "object": target} for row in leading], labels),
            passages=_passages(parts.get("passage", []), labels),
            labels=labels,
            is_truncated=len(leading) > _MOST_INCOMING,
        )


def _iri(text: str) -> object:
    try:
        return node(text)
    except ValueError as error:
        raise ThingNotFound(f"{text} is no IRI") from error


def _statements(found: Iterable[Row], labels: Mapping[str, Labels]) -> tuple[Statement, ...]:
    """Each triple once, with all its graphs, in the order in which they were first met."""
    triples: dict[_Key, tuple[Row, list[str]]] = {}
    for row in found:
        _, graphs = triples.setdefault(_key(row), (row, []))
        graphs.append(row["graph"]["value"])
    return tuple(
        Statement(
            subject=named(row["subject"], labels),
            predicate=named(row["predicate"], labels),
            object=named(row["object"], labels),
            graphs=tuple(sorted(set(graphs))),
        )
        for row, graphs in triples.values()
    )


_Key = tuple[tuple[tuple[str, str], ...], ...]


def _key(row: Row) -> _Key:
    return tuple(tuple(sorted(row[name].items())) for name in ("subject", "predicate", "object"))


def _passages(found: Iterable[Row], labels: Mapping[str, Labels]) -> tuple[Passage, ...]:
    """In the order of the source."""
    passages = (
        Passage(
            section=named(row["section"], labels),
            start=int(row["start"]["value"]),
            end=int(row["end"]["value"]),
            names=row["names"]["value"] == "true",
        )
        for row in found
    )
    return tuple(sorted(passages, key=lambda each: (each.start, each.end)))
