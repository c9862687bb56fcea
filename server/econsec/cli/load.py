"""`econsec load`: add RDF files to the named graphs of a location."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

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
    infer: Annotated[bool, typer.Option("--infer/--no-infer", help="Draw the inferences.")] = True,
) -> None:
    """Load all files or none, and publish the result as one new generation.

    The graphs become part of the default graph, and inferences are drawn anew.
    """
    syntax = None if format is None else by_name(format, READABLE)
    documents = [_read(file, syntax) for file in files]
    loaded = load_documents(Location.create(location), documents, graph=graph, infer=infer)
    _report(loaded)


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
