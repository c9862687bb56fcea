"""`econsec protect`: put a graph under validation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from econsec.cli.protecting import EndpointOption, FolderOption, TokenFileOption, data_set
from econsec.cli.violations import print_json, print_results
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
    location: FolderOption = None,
    endpoint: EndpointOption = None,
    token_file: TokenFileOption = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="Only print which graphs are under validation.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="json, for programs.")
    ] = None,
) -> None:
    """Put a graph under validation: writes that would leave new violations in it are refused.

    What violates the shapes already is printed, and blocks no writes. The
    setting is part of the data set: it outlasts restarts and stands in backups.
    """
    if format not in (None, "json"):
        raise UsageError(f"there is no report in {format!r}", remedy="leave -f away or give json")
    held = data_set(location, endpoint, token_file)
    if list_all:
        if graph is not None or profile is not None or shapes:
            raise UsageError("--list puts nothing under validation", remedy="leave the rest away")
        _print_settings(held.settings(), as_json=format is not None)
        return
    if graph is None or (profile is None and not shapes):
        raise UsageError("name a graph, and --profile, --shapes or both")
    documents = [read_document(file) for file in shapes or ()]
    report = held.put(setting_by(graph, profile=profile, documents=documents))
    if format is not None:
        print_json(report)
        return
    print_results(report)
    counts = ", ".join(f"{name}s: {many}" for name, many in report["counts"].items())
    typer.echo(f"under validation; what is there already ({counts}) blocks nothing", err=True)


def _print_settings(settings: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"graphs": settings})
        return
    for each in settings:
        own = "" if each["shapes"] is None else "own shapes"
        typer.echo("\t".join((each["graph"], each["profile"] or "", own)))
