"""`econsec reason`: what follows from the data, and whether they contradict the ontology."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from econsec.cli.console import STANDARD
from econsec.cli.console import output as opened
from econsec.cli.formats import format_for
from econsec.knowledge.build import build
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, Manifest, default_manifest
from econsec.knowledge.reading import Document, document, read_document
from econsec.knowledge.reasoning.documents import Reasoned, inferred_triples, reason_over
from econsec.rdf.formats import N_TRIPLES, TURTLE, Format, by_name

if TYPE_CHECKING:
    from econsec.knowledge.reasoning.consistency import Consistency

__all__ = ["reason"]

_WRITTEN = (N_TRIPLES, TURTLE)


def reason(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Data to reason over; - is Turtle on standard input."),
    ] = None,
    ontology: Annotated[
        list[Path] | None, typer.Option("--ontology", help="Instead of the data set's ontology.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The manifest; else the packaged one.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the inferred triples go.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="nt or ttl; else by the output's name.")
    ] = None,
    consistency: Annotated[
        bool, typer.Option("--consistency", help="Ask HermiT whether the whole has a model.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds that HermiT may take.")] = 120.0,
    memory: Annotated[int, typer.Option(min=64, help="Megabytes that HermiT may take.")] = 2048,
) -> None:
    """Write the triples that follow from the data by the ontology's axioms.

    Without files this is the whole data set. Contradictions are named on
    standard error and make the exit code 1. With --consistency the verdict is
    printed, and the triples are written only where --output says so.
    """
    syntax = _syntax(format, output)
    reasoned = _reasoned(files or [], ontology or [], manifest or default_manifest())
    typer.echo(f"{reasoned.inferred:,} triples inferred", err=True)
    for clash in reasoned.clashes:
        typer.echo(f"{clash.rule}: {clash}", err=True)
    if output is not None or not consistency:
        with opened(output) as stream:
            stream.write(inferred_triples(reasoned.store, syntax))
    sound = not reasoned.clashes
    if consistency:
        verdict = _judged(reasoned, timeout=timeout, memory=memory)
        typer.echo(f"{verdict} (HermiT, {verdict.seconds:.1f} s)")
        sound = verdict.sound
    if not sound:
        raise typer.Exit(1)


def _syntax(format: str | None, output: Path | None) -> Format:
    if format is not None:
        return by_name(format, _WRITTEN)
    return N_TRIPLES if output is None or output == STANDARD else format_for(output, _WRITTEN)


def _reasoned(files: Sequence[Path], ontology: Sequence[Path], manifest: Path) -> Reasoned:
    if files or ontology:
        axioms = map(read_document, ontology) if ontology else _packaged(Manifest.read(manifest))
        return reason_over(axioms, map(_data, files))
    built = build(Manifest.read(manifest), allow_clashes=True)
    return Reasoned(built.store, built.inferred, built.clashes)


def _packaged(manifest: Manifest) -> Iterator[Document]:
    """The files of the graph that holds the ontology."""
    for entry in manifest.graphs:
        if entry.iri == ONTOLOGY:
            yield from (read_document(dump.path, base=dump.iri) for dump in entry.files)


def _data(file: Path) -> Document:
    if file != STANDARD:
        return read_document(file)
    return document(sys.stdin.buffer.read(), name="<stdin>", format=TURTLE)


def _judged(reasoned: Reasoned, *, timeout: float, memory: int) -> Consistency:
    # owlready2 takes a moment to import, and nothing else needs it.
    from econsec.knowledge.reasoning.consistency import check_consistency
    from econsec.knowledge.reasoning.hermit import find_hermit

    hermit = find_hermit(timeout=timeout, memory=memory)
    return check_consistency(reasoned.store, tbox=ONTOLOGY, inferred=INFERRED, hermit=hermit)
