"""What the data say of a source document: its checksum, its sections, whom each mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import GraphEntry, Manifest, Role
from econsec.knowledge.reading import read_document
from econsec.rdf.namespaces import BASE, ES, RDF, SKOS
from econsec.rdf.notation import short_iri

__all__ = ["Mention", "Mentions", "SectionMentions"]

_THINGS = f"{BASE}id/"
_GRAPH_NAME = "evidence"
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

    document: NamedNode
    sha256: str
    length: int
    sections: tuple[SectionMentions, ...]
    excuses: Mapping[NamedNode, Mapping[str, str]]
    target: Path

    @classmethod
    def read(cls, manifest: Manifest) -> Mentions:
        """Read the merged graphs of a data set with one source document.

        The evidence itself is not read, so that a broken file can be written
        anew. Raises `InvalidInput` on files that cannot be read, `UsageError`
        where the data set describes no document with a checksum, or several,
        or none of its sections.
        """
        listed = [entry for entry in manifest.graphs if _is_evidence(entry)]
        merged = [entry for entry in manifest.graphs if entry.role is Role.MERGED]
        entries = [entry for entry in merged if entry not in listed]
        store = Store()
        for entry in entries:
            for dump in entry.files:
                read_document(dump.path, base=dump.iri).load_into(store, entry.iri)
        document, sha256 = _document(store, manifest)
        numbers = _section_numbers(store, document)
        sections = _section_entries(entries, numbers, manifest=manifest)
        return cls(
            document=document,
            sha256=sha256,
            length=int(_text(store, document, ES("textLength")) or 0),
            sections=tuple(
                _section(store, section, number=numbers[section], graph=sections[section].iri)
                for section in sorted(sections, key=lambda section: numbers[section])
            ),
            excuses=_excuses(store),
            target=_target(listed or list(sections.values())),
        )

    def refuse_other(self, source: SourceText, *, name: str) -> None:
        """Raise `InvalidInput` on a text that is not the one the data were read from."""
        if (source.sha256, len(source.text)) == (self.sha256, self.length):
            if len(source.sections) >= max(s.number for s in self.sections):
                return
            raise InvalidInput(
                f"the text has {len(source.sections)} sections, the data describe more",
                source=name,
                remedy="correct es:sectionNumber",
            )
        raise InvalidInput(
            f"this is not the text of {short_iri(self.document)}: expected SHA-256 "
            f"{self.sha256} ({self.length} code points), found {source.sha256} "
            f"({len(source.text)})",
            source=name,
            remedy="give the very file that the data were read from; offsets hold for no other",
        )

    def entities(self) -> list[NamedNode]:
        """Whatever a section mentions, each once and sorted."""
        found = {mention.entity for section in self.sections for mention in section.mentions}
        return sorted(found, key=lambda entity: entity.value)


def _is_evidence(entry: GraphEntry) -> bool:
    return entry.iri.value.rpartition("/")[2] == _GRAPH_NAME


def _target(entries: Iterable[GraphEntry]) -> Path:
    path = next(dump.path for entry in entries for dump in entry.files)
    return path.with_name(f"{_GRAPH_NAME}.ttl")


def _document(store: Store, manifest: Manifest) -> tuple[NamedNode, str]:
    found = {
        (quad.subject, quad.object.value)
        for quad in store.quads_for_pattern(None, ES("textSha256"), None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
    if len(found) != 1:
        raise UsageError(
            f"the data set describes {len(found)} documents with a checksum, not one",
            source=str(manifest.path),
            remedy="state es:textSha256 of the document that the sections belong to",
        )
    return found.pop()


def _section_numbers(store: Store, document: NamedNode) -> dict[NamedNode, int]:
    parts = {q.subject for q in store.quads_for_pattern(None, ES("partOf"), document)}
    return {
        part: int(number)
        for part in parts
        if isinstance(part, NamedNode)
        and (number := _text(store, part, ES("sectionNumber"))) is not None
    }


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


def _section(store: Store, section: NamedNode, *, number: int, graph: NamedNode) -> SectionMentions:
    entities = sorted(_mentioned(store, graph), key=lambda entity: entity.value)
    return SectionMentions(
        section=section,
        number=number,
        title=_text(store, section, SKOS("prefLabel"), language="ja") or "",
        mentions=tuple(_mention(store, entity, graph=graph) for entity in entities),
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


def _mention(store: Store, entity: NamedNode, *, graph: NamedNode) -> Mention:
    anchors = (q.object for q in store.quads_for_pattern(entity, ES("anchor"), None, graph))
    return Mention(
        entity,
        anchors=tuple(sorted(a.value for a in anchors if isinstance(a, Literal))),
        names=tuple(sorted(set(_names(store, entity)))),
    )


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


def _text(
    store: Store, subject: NamedNode, predicate: NamedNode, *, language: str | None = None
) -> str | None:
    for quad in store.quads_for_pattern(subject, predicate, None):
        if isinstance(quad.object, Literal) and quad.object.language == language:
            return quad.object.value
    return None
