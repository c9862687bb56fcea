"""`econsec info`: what a data set holds, and what it is served by."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from econsec import __version__
from econsec.engine.location import Location
from econsec.errors import UsageError
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.summary import Summary, summarise
from econsec.rdf.namespaces import GRAPH

__all__ = ["info"]

_ENGINES = ("pyoxigraph", "rdflib", "pyshacl", "owlready2")


def info(
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="A location; else the packaged data.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="json, for programs.")
    ] = None,
) -> None:
    """Say what the data set holds: version, graphs, entities, and the engines' versions."""
    if format not in (None, "json"):
        raise UsageError(f"there is no report in {format!r}", remedy="leave -f away or give json")
    if location is not None:
        store = Location(location).open_current()
    else:
        store = build(Manifest.read(default_manifest())).store
    summary = summarise(store)
    engines = {"python": platform.python_version(), **{name: version(name) for name in _ENGINES}}
    if format == "json":
        report = {"econsec": __version__, "engines": engines, "dataset": asdict(summary)}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(summary, engines)


def _print(summary: Summary, engines: dict[str, str]) -> None:
    console = Console(highlight=False)
    facts = Table.grid(padding=(0, 2))
    facts.add_row("econsec", __version__)
    facts.add_row("data set", f"{summary.version or 'unknown'} of {summary.modified or 'unknown'}")
    facts.add_row("default graph", f"{summary.triples:,} triples")
    facts.add_row("entities", f"{summary.entities:,}")
    facts.add_row("ontology terms", f"{summary.terms:,}")
    facts.add_row("engines", ", ".join(f"{name} {number}" for name, number in engines.items()))
    console.print(facts)
    graphs = Table(expand=True)
    graphs.add_column("graph", no_wrap=True)
    graphs.add_column("title", no_wrap=True, ratio=1)
    graphs.add_column("triples", justify="right")
    for graph in summary.graphs:
        name = graph.iri.removeprefix(GRAPH)
        graphs.add_row(name, graph.title_en or "", f"{graph.triples:,}")
    console.print(graphs)
