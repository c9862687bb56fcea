"""`econsec backup`: a copy of a data set that can be checked and restored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.locations import Folder, existing
from econsec.cli.progress import working
from econsec.engine.backup import back_up

__all__ = ["backup"]


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, best on another disk.")],
    location: Folder,
) -> None:
    """Copy the published state and its log to a new folder, also while a server writes.

    The target gets `store/`, `audit.jsonl` and `backup.json`, which has the hash of
    every file and of the content. On the same file system the files of the store
    are hard links: they cost no room, and are lost together with that disk.
    """
    found = existing(location)
    with working("copying and hashing"):
        made = back_up(found, target)
    named = len(made.content.graphs) - 1
    typer.echo(
        f"commit {made.commit}: {made.content.quads:,} quads, {named:,} named graphs and "
        f"{made.log_records:,} records of the log, in {target}",
        err=True,
    )
