"""What the data say of a source document: its checksum, its sections, whom each mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from econsec.errors import UsageError
from econsec.knowledge.evidence.document import Described, SourceDocument
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import GraphEntry, Manifest, Role
from econsec.knowledge.reading import read_document
from econsec.rdf.namespaces import BASE, ES, RDF, SKOS

__all__ = ["Mention", "Mentions", "SectionMentions"]

_THINGS = f"{BASE}id/"
_FILE = "evidence.ttl"
_NAMES = (SKOS("prefLabel"), SKOS("altLabel"))
_PRINTED = (ES("asPrinted"), ES("dateAsPrinted"))
_TELLING = (RDF("type"), ES("anchor"))
"""What makes a subject one that a section mentions, whatever its IRI."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that a section's graph speaks of, and what to look for in the section."""

    entity: NamedNode
    anchors: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionMentions:
    """A section, counted from 1, and the things that its graph describes or points to."""

    section: NamedNode
    number: int
    title: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """A source document as the data describe it.

    `target` is the file of its evidence; `excuses` are the stated reasons, by
    entity and language, why no passage names a thing.
    """

    described: SourceDocument
    sections: tuple[SectionMentions, ...]
    excuses: Mapping[NamedNode, Mapping[str, str]]
    target: Path

    @property
    def document(self) -> NamedNode:
        """The document."""
        return self.described.iri

    @classmethod
    def read(cls, manifest: Manifest) -> Mentions:
        """Read the merged graphs of a data set with one source document.

        The evidence itself is not read, so that a broken file can be written
        anew. Raises `InvalidInput` on files that cannot be read and on values
        that are none, `UsageError` where the data set describes no document with
        a checksum, or several, or none of its sections.
        """
        graphs = manifest.graphs
        listed = [entry for entry in graphs if entry.is_evidence]
        entries = [e for e in graphs if e.role is Role.MERGED and not e.is_evidence]
        store = Store()
        for entry in entries:
            for dump in entry.files:
                read_document(dump.path, base=dump.iri).load_into(store, entry.iri)
        data = Described(store, manifest)
        described = SourceDocument.read(data)
        numbers = described.numbers
        sections = _section_entries(entries, numbers, manifest=manifest)
        return cls(
            described=described,
            sections=tuple(
                _section(data, section, number=numbers[section], graph=sections[section].iri)
                for section in sorted(sections, key=lambda section: numbers[section])
            ),
            excuses=_excuses(store),
            target=_target(listed or list(sections.values())),
        )

    def refuse_other(self, source: SourceText, *, name: str) -> None:
        """Raise `InvalidInput` on a text that is not the one the data were read from."""
        self.described.refuse_other(source, name=name)

    def entities(self) -> list[NamedNode]:
        """Whatever a section mentions, each once and sorted."""
        found = {mention.entity for section in self.sections for mention in section.mentions}
        return sorted(found, key=lambda entity: entity.value)


def _target(entries: Iterable[GraphEntry]) -> Path:
    path = next(dump.path for entry in entries for dump in entry.files)
    return path.with_name(_FILE)


def _section_entries(
    entries: Iterable[GraphEntry], numbers: Mapping[NamedNode, int], *, manifest: Manifest
) -> dict[NamedNode, GraphEntry]:
    found = {
        entry.source: entry
        for entry in entries
        if entry.source is not None and entry.source in numbers
    }
    if not found:
        raise UsageError(
            "no graph of the data set has a section of the document as its source",
            source=str(manifest.path),
            remedy="state dcterms:source of the section graphs",
        )
    return found


def _section(
    data: Described, section: NamedNode, *, number: int, graph: NamedNode
) -> SectionMentions:
    entities = sorted(_mentioned(data.store, graph), key=lambda entity: entity.value)
    return SectionMentions(
        section=section,
        number=number,
        title=_title(data.store, section),
        mentions=tuple(_mention(data, entity, graph=graph) for entity in entities),
    )


def _mentioned(store: Store, graph: NamedNode) -> set[NamedNode]:
    found: set[NamedNode] = set()
    for quad in store.quads_for_pattern(None, None, None, graph):
        for term in (quad.subject, quad.object):
            if isinstance(term, NamedNode) and term.value.startswith(_THINGS):
                found.add(term)
        if quad.predicate in _TELLING and isinstance(quad.subject, NamedNode):
            found.add(quad.subject)
    return found


def _mention(data: Described, entity: NamedNode, *, graph: NamedNode) -> Mention:
    return Mention(
        entity,
        anchors=tuple(sorted(_anchors(data, entity, graph=graph))),
        names=tuple(sorted(set(_names(data.store, entity)))),
    )


def _anchors(data: Described, entity: NamedNode, *, graph: NamedNode) -> Iterator[str]:
    for quad in data.store.quads_for_pattern(entity, ES("anchor"), None, graph):
        if not isinstance(quad.object, Literal) or not quad.object.value.strip():
            raise data.fault(entity, ES("anchor"), wanted="words of the text as its anchor")
        yield quad.object.value


def _names(store: Store, entity: NamedNode) -> Iterator[str]:
    for predicate in (*_NAMES, *_PRINTED):
        for quad in store.quads_for_pattern(entity, predicate, None):
            if isinstance(quad.object, Literal) and (
                quad.object.language == "ja" or predicate in _PRINTED
            ):
                yield quad.object.value


def _excuses(store: Store) -> dict[NamedNode, dict[str, str]]:
    excuses: dict[NamedNode, dict[str, str]] = {}
    for quad in store.quads_for_pattern(None, ES("noPassage"), None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            excuses.setdefault(quad.subject, {})[quad.object.language or ""] = quad.object.value
    return excuses


def _title(store: Store, section: NamedNode) -> str:
    for quad in store.quads_for_pattern(section, SKOS("prefLabel"), None):
        if isinstance(quad.object, Literal) and quad.object.language == "ja":
            return quad.object.value
    return ""
