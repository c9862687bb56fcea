"""`econsec validate`: hold files, graphs, or the packaged data set against SHACL shapes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from econsec.cli.console import STANDARD, output
from econsec.cli.documents import read, syntax_named, tracked, used_once
from econsec.errors import UsageError
from econsec.knowledge.reading import Document
from econsec.knowledge.reports import Report, Severity
from econsec.knowledge.reports.formats import Grouping, ReportFormat, render
from econsec.knowledge.reports.text import print_text
from econsec.knowledge.shapes import Engine
from econsec.rdf.formats import Format
from econsec.service.validation import Request, joined
from econsec.service.validation import validate as carry_out

__all__ = ["validate"]


class Language(StrEnum):
    """The languages that messages are written in."""

    EN = "en"
    JA = "ja"


def validate(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="RDF files, gzipped or not, - for stdin; without any, the packaged data set.",
            show_default=False,
        ),
    ] = None,
    graph: Annotated[
        list[str] | None,
        typer.Option(
            "--graph",
            metavar="IRI",
            help="A graph of the data set, or of --location or --endpoint; may be given again.",
        ),
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="A data set on disk.")
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A SPARQL endpoint: its default graph, or each --graph there."
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", help="hygiene, designation, document, federation, or all (the default)."
        ),
    ] = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option(
            "--shapes",
            "--shacl",
            "-s",
            help="A file of shapes, instead of ours or beside a --profile; may be given again.",
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"{', '.join(ReportFormat)}; else as the suffix of --output says, else text.",
        ),
    ] = None,
    data_format: Annotated[
        str | None,
        typer.Option(
            "--data-format",
            "--data-file-format",
            "-df",
            help="Extension or media type of the data; else by the file's name, Turtle on stdin.",
        ),
    ] = None,
    shapes_format: Annotated[
        str | None,
        typer.Option(
            "--shapes-format", "--shacl-file-format", "-sf", help="The same of the shapes."
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="The language of the reports made for people.")
    ] = Language.EN,
    severity: Annotated[
        Severity, typer.Option(help="Leave out what is less grave; the verdict stays.")
    ] = Severity.INFO,
    limit: Annotated[
        int | None,
        typer.Option(min=0, help="List so many results; the others are counted."),
    ] = None,
    group_by: Annotated[
        Grouping, typer.Option(help="How the HTML report is put together.")
    ] = Grouping.NODE,
    engine: Annotated[
        Engine, typer.Option(help="fast, or reference: pySHACL alone.")
    ] = Engine.FAST,
    each: Annotated[
        bool,
        typer.Option(
            "--validate-each", help="Judge each file for itself; else they are one graph."
        ),
    ] = False,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The data set; else the packaged one.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write, - for stdout.")
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", "-d", help="Show where an error arose.")
    ] = False,
    allow: Annotated[
        bool,
        typer.Option(
            "--allow-warnings",
            "--allow-warning",
            "--allow-infos",
            "--allow-info",
            "-w",
            hidden=True,  # pySHACL's way to ask for what always holds here
        ),
    ] = False,
) -> None:
    """Check data against SHACL shapes; exit 1 if there are violations.

    Several files are one graph. Warnings are advice and do not change the verdict.
    The flags -s, -f, -df, -sf, -d, -o, -w and --validate-each mean what they mean to
    pySHACL.
    """
    if debug:
        context.find_root().params["debug"] = True
    form = _format(format, target)
    paths = files or []
    used_once([*paths, *(shapes or [])])
    _exclude(files=bool(paths), location=location is not None, endpoint=endpoint is not None)
    if paths and graph:
        raise UsageError("--graph is about a data set or an endpoint, not about files")
    request = Request(
        graphs=() if endpoint is not None else tuple(dict.fromkeys(graph or ())),
        fetched=() if endpoint is None else _fetched(endpoint, graph or ()),
        manifest=manifest,
        location=location,
        profile=profile,
        shape_documents=[read(file, syntax_named(shapes_format)) for file in shapes or ()],
        engine=engine,
        explained=form is ReportFormat.HTML,
    )
    report = _report(request, paths, syntax=syntax_named(data_format), each=each)
    shown = report.at_least(severity)
    _write(
        shown if limit is None else shown.limited(limit),
        form,
        target=target,
        language=language,
        grouping=group_by,
    )
    if not report.conforms:
        raise typer.Exit(1)


def _report(
    request: Request, paths: Sequence[Path], *, syntax: Format | None, each: bool
) -> Report:
    if each and len(paths) > 1:
        return joined(
            [
                carry_out(replace(request, documents=[read(path, syntax)]))
                for path in tracked(paths, "validating")
            ]
        )
    documents = [read(path, syntax) for path in tracked(paths, "reading")]
    return carry_out(replace(request, documents=documents))


def _write(
    report: Report,
    form: ReportFormat,
    *,
    target: Path | None,
    language: Language,
    grouping: Grouping,
) -> None:
    if form is ReportFormat.TEXT and target in {None, STANDARD} and sys.stdout.isatty():
        print_text(report, Console(highlight=False), language=language)
        return
    content = render(report, form, language=language, grouping=grouping)
    with output(target) as stream:
        stream.write(content)


def _format(name: str | None, target: Path | None) -> ReportFormat:
    """What was asked for, else what the output's suffix says, else text."""
    if name is not None:
        return ReportFormat.named(name)
    if target is None or target == STANDARD or not target.suffix:
        return ReportFormat.TEXT
    return ReportFormat.of_file(target)


def _exclude(**given: bool) -> None:
    named = [name for name, is_given in given.items() if is_given]
    if len(named) > 1:
        raise UsageError(
            f"{' and '.join(named)} exclude each other", remedy="validate one, then the other"
        )


def _fetched(endpoint: str, graphs: Sequence[str]) -> list[Document]:
    # The client of endpoints elsewhere takes long to import, and few need it.
    from econsec.service.elsewhere import fetched

    return fetched(endpoint, graphs)
