"""`econsec protect`: put a graph under validation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from econsec.cli.locations import existing
from econsec.cli.protecting import Remote
from econsec.engine.protecting import protect as protect_graph
from econsec.engine.protecting import protected
from econsec.engine.writing.protection import setting_by
from econsec.errors import UsageError
from econsec.knowledge.reading import read_document

__all__ = ["protect"]


def protect(
    graph: Annotated[str | None, typer.Argument(help="The IRI of the graph.")] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="The shapes of the project to validate by.")
    ] = None,
    shapes: Annotated[
        list[Path] | None, typer.Option("--shapes", help="Files with shapes of your own.")
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="The folder of the data set.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="A server that runs, by its root.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="A file with a token for the server.")
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="Only print which graphs are under validation.")
    ] = False,
) -> None:
    """Put a graph under validation: writes that would leave new violations in it are refused.

    What violates the shapes already is printed, and blocks no writes. The
    setting is part of the data set: it outlasts restarts and stands in backups.
    """
    if (location is None) == (endpoint is None):
        raise UsageError("one data set is meant", remedy="give --location or --endpoint")
    remote = None if endpoint is None else Remote.of(endpoint, token_file)
    if list_all:
        _print_settings(remote.settings() if remote else _settings(location))
        return
    if graph is None or (profile is None and not shapes):
        raise UsageError("name a graph, and --profile, --shapes or both")
    documents = [read_document(file) for file in shapes or ()]
    setting = setting_by(graph, profile=profile, documents=documents)
    if remote is not None:
        _print_report(remote.put(setting))
    elif location is not None:
        _print_report(protect_graph(existing(location), setting))


def _settings(location: Path | None) -> list[dict[str, Any]]:
    return [] if location is None else [each.as_json() for each in protected(existing(location))]


def _print_settings(settings: list[dict[str, Any]]) -> None:
    for each in settings:
        own = "" if each["shapes"] is None else "own shapes"
        typer.echo("\t".join((each["graph"], each["profile"] or "", own)))


def _print_report(report: Mapping[str, Any]) -> None:
    for result in report["results"]:
        messages = result["messages"]
        message = messages.get("en") or next(iter(messages.values()), "")
        place = " ".join(filter(None, (result["focusNode"], result["path"])))
        typer.echo(f"{result['severity']}\t{place}\t{message}")
    counts = ", ".join(f"{name}s: {many}" for name, many in report["counts"].items())
    cut = "; not all are shown" if report["truncated"] else ""
    typer.echo(f"under validation; what is there already ({counts}) blocks nothing{cut}", err=True)
