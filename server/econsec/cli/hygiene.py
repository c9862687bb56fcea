"""`econsec hygiene`: the queries whose every row is a defect, over a whole data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.engine.location import Location
from econsec.errors import UsageError
from econsec.knowledge.build import build
from econsec.knowledge.catalogue import read_catalogue
from econsec.knowledge.hygiene import run
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.paths import resources

__all__ = ["hygiene"]


def hygiene(
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The manifest; else the packaged one.")
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="Look at this location instead.")
    ] = None,
) -> None:
    """Print what is wrong with the data, a line each; exit 1 if there is anything."""
    if manifest is not None and location is not None:
        raise UsageError("--manifest and --location name two data sets", remedy="give one of them")
    if location is not None:
        store = Location(location).open_current()
    else:
        store = build(Manifest.read(manifest or default_manifest())).store
    queries = read_catalogue(resources() / "queries")["hygiene"]
    findings = run(store, queries)
    for finding in findings:
        typer.echo(finding)
    typer.echo(f"queries: {len(queries)}, defects: {len(findings)}", err=True)
    if findings:
        raise typer.Exit(1)
