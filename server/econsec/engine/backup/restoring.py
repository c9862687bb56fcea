"""Bringing a backup back, as a data set of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from econsec.engine.backup.checking import check
from econsec.engine.backup.files import copied, made_durable
from econsec.engine.backup.inventory import LOG, Inventory
from econsec.engine.location import Location
from econsec.engine.writing.failures import DiskFull, is_disk_full
from econsec.errors import NotAvailable, UsageError

__all__ = ["Restored", "restore"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and the number of the commit that did it."""

    inventory: Inventory
    commit: int


def restore(backup: Path, root: Path, *, agent: str = "command line") -> Restored:
    """Check a backup and make the new or empty folder `root` a data set with its content.

    The log of the data set goes on with a record of the restoring, so that no
    state of it goes by the number of another one. Raises `UsageError` on a
    folder that holds something, `Damaged`, and `NotAvailable` where the folder
    cannot be written; in each case it is left as it was.
    """
    _check_empty(root)
    with _emptied_on_failure(root):
        location = Location(root)
        generations = location.generations
        with generations.locked():
            scratch = generations.scratch()
            inventory = check(backup, scratch / "store")
            made_durable(scratch)
            (scratch / "store").rename(generations.folder(inventory.commit))
            copied(backup / LOG, generations.log)
            made_durable(root)
            generations.point_to(inventory.commit)
            scratch.rmdir()
        return Restored(inventory, location.restore(inventory.commit, agent=agent))


def _check_empty(root: Path) -> None:
    """Raises `UsageError` on anything but a new or an empty folder."""
    if root.is_symlink() or (root.exists() and (not root.is_dir() or any(root.iterdir()))):
        raise UsageError(
            f"{root} is there and holds something", remedy="name a new or an empty folder"
        )


@contextmanager
def _emptied_on_failure(root: Path) -> Iterator[None]:
    """Make a folder, which may be the root of a volume; on failure it is as it was."""
    was_there = root.exists()
    try:
        root.mkdir(exist_ok=True)
        yield
    except BaseException as error:
        _empty(root, remove=not was_there)
        if isinstance(error, OSError | RuntimeError):
            kind = DiskFull if is_disk_full(error) else NotAvailable
            raise kind(f"the backup cannot be restored: {error}", source=str(root)) from error
        raise


def _empty(root: Path, *, remove: bool) -> None:
    with suppress(OSError):
        for entry in os.scandir(root):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
        if remove:
            root.rmdir()
