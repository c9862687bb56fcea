"""`econsec evidence`: the passages of the source document behind each thing of the graph."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.console import STANDARD, did_you_mean, output
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.evidence.annotations import read_annotations, write_annotations
from econsec.knowledge.evidence.checking import recheck, unexplained
from econsec.knowledge.evidence.coverage import Coverage, measure, report
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.passages import Annotation, Evidence, collect
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.rdf.notation import long_iri, short_iri

__all__ = ["PARTS", "evidence"]

_Source = Annotated[
    Path,
    typer.Option(
        "--source",
        help="The text that the data were read from, - for standard input.",
        show_default=False,
    ),
]
_ManifestFile = Annotated[
    Path | None, typer.Option("--manifest", help="The manifest; else the packaged one.")
]


def evidence() -> None:
    """Find, check and show the passages of the source behind each thing."""


def build(
    source: _Source,
    manifest: _ManifestFile = None,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write; else evidence.ttl of the tree."),
    ] = None,
) -> None:
    """Write the passages of every thing, and say what they cover."""
    work = _Work.begin(source, _manifest(manifest))
    _refuse_faults(work.evidence)
    text = work.turtle()
    with output(target or work.mentions.target) as file:
        file.write(text.encode())
    for line in _shares(work.coverage()):
        typer.echo(line, err=True)


def check(source: _Source, manifest: _ManifestFile = None) -> None:
    """Find every passage again; exit 1 with a line for each fault."""
    work = _Work.begin(source, _manifest(manifest))
    path = work.mentions.target
    committed = read_annotations(path, document=work.mentions.document)
    findings = [
        *work.evidence.faults,
        *recheck(committed, work.mentions, source=work.source),
        *unexplained(work.coverage()),
    ]
    if not work.evidence.faults and path.read_bytes() != work.turtle().encode():
        findings.append(f"{path} is out of date (run `econsec evidence build --source FILE`)")
    for finding in findings:
        typer.echo(finding)
    typer.echo(f"annotations: {len(committed)}, faults: {len(findings)}", err=True)
    if findings:
        raise typer.Exit(1)


def show(
    thing: Annotated[
        str, typer.Argument(metavar="IRI", help="In full, or with a prefix: actor:meti.")
    ],
    source: Annotated[
        Path | None, typer.Option("--source", help="Print the words of the passages from here.")
    ] = None,
    manifest: _ManifestFile = None,
) -> None:
    """Print the passages of a thing: section, start, end, what it shows, and the words."""
    mentions = Mentions.read(_manifest(manifest))
    text = _read(source, mentions) if source is not None else None
    known = {entity.value: entity for entity in mentions.entities()}
    entity = known[_expanded(thing, known={iri: short_iri(e) for iri, e in known.items()})]
    numbers = {section.section: section.number for section in mentions.sections}
    passages = [a for a in _committed(mentions) if entity in a.bodies]
    for found in passages:
        typer.echo(_line(found, section=numbers.get(found.section), source=text))
    if not passages:
        typer.echo(f"{short_iri(entity)}: no passage shows it", err=True)
        for _, reason in sorted(mentions.excuses.get(entity, {}).items()):
            typer.echo(reason, err=True)


def coverage(
    source: _Source,
    manifest: _ManifestFile = None,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The report; else docs/evidence.md of the tree."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if the report is out of date.")
    ] = False,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Print the words that no passage covers instead.")
    ] = False,
) -> None:
    """Write the report on what the passages cover and what they leave out."""
    listed = _manifest(manifest)
    if gaps:
        if check or target is not None:
            raise UsageError("--gaps prints words and no report", remedy="drop --check and -o")
        _print_gaps(_Work.begin(source, listed))
        return
    path = target or _report_path(listed)
    if check and path == STANDARD:
        raise UsageError("--check compares a file", remedy="name the report with -o")
    work = _Work.begin(source, listed)
    _refuse_faults(work.evidence)
    text = report(work.coverage()).encode()
    if not check:
        with output(path) as file:
            file.write(text)
    elif not path.is_file() or path.read_bytes() != text:
        typer.echo(
            f"{path} is out of date (run `econsec evidence coverage --source FILE`)", err=True
        )
        raise typer.Exit(1)


PARTS = (build, check, show, coverage)
"""The commands of the group `econsec evidence`."""


@dataclass(frozen=True, slots=True)
class _Work:
    """A text, the data that were read from it, and the passages found."""

    mentions: Mentions
    source: SourceText
    evidence: Evidence

    @classmethod
    def begin(cls, source: Path, manifest: Manifest) -> _Work:
        mentions = Mentions.read(manifest)
        text = _read(source, mentions)
        return cls(mentions, text, collect(mentions, text))

    def turtle(self) -> str:
        return write_annotations(self.evidence.annotations, document=self.mentions.document)

    def coverage(self) -> Coverage:
        return measure(self.mentions, self.source, self.evidence)


def _manifest(path: Path | None) -> Manifest:
    """What is to be written, or was never written, need not be there."""
    return Manifest.read(path or default_manifest(), without_evidence=True)


def _read(path: Path, mentions: Mentions) -> SourceText:
    if path == STANDARD:
        name = "standard input"
        source = SourceText.decode(sys.stdin.buffer.read(), name=name)
    else:
        name = str(path)
        source = SourceText.read(path)
    mentions.refuse_other(source, name=name)
    return source


def _committed(mentions: Mentions) -> tuple[Annotation, ...]:
    found = read_annotations(mentions.target, document=mentions.document)
    if not found:
        raise InvalidInput(
            "the file holds no evidence",
            source=str(mentions.target),
            remedy="run `econsec evidence build --source FILE`",
        )
    return found


def _report_path(manifest: Manifest) -> Path:
    """`docs/evidence.md` of the tree that the manifest stands for."""
    docs = None if manifest.tree is None else manifest.tree / "docs"
    if docs is None or not docs.is_dir():
        raise UsageError(
            "beside this manifest there is no docs/ for the report",
            source=str(manifest.path),
            remedy="say with -o where the report is",
        )
    return docs / "evidence.md"


def _refuse_faults(found: Evidence) -> None:
    _print_faults(found)
    if found.faults:
        raise typer.Exit(1)


def _print_faults(found: Evidence) -> None:
    for fault in found.faults:
        typer.echo(fault, err=True)


def _shares(found: Coverage) -> Iterable[str]:
    for s in found.sections:
        share = 100 * s.covered / s.counted if s.counted else 100.0
        yield (
            f"section {s.section.number:2}: {share:5.1f} % of {s.counted} characters, "
            f"{s.passages} passages, {s.entities} entities"
        )
    yield from unexplained(found)


def _print_gaps(work: _Work) -> None:
    _print_faults(work.evidence)
    for s in work.coverage().sections:
        typer.echo(f"section {s.section.number}: {s.covered} of {s.counted} characters covered")
        for gap in s.gaps:
            words = work.source.text[gap.span.start : gap.span.end]
            typer.echo(f"  line {gap.line}, {gap.span.start}-{gap.span.end}: {words}")


def _expanded(thing: str, *, known: dict[str, str]) -> str:
    """The full IRI of what a person wrote. Raises `UsageError` where no section mentions it."""
    bare = thing.removeprefix("<").removesuffix(">")
    iri = long_iri(bare)
    if iri in known:
        return iri
    names = known if "://" in bare else known.values()
    raise UsageError(f"no section of the source mentions {thing}", remedy=did_you_mean(bare, names))


def _line(found: Annotation, *, section: int | None, source: SourceText | None) -> str:
    passage = found.passage
    fields = [f"section {section}", str(passage.start), str(passage.end), str(found.shows)]
    if source is not None:
        fields.append(source.text[passage.start : passage.end])
    return "\t".join(fields)
