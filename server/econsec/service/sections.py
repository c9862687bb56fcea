"""A source document as it was read: its sections, and what each of them shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from econsec.engine.backends import Backend
from econsec.engine.store import Query
from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import BASE, ES, RDF, SKOS
from econsec.rdf.statements import iri as node
from econsec.service.named import Labels, Named, Row, labels_of, named
from econsec.service.resources import Resources, ThingNotFound
from econsec.service.rows import rows
from econsec.service.solutions import grouped, iris, maybe

__all__ = ["DocumentRead", "SectionRead", "Sections", "Shown", "Summary"]

_SECTIONS = f"""
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?section ?number ?graph (COUNT(?predicate) AS ?statements) WHERE {{
  ?section a {ES("DocumentSection")} ; {ES("partOf")} %(document)s ; {ES("sectionNumber")} ?number .
  OPTIONAL {{
    GRAPH ?description {{ ?graph dcterms:source ?section }}
    GRAPH ?graph {{ ?subject ?predicate ?object }}
  }}
}} GROUP BY ?section ?number ?graph ORDER BY ?number
"""
_PASSAGES = f"""
SELECT ?section (COUNT(DISTINCT ?passage) AS ?passages) WHERE {{
  ?section {ES("partOf")} %(document)s .
  GRAPH ?graph {{ ?passage {ES("inSection")} ?section }}
}} GROUP BY ?section
"""
_SHOWN = f"""
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?thing ?type ?start ?end ?names WHERE {{
  GRAPH ?graph {{
    ?annotation oa:hasBody ?thing ; oa:hasTarget ?passage ; oa:motivatedBy ?motive .
    ?passage {ES("inSection")} %(section)s ; oa:hasSelector ?selector .
    ?selector oa:start ?start ; oa:end ?end .
  }}
  BIND (?motive = oa:identifying AS ?names)
  OPTIONAL {{
    GRAPH ?stating {{ ?thing {RDF("type")} ?type }} FILTER (?stating != {INFERRED})
  }}
}} ORDER BY ?start ?end ?thing
"""
_DEFINITIONS = f"""
SELECT DISTINCT ?thing ?definition WHERE {{
  GRAPH ?graph {{ ?annotation <http://www.w3.org/ns/oa#hasBody> ?thing ;
    <http://www.w3.org/ns/oa#hasTarget> ?passage . ?passage {ES("inSection")} %(section)s }}
  ?thing {SKOS("definition")} ?definition
}}
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A section: its number, what was stated from it, and in how many passages."""

    section: Named
    number: int
    graph: str | None
    statements: int
    passages: int


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document, with its sections in order."""

    document: Named
    definition: Labels
    sections: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing that a section shows: where it does so first, and in how many passages."""

    thing: Named
    kind: Named | None
    definition: Labels
    start: int
    passages: int


@dataclass(frozen=True, slots=True)
class SectionRead:
    """A section with what it shows, in the order of the text, and its neighbours."""

    document: DocumentRead
    summary: Summary
    shown: tuple[Shown, ...]
    before: Summary | None
    after: Summary | None


class Sections:
    """The documents that a data set was read from."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._resources = Resources(backend)

    async def document(self, name: str) -> DocumentRead:
        """The document `id/document/{name}`. Raises `ThingNotFound`."""
        iri = f"{BASE}id/document/{name}"
        resource = await self._resources.resource(iri)
        commit = self._backend.publication.commit
        terms = {"document": str(node(iri))}
        sections, passages = await asyncio.gather(
            *(
                rows(self._backend, Query(text % terms), commit=commit)
                for text in (_SECTIONS, _PASSAGES)
            )
        )
        if not sections:
            raise ThingNotFound(f"the data set knows no sections of <{iri}>")
        labels = await labels_of(
            self._backend, (row["section"]["value"] for row in sections), commit=commit
        )
        counts = {row["section"]["value"]: int(row["passages"]["value"]) for row in passages}
        return DocumentRead(
            document=resource.named,
            definition=resource.definition,
            sections=tuple(_summary(row, labels, counts) for row in sections),
        )

    async def section(self, document: str, number: int) -> SectionRead:
        """The section of a document with a number. Raises `ThingNotFound`."""
        read = await self.document(document)
        at = next((n for n, each in enumerate(read.sections) if each.number == number), None)
        if at is None:
            raise ThingNotFound(f"the document {document} has no section {number}")
        summary = read.sections[at]
        return SectionRead(
            document=read,
            summary=summary,
            shown=await self._shown(summary.section.value),
            before=read.sections[at - 1] if at else None,
            after=read.sections[at + 1] if at + 1 < len(read.sections) else None,
        )

    async def _shown(self, section: str) -> tuple[Shown, ...]:
        commit = self._backend.publication.commit
        terms = {"section": str(node(section))}
        found, defined = await asyncio.gather(
            *(
                rows(self._backend, Query(text % terms), commit=commit)
                for text in (_SHOWN, _DEFINITIONS)
            )
        )
        labels = await labels_of(self._backend, iris(found), commit=commit)
        definitions: dict[str, dict[str, str]] = {}
        for row in defined:
            said = row["definition"]
            known = definitions.setdefault(row["thing"]["value"], {})
            known[said.get("xml:lang", "")] = said["value"]
        return _in_order(found, labels, definitions)


def _summary(row: Row, labels: Mapping[str, Labels], passages: Mapping[str, int]) -> Summary:
    section = named(row["section"], labels)
    return Summary(
        section=section,
        number=int(row["number"]["value"]),
        graph=row["graph"]["value"] if "graph" in row else None,
        statements=int(row["statements"]["value"]),
        passages=passages.get(section.value, 0),
    )


def _in_order(
    found: Sequence[Row], labels: Mapping[str, Labels], definitions: Mapping[str, Labels]
) -> tuple[Shown, ...]:
    """One each, where the text has it first."""
    return tuple(
        Shown(
            thing=named(rows[0]["thing"], labels),
            kind=maybe(rows[0], "type", labels),
            definition=definitions.get(iri, {}),
            start=int(rows[0]["start"]["value"]),
            passages=len({row["start"]["value"] for row in rows}),
        )
        for iri, rows in grouped(found, "thing").items()
    )
