"""How much of a document its passages cover, and the report about it.

Counted are the characters that are neither space nor markup, by the rule of
`econsec.knowledge.evidence.text`. The report gives places and numbers only: a
sentence of the document has no place in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from econsec.knowledge.evidence.mentions import Mentions, SectionMentions
from econsec.knowledge.evidence.passages import Annotation, Evidence
from econsec.knowledge.evidence.text import Cell, SourceText, Span
from econsec.rdf.notation import short_iri

__all__ = ["Coverage", "Gap", "SectionCoverage", "measure", "report"]

_LANGUAGES = ("en", "ja")
_NOTICE = "<!-- Written by `econsec evidence coverage`; do not edit by hand. -->"


@dataclass(frozen=True, slots=True)
class Gap:
    """Counted characters of one cell that no passage covers; `line` is its line, from 1."""

    span: Span
    line: int
    characters: int


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """A section in numbers; `gaps` are what no passage covers, in the order of the text."""

    section: SectionMentions
    counted: int
    covered: int
    passages: int
    entities: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every section, and the things that no passage of any section shows."""

    mentions: Mentions
    sections: tuple[SectionCoverage, ...]
    missing: tuple[NamedNode, ...]

    @property
    def unexcused(self) -> tuple[NamedNode, ...]:
        """The things without a passage of which the data do not say why in both languages."""
        excuses = self.mentions.excuses
        return tuple(e for e in self.missing if not {*_LANGUAGES} <= excuses.get(e, {}).keys())


def measure(mentions: Mentions, source: SourceText, evidence: Evidence) -> Coverage:
    """Count what the passages of each section cover."""
    shown = evidence.shown()
    return Coverage(
        mentions=mentions,
        sections=tuple(
            _section(
                section,
                source,
                annotations=[a for a in evidence.annotations if a.section == section.section],
            )
            for section in mentions.sections
        ),
        missing=tuple(entity for entity in mentions.entities() if entity not in shown),
    )


def _section(
    section: SectionMentions, source: SourceText, *, annotations: Sequence[Annotation]
) -> SectionCoverage:
    passages = {annotation.passage for annotation in annotations}
    covered = {offset for span in passages for offset in range(span.start, span.end)}
    cells = list(source.cells(source.sections[section.number - 1]))
    counted = {offset for cell in cells for offset in cell.shown if source.counts(offset)}
    return SectionCoverage(
        section=section,
        counted=len(counted),
        covered=len(counted & covered),
        passages=len(passages),
        entities=len({body for annotation in annotations for body in annotation.bodies}),
        gaps=tuple(gap for cell in cells for gap in _gaps(cell, source, covered=covered)),
    )


def _gaps(cell: Cell, source: SourceText, *, covered: set[int]) -> Iterator[Gap]:
    run: list[int] = []
    for offset in (*cell.shown, None):
        if offset is not None and not source.counts(offset):
            continue
        if offset is not None and offset not in covered:
            run.append(offset)
        elif run:
            yield Gap(Span(run[0], run[-1] + 1), source.line(run[0]), characters=len(run))
            run = []


def report(coverage: Coverage) -> str:
    """The report in Markdown."""
    return "\n".join(
        [
            "# Evidence",
            "",
            _NOTICE,
            "",
            "Which part of the source document stands behind the graph. Counted are the",
            "characters that are neither space nor markup; a passage is a name where it stands,",
            "or the line, list item or table cell that says something. Offsets are in code",
            f"points of the text with the SHA-256 `{coverage.mentions.described.sha256}`.",
            "",
            *_table(coverage),
            "",
            *_gap_list(coverage),
            "## Things that no passage shows",
            "",
            *_missing(coverage),
            "",
        ]
    )


def _table(coverage: Coverage) -> Iterator[str]:
    yield "| Section | Characters | Covered | Share | Passages | Entities |"
    yield "|---|--:|--:|--:|--:|--:|"
    for s in coverage.sections:
        yield (
            f"| {s.section.number}. {s.section.title} | {s.counted} | {s.covered} "
            f"| {_share(s.covered, s.counted)} | {s.passages} | {s.entities} |"
        )
    counted = sum(s.counted for s in coverage.sections)
    covered = sum(s.covered for s in coverage.sections)
    passages = sum(s.passages for s in coverage.sections)
    entities = len(coverage.mentions.entities()) - len(coverage.missing)
    yield (
        f"| All | {counted} | {covered} | {_share(covered, counted)} | {passages} | {entities} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _gap_list(coverage: Coverage) -> Iterator[str]:
    yield "## What no passage covers"
    yield ""
    for s in coverage.sections:
        if s.gaps:
            yield f"### Section {s.section.number}"
            yield ""
            yield "| Line | Start | End | Characters |"
            yield "|--:|--:|--:|--:|"
            for gap in s.gaps:
                yield f"| {gap.line} | {gap.span.start} | {gap.span.end} | {gap.characters} |"
            yield ""


def _missing(coverage: Coverage) -> Iterator[str]:
    if not coverage.missing:
        yield "None."
    for entity in coverage.missing:
        excuse = coverage.mentions.excuses.get(entity, {})
        reason = " / ".join(excuse[language] for language in _LANGUAGES if language in excuse)
        yield f"- `{short_iri(entity)}`: {reason or '**no reason stated**'}"
