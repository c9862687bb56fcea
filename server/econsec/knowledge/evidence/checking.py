"""Committed evidence held against the text: every passage is found again where it is said to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from econsec.knowledge.evidence.coverage import Coverage
from econsec.knowledge.evidence.matching import fold
from econsec.knowledge.evidence.mentions import Mention, Mentions, SectionMentions
from econsec.knowledge.evidence.passages import Annotation, Shows
from econsec.knowledge.evidence.text import Cell, SourceText
from econsec.rdf.notation import short_iri

__all__ = ["recheck", "unexplained"]


def recheck(
    annotations: Iterable[Annotation], mentions: Mentions, *, source: SourceText
) -> list[str]:
    """What is wrong with the passages, a line each.

    A passage lies in its section and in one cell, begins and ends with a counted
    character, and shows a name or an anchor of each thing it is said to show.
    """
    sections = {section.section: section for section in mentions.sections}
    cells = {
        section.section: list(source.cells(source.sections[section.number - 1]))
        for section in mentions.sections
    }
    findings: list[str] = []
    for annotation in annotations:
        section = sections.get(annotation.section)
        if section is None:
            name = short_iri(annotation.section)
            findings.append(f"{_place(annotation)}: {name} is no section of the document")
            continue
        cell = _cell(annotation, cells[annotation.section])
        fault = _misplaced(annotation, section, source=source, cell=cell)
        if fault is not None or cell is None:
            findings.append(f"{_place(annotation)}: {fault}")
        else:
            findings += _unshown(annotation, section, source=source, cell=cell)
    return findings


def unexplained(coverage: Coverage) -> list[str]:
    """A line for each thing whose passages and es:noPassage do not fit together."""
    missing = set(coverage.missing)
    return [
        f"{short_iri(entity)}: no passage shows it (give it an es:anchor, or es:noPassage "
        "with the reason in English and Japanese)"
        for entity in coverage.unexcused
    ] + [
        f"{short_iri(entity)}: a passage shows it, and es:noPassage says why none does"
        for entity in coverage.mentions.entities()
        if entity in coverage.mentions.excuses and entity not in missing
    ]


def _place(annotation: Annotation) -> str:
    return f"passage {annotation.passage.start}-{annotation.passage.end}"


def _cell(annotation: Annotation, cells: Iterable[Cell]) -> Cell | None:
    return next((cell for cell in cells if annotation.passage.within(cell.extent)), None)


def _misplaced(
    annotation: Annotation, section: SectionMentions, *, source: SourceText, cell: Cell | None
) -> str | None:
    passage = annotation.passage
    if passage.start >= passage.end:
        return "it is empty"
    if not passage.within(source.sections[section.number - 1]):
        return f"it does not lie in section {section.number}"
    if cell is None:
        return "it lies in no one line, list item or table cell"
    edges = {passage.start, passage.end - 1}
    if not edges <= {offset for offset in cell.shown if source.counts(offset)}:
        return "it begins or ends with a space or markup"
    return None


def _unshown(
    annotation: Annotation, section: SectionMentions, *, source: SourceText, cell: Cell
) -> Iterator[str]:
    known = {mention.entity: mention for mention in section.mentions}
    for body in annotation.bodies:
        name, mention = short_iri(body), known.get(body)
        if mention is None:
            yield f"{_place(annotation)}: section {section.number} does not mention {name}"
        elif not _shows(annotation, mention, source=source, cell=cell):
            yield f"{_place(annotation)}: it shows no {annotation.shows} of {name}"


def _shows(annotation: Annotation, mention: Mention, *, source: SourceText, cell: Cell) -> bool:
    passage = annotation.passage
    if annotation.shows is Shows.STATEMENT:
        extent = source.text[cell.extent.start : cell.extent.end]
        return passage == cell.passage and any(anchor in extent for anchor in mention.anchors)
    shown = (offset for offset in cell.shown if passage.start <= offset < passage.end)
    text = fold("".join(source.text[offset] for offset in shown))
    return text in {fold(name).strip() for name in mention.names}
