"""The passages that show each thing a section mentions: its anchors, else its names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import NamedNode

from econsec.knowledge.evidence.matching import Projection, free_standing
from econsec.knowledge.evidence.mentions import Mention, Mentions, SectionMentions
from econsec.knowledge.evidence.text import Cell, SourceText, Span
from econsec.rdf.notation import short_iri

__all__ = ["Annotation", "Evidence", "Shows", "collect", "order"]

_LINES_SHOWN = 8


class Shows(StrEnum):
    """What a passage is to a thing: its name, or a statement about it."""

    NAME = "name"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One passage and the things that it names, or that it says something of."""

    passage: Span
    section: NamedNode
    shows: Shows
    bodies: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All passages of a document; `faults` are the anchors that mark none, a line each."""

    annotations: tuple[Annotation, ...]
    faults: tuple[str, ...]

    def shown(self) -> set[NamedNode]:
        """The things that have a passage."""
        return {body for annotation in self.annotations for body in annotation.bodies}


@dataclass(frozen=True, slots=True)
class _Showing:
    passage: Span
    shows: Shows
    body: NamedNode


def collect(mentions: Mentions, source: SourceText) -> Evidence:
    """The passages of every mention; the text is the one that the data were read from."""
    annotations: list[Annotation] = []
    faults: list[str] = []
    for section in mentions.sections:
        extent = source.sections[section.number - 1]
        cells = tuple(source.cells(extent))
        projection = Projection(source, cells)
        marked, lost = _statements(section, source, extent=extent, cells=cells)
        annotations += _grouped([*marked, *_namings(section, projection)], section.section)
        faults += lost
    return Evidence(tuple(order(annotations)), tuple(faults))


def order(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The annotations in the order of the text."""
    return sorted(annotations, key=lambda a: (a.passage, a.shows))


def _statements(
    section: SectionMentions, source: SourceText, *, extent: Span, cells: Sequence[Cell]
) -> tuple[list[_Showing], list[str]]:
    """What the anchors mark, and the anchors that mark nothing."""
    found: list[_Showing] = []
    lost: list[str] = []
    for mention in section.mentions:
        for anchor in mention.anchors:
            marks = list(_marks(anchor, source, extent=extent))
            cell = _cell(marks[0], cells) if len(marks) == 1 else None
            if cell is None:
                lines = [source.line(mark.start) for mark in marks]
                place = f"section {section.number} (line {source.line(extent.start)} onwards)"
                lost.append(_lost(anchor, mention, place=place, lines=lines))
            else:
                found.append(_Showing(cell.passage, Shows.STATEMENT, mention.entity))
    return found, lost


def _marks(anchor: str, source: SourceText, *, extent: Span) -> Iterator[Span]:
    start = source.text.find(anchor, extent.start, extent.end)
    while start >= 0:
        mark = Span(start, start + len(anchor))
        yield mark
        start = source.text.find(anchor, mark.end, extent.end)


def _cell(mark: Span, cells: Iterable[Cell]) -> Cell | None:
    return next((cell for cell in cells if mark.within(cell.extent)), None)


def _lost(anchor: str, mention: Mention, *, place: str, lines: Sequence[int]) -> str:
    """Why an anchor marks no passage; `lines` of the source are where it stands."""
    match lines:
        case []:
            fault = f"does not stand in {place} (copy it from the text, markup included)"
        case [line]:
            fault = (
                f"crosses an item's end in {place}, on line {line} "
                "(choose words of one line, list item or table cell)"
            )
        case _:
            fault = (
                f"stands more than once in {place}, on lines {_listed(lines)} (lengthen the anchor)"
            )
    return f"{short_iri(mention.entity)}: the anchor {anchor!r} {fault}"


def _listed(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:_LINES_SHOWN])
    return f"{shown} …" if len(lines) > _LINES_SHOWN else shown


def _namings(section: SectionMentions, projection: Projection) -> Iterator[_Showing]:
    occurrences = free_standing(
        {
            mention.entity: [
                span for name in mention.names for span in projection.occurrences(name)
            ]
            for mention in section.mentions
        }
    )
    for mention in section.mentions:
        # An anchor says which of the occurrences is meant.
        if not mention.anchors:
            for span in occurrences[mention.entity]:
                yield _Showing(span, Shows.NAME, mention.entity)


def _grouped(showings: Iterable[_Showing], section: NamedNode) -> Iterator[Annotation]:
    bodies: dict[tuple[Span, Shows], set[NamedNode]] = {}
    for showing in showings:
        bodies.setdefault((showing.passage, showing.shows), set()).add(showing.body)
    for (passage, shows), found in bodies.items():
        ordered = tuple(sorted(found, key=lambda body: body.value))
        yield Annotation(passage, section, shows, bodies=ordered)
