"""`econsec restore`: back to an earlier commit, or from a backup to a new folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.locations import existing
from econsec.cli.progress import working
from econsec.engine.backup import restore as restore_backup
from econsec.engine.location import Locked
from econsec.errors import UsageError

__all__ = ["restore"]


def restore(
    location: Annotated[
        Path,
        typer.Option(
            "--location", "-l", help="The folder of the data set; with --from, a new or empty one."
        ),
    ],
    commit: Annotated[
        int | None, typer.Option("--commit", min=1, help="Go back to what this commit left.")
    ] = None,
    backup: Annotated[
        Path | None, typer.Option("--from", help="Make the folder from this backup.")
    ] = None,
) -> None:
    """Go back to a kept commit, or make a new folder from a backup, which is checked first.

    What is restored becomes a new commit, and nothing that came before it is lost.
    `econsec log` shows which commits are kept. A server that writes to the folder
    has to be ended first.
    """
    if (commit is None) == (backup is None):
        raise UsageError("one thing can be restored", remedy="give --commit or --from")
    try:
        if commit is not None:
            _restore_commit(location, commit)
        elif backup is not None:
            _restore_backup(location, backup)
    except Locked as error:
        error.remedy = "end the server or the command that writes to it, then restore"
        raise


def _restore_commit(root: Path, commit: int) -> None:
    location = existing(root)
    before = location.generations.current()
    number = location.restore(commit)
    typer.echo(
        f"commit {number} is current: it holds what commit {commit} left; "
        f"commit {before}, current until now, is kept",
        err=True,
    )


def _restore_backup(root: Path, backup: Path) -> None:
    with working("checking and copying"):
        restored = restore_backup(backup, root)
    typer.echo(
        f"commit {restored.commit} is current: it holds what commit {restored.inventory.commit} "
        f"left, {restored.inventory.content.quads:,} quads",
        err=True,
    )
