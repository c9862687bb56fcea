"""`econsec verify-backup`: whether a backup could be restored as it was taken."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from econsec.cli.progress import working
from econsec.engine.backup import Inventory, differences

__all__ = ["verify_backup"]


def verify_backup(
    backup: Annotated[Path, typer.Argument(help="A folder that `econsec backup` has written.")],
) -> None:
    """Restore a backup to a temporary folder and print what differs; exit 1 if there is anything.

    Every file is hashed, the chain of the log is checked, and the store is opened
    and read as a whole. TMPDIR says where there is room for a copy of the store.
    """
    with TemporaryDirectory(prefix="econsec-") as scratch, working("restoring and comparing"):
        found = differences(backup, Path(scratch) / "store")
    for difference in found:
        typer.echo(difference)
    if found:
        raise typer.Exit(1)
    whole = Inventory.read(backup)
    typer.echo(
        f"commit {whole.commit}, backed up {whole.time:%Y-%m-%d %H:%M:%SZ}: {len(whole.files):,} "
        f"files and {whole.content.quads:,} quads are as they were",
        err=True,
    )
