"""`econsec validate`: hold files, or the packaged data set, against SHACL shapes."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from econsec.cli.console import STANDARD, output
from econsec.errors import UsageError
from econsec.knowledge.reading import Document, document, read_document
from econsec.knowledge.report_text import print_text
from econsec.knowledge.reports import ReportFormat
from econsec.rdf.formats import TURTLE
from econsec.service.validation import Request, render
from econsec.service.validation import validate as carry_out

__all__ = ["validate"]


class Language(StrEnum):
    """The languages that messages are written in."""

    EN = "en"
    JA = "ja"


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="RDF files, - for Turtle on stdin; without any, the packaged data set.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="hygiene, designation, document, or all (the default)."),
    ] = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", help="A file of shapes, instead of ours or beside a --profile."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help="text, turtle, json-ld, nt or json."),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="The language of the text report.")
    ] = Language.EN,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The data set; else the packaged one.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write, - for stdout.")
    ] = None,
) -> None:
    """Check data against SHACL shapes; exit 1 if there are violations."""
    form = _format(format, target)
    request = Request(
        documents=[_read(file) for file in _each_once(files or [])],
        manifest=manifest,
        profile=profile,
        shape_files=shapes or (),
    )
    report = carry_out(request)
    if form is ReportFormat.TEXT and target in {None, STANDARD} and sys.stdout.isatty():
        print_text(report, Console(highlight=False), language=language)
    else:
        content = render(report, form, language=language)
        with output(target) as stream:
            stream.write(content)
    if not report.conforms:
        raise typer.Exit(1)


def _format(name: str | None, target: Path | None) -> ReportFormat:
    """What was asked for, else what the output's suffix says, else text."""
    if name is not None:
        return ReportFormat.named(name)
    if target is None or target == STANDARD or not target.suffix:
        return ReportFormat.TEXT
    return ReportFormat.named(target.suffix)


def _each_once(files: list[Path]) -> list[Path]:
    if files.count(STANDARD) > 1:
        raise UsageError("standard input can be read only once")
    return files


def _read(file: Path) -> Document:
    if file != STANDARD:
        return read_document(file)
    return document(sys.stdin.buffer.read(), name="<stdin>", format=TURTLE)
