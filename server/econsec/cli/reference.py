"""`econsec reference`: write the reference pages, or check that they are up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.knowledge.json_ld_context import CONTEXT_FILE, context_of, written
from econsec.knowledge.reference import pages
from econsec.paths import resources

__all__ = ["reference"]


def reference(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder that holds the pages.")
    ] = Path("docs"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where a page is out of date.")
    ] = False,
) -> None:
    """Write ontology.md, queries.md, settings.md and the JSON-LD context anew."""
    root = resources()
    made = {output / name: text for name, text in pages(root).items()}
    made[root / CONTEXT_FILE] = written(context_of(root / "ontology"))
    stale = {path: text for path, text in made.items() if not _holds(path, text)}
    for path, text in stale.items():
        if check:
            typer.echo(f"{path} is out of date (run `econsec reference`)", err=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        raise typer.Exit(1)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
