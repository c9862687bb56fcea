"""`econsec build`: from the files of a manifest to a checked data set."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from econsec.cli.console import output as opened
from econsec.cli.formats import format_for
from econsec.cli.violations import printed_violations
from econsec.engine.loading import install
from econsec.engine.location import Location
from econsec.errors import UsageError
from econsec.knowledge.build import Built
from econsec.knowledge.build import build as build_dataset
from econsec.knowledge.dump import dump
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.rdf.formats import Form, Format, offered
from econsec.rdf.namespaces import GRAPH

__all__ = ["build"]


def build(
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The manifest; else the packaged one.")
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="Publish into this folder.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write to this .nq, .trig or .jsonld, or .gz of it."),
    ] = None,
    infer: Annotated[bool, typer.Option("--infer/--no-infer", help="Draw the inferences.")] = True,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Run the hygiene queries and the shapes.")
    ] = True,
    drop_others: Annotated[
        bool, typer.Option("--drop-others", help="Drop graphs that the manifest does not list.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="json: report on standard output.")
    ] = None,
) -> None:
    """Read, merge, infer and check; publish or write what passes.

    Without a location and an output file it only says what it found.
    """
    if format not in (None, "json"):
        raise UsageError(f"there is no report in {format!r}", remedy="leave -f away or give json")
    syntax = None if output is None else format_for(output, offered(Form.DATASET))
    built = build_dataset(Manifest.read(manifest or default_manifest()), infer=infer)
    defects = _defects(built) if check else []
    if format == "json":
        typer.echo(json.dumps(_as_json(built, defects), ensure_ascii=False, indent=2))
    else:
        _print_tables(built, defects)
    if defects:
        raise typer.Exit(1)
    if location is not None:
        with printed_violations():
            install(Location.create(location), built, drop_others=drop_others)
    if output is not None and syntax is not None:
        _write(built, output, syntax)


def _defects(built: Built) -> list[str]:
    # The shapes import for more than a second, which a build without checks need not wait for.
    from econsec.service.checks import defects

    return defects(built)


def _write(built: Built, path: Path, format: Format) -> None:
    content = dump(built.store, format)
    with opened(path) as file:
        # Without a date, so that equal data sets make equal files.
        file.write(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _as_json(built: Built, defects: list[str]) -> dict[str, Any]:
    modified = built.manifest.modified
    return {
        "version": built.manifest.version,
        "modified": None if modified is None else modified.isoformat(),
        "graphs": [
            {
                "iri": graph.entry.iri.value,
                "title": {"en": graph.entry.title_en, "ja": graph.entry.title_ja},
                "role": graph.entry.role,
                "triples": graph.triples,
            }
            for graph in built.graphs
        ],
        "merged": built.merged,
        "inferred": built.inferred,
        "rounds": built.rounds,
        "defects": defects,
        "seconds": {step.name: round(step.seconds, 3) for step in built.steps},
    }


def _print_tables(built: Built, defects: list[str]) -> None:
    console = Console(stderr=True)
    graphs = Table(title=f"Version {built.manifest.version}")
    graphs.add_column("graph", no_wrap=True)
    graphs.add_column("role", no_wrap=True)
    graphs.add_column("title")
    graphs.add_column("triples", justify="right", no_wrap=True)
    for graph in built.graphs:
        name = graph.entry.iri.value.removeprefix(GRAPH)
        title = graph.entry.title_en or ""
        graphs.add_row(name, graph.entry.role, title, f"{graph.triples:,}")
    console.print(graphs)
    steps = ", ".join(f"{step.name} {step.seconds:.2f} s" for step in built.steps)
    console.print(
        f"default graph: {built.merged:,} asserted + {built.inferred:,} inferred triples"
        f" ({built.rounds} rounds); {steps}"
    )
    for defect in defects:
        console.print(defect, style="red", markup=False, highlight=False)
    if defects:
        console.print(f"defects: {len(defects)}; nothing is written", style="bold red")
