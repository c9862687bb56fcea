"""`econsec lint-shapes`: what is wrong with shapes, before any data are held against them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.knowledge.reading import read_document
from econsec.knowledge.shapes.linting import Fault, Gravity, lint
from econsec.paths import resources

__all__ = ["lint_shapes"]


def lint_shapes(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Files of shapes, taken together; without any, the packaged shapes.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print what is wrong with SHACL shapes, a line each; exit 1 for errors.

    Advice does not count.
    """
    paths = files or sorted((resources() / "shapes").glob("*.ttl"))
    documents = [read_document(path) for path in dict.fromkeys(paths)]
    quads = [quad for document in documents for quad in document.quads()]
    faults = lint(quads, documents=documents)
    for fault in faults:
        typer.echo(_line(fault))
    errors = sum(fault.gravity is Gravity.ERROR for fault in faults)
    typer.echo(
        f"files: {len(documents)}, errors: {errors}, advice: {len(faults) - errors}", err=True
    )
    if errors:
        raise typer.Exit(1)


def _line(fault: Fault) -> str:
    place = f"{fault.place}: " if fault.place is not None else ""
    remedy = f" ({fault.remedy})" if fault.remedy is not None else ""
    return f"{place}{fault.gravity}: {fault.sentence}{remedy}"
