"""`econsec unprotect`: let a graph be written without validation."""

from __future__ import annotations

from typing import Annotated

import typer

from econsec.cli.protecting import EndpointOption, FolderOption, TokenFileOption, data_set
from econsec.knowledge.manifest import graph_name

__all__ = ["unprotect"]


def unprotect(
    graph: Annotated[str, typer.Argument(help="The IRI of the graph.")],
    location: FolderOption = None,
    endpoint: EndpointOption = None,
    token_file: TokenFileOption = None,
) -> None:
    """Let a graph be written without validation again."""
    data_set(location, endpoint, token_file).delete(graph_name(graph))
