"""`econsec unprotect`: let a graph be written without validation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.protecting import data_set
from econsec.knowledge.manifest import graph_name

__all__ = ["unprotect"]


def unprotect(
    graph: Annotated[str, typer.Argument(help="The IRI of the graph.")],
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="The folder of the data set.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="A server that runs, by its root.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="A file with a token for the server.")
    ] = None,
) -> None:
    """Let a graph be written without validation again."""
    data_set(location, endpoint, token_file).delete(graph_name(graph))
