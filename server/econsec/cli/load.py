"""`econsec load`: add RDF files to the named graphs of a location."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.progress import Counter, counter
from econsec.cli.violations import printed_violations
from econsec.engine.loading import Loaded
from econsec.engine.loading import load as load_documents
from econsec.engine.location import Location
from econsec.errors import UsageError
from econsec.knowledge.reading import Document, document, read_document
from econsec.rdf.formats import READABLE, Format, by_name

__all__ = ["load"]

_STDIN = Path("-")


def load(
    files: Annotated[
        list[Path], typer.Argument(help="RDF files, gzipped or not; - is standard input.")
    ],
    location: Annotated[
        Path, typer.Option("--location", "-l", help="The folder; made if it is not there.")
    ],
    graph: Annotated[
        str | None,
        typer.Option("--graph", help="The IRI of the graph for triples that name none."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="Extension or media type of the files.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Empty the graphs first that the files have triples for."),
    ] = False,
    infer: Annotated[bool, typer.Option("--infer/--no-infer", help="Draw the inferences.")] = True,
) -> None:
    """Load all files or none, and publish the result as one new generation.

    The graphs become part of the default graph, and inferences are drawn anew,
    however many triples there are: --no-infer leaves them to a server that is
    started later. With --replace, --graph holds afterwards what the files say
    and no more, as after a PUT.
    """
    syntax = None if format is None else by_name(format, READABLE)
    target = Location.create(location)
    with printed_violations(), counter("reading", unit="triples") as progress:
        loaded = load_documents(
            target,
            _documents(files, syntax, progress),
            graph=graph,
            replace=replace,
            infer=infer,
            progress=progress.count,
        )
    _report(loaded)


def _documents(files: list[Path], format: Format | None, progress: Counter) -> Iterator[Document]:
    """One document at a time, so that no more than one is in memory."""
    for file in files:
        progress.turn_to(f"reading {file.name}")
        yield _read(file, format)
    progress.turn_to("merging and inferring")


def _read(file: Path, format: Format | None) -> Document:
    if file != _STDIN:
        return read_document(file, format=format)
    if format is None:
        raise UsageError("standard input has no name to tell its format", remedy="give --format")
    return document(sys.stdin.buffer.read(), name="<stdin>", format=format)


def _report(loaded: Loaded) -> None:
    for graph, triples in sorted(loaded.triples.items()):
        typer.echo(f"triples into <{graph}>: {triples:,}", err=True)
    derived = loaded.derived
    typer.echo(
        f"default graph: {derived.merged:,} asserted + {derived.inferred:,} inferred triples",
        err=True,
    )
    if loaded.rewritten:
        typer.echo(
            "literals that keep their value, but not their text (1.50 comes back as 1.5): "
            f"{loaded.rewritten:,}",
            err=True,
        )
