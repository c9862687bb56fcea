"""`econsec query`: ask the packaged data set, one on disk, or an endpoint elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.console import STANDARD, did_you_mean, note, output
from econsec.cli.notes import Ask, notes_on
from econsec.cli.rendering import Rendering
from econsec.engine.store import Query
from econsec.errors import EconSecError, InvalidInput, UsageError
from econsec.knowledge.catalogue import KINDS, Parameter, read_query
from econsec.paths import resources
from econsec.service.parameters import bindings
from econsec.service.query import answer
from econsec.service.stores import opened
from econsec.settings import Settings

__all__ = ["query"]


def query(
    name: Annotated[
        str | None, typer.Argument(help="The name of a packaged query.", show_default=False)
    ] = None,
    text: Annotated[str | None, typer.Option("--query", "-q", help="The text of a query.")] = None,
    query_file: Annotated[
        Path | None, typer.Option(help="A file that holds a query, - for stdin.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="An extension, a media type or 'table'. Without it the output's suffix, "
            "else a table on a terminal, else TSV; Turtle for graphs.",
        ),
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write, - for stdout.")
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="A data set on disk to ask.")
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="A SPARQL endpoint's URL to ask.")] = None,
    default_graph: Annotated[
        list[str] | None, typer.Option(help="The IRI of a graph to merge into the default graph.")
    ] = None,
    named_graph: Annotated[
        list[str] | None, typer.Option(help="The IRI of a named graph to ask.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="The day that ?asOf stands for in a query that uses it."
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="The value of a parameter of a packaged query; may be given several times.",
        ),
    ] = None,
    infer: Annotated[bool, typer.Option(help="Count inferred triples too.")] = True,
    exit_status: Annotated[
        bool, typer.Option("--exit-status", help="Exit with 1 if an ASK is answered with false.")
    ] = False,
) -> None:
    """Ask a SPARQL query."""
    if location is not None and endpoint is not None:
        raise UsageError("--location and --endpoint exclude each other")
    source = _source(name=name, text=text, file=query_file)
    to_terminal = target in {None, STANDARD} and sys.stdout.isatty()
    rendering = Rendering.of(format, target, to_terminal=to_terminal)
    try:
        asked = Query(
            source.text,
            tuple(default_graph or ()),
            tuple(named_graph or ()),
            infer,
            bindings(source.text, source.parameters, values=param or (), as_of=as_of),
        )
        with _asking(location=location, endpoint=endpoint) as ask:
            result = ask(asked, rendering.choose)
            notes = tuple(notes_on(asked, result, ask))
    except EconSecError as error:
        if error.line is not None:
            error.source = error.source or source.name
        raise
    if exit_status and result.truth is None:
        raise UsageError("--exit-status is for ASK queries alone")
    with output(target) as stream:
        rendering.write(result, stream)
    for each in notes:
        note(each)
    if exit_status and result.truth is False:
        raise typer.Exit(1)


@contextmanager
def _asking(*, location: Path | None, endpoint: str | None) -> Iterator[Ask]:
    if endpoint is not None:
        # The client of endpoints elsewhere takes long to import, and few need it.
        from econsec.service import endpoint as elsewhere

        yield partial(elsewhere.ask, endpoint=endpoint)
        return
    settings = Settings.from_environment(os.environ)
    with opened(location, settings) as store:
        yield partial(answer, store=store, settings=settings)


@dataclass(frozen=True, slots=True)
class _Source:
    """The text of a query, what errors in it call it, and the parameters that it declares."""

    text: str
    name: str
    parameters: tuple[Parameter, ...] = ()


def _source(*, name: str | None, text: str | None, file: Path | None) -> _Source:
    if sum(given is not None for given in (name, text, file)) != 1:
        raise UsageError(
            "exactly one query is needed", remedy="give a NAME, --query or --query-file"
        )
    if text is not None:
        return _Source(text, "query")
    return _read(file) if file is not None else _packaged(name or "")


def _read(path: Path) -> _Source:
    name = "stdin" if path == STANDARD else str(path)
    try:
        content = sys.stdin.buffer.read() if path == STANDARD else path.read_bytes()
        return _Source(content.decode("utf-8-sig"), name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"the query cannot be read: {reason}", source=name) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("the query is not valid UTF-8", source=name) from error


def _packaged(name: str) -> _Source:
    """The query `name` or `kind/name`; of two with one name, that of the earlier kind."""
    root = resources() / "queries"
    paths = {f"{kind}/{path.stem}": path for kind in KINDS for path in (root / kind).glob("*.rq")}
    matching = [key for key in paths if name in {key, key.partition("/")[2]}]
    if not matching:
        remedy = did_you_mean(name, [path.stem for path in paths.values()])
        raise UsageError(
            f"no packaged query is called {name!r}", remedy=remedy or f"they lie in {root}"
        )
    key = matching[0]
    found = read_query(paths[key], kind=key.partition("/")[0])
    return _Source(found.text, str(found.path), found.parameters)
