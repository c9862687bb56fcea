"""Making a backup while others write: a published generation never changes, but may go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from econsec import __version__
from econsec.engine.backup.content import content_of
from econsec.engine.backup.files import FileMark, files_in, made_durable, mark_of, synced
from econsec.engine.backup.inventory import INVENTORY, LOG, STORE, Inventory
from econsec.engine.location import Location
from econsec.engine.writing.audit import Tip, entries
from econsec.engine.writing.failures import DiskFull, is_disk_full
from econsec.engine.writing.records import Commit
from econsec.errors import InvalidInput, NotAvailable, UsageError

__all__ = ["back_up"]

_BLOCK = 1 << 20
_ATTEMPTS = 20
"""Generations that may go while they are being copied, before a backup gives up."""


def back_up(location: Location, target: Path) -> Inventory:
    """Write the published generation of `location` to the new folder `target`, or nothing.

    The files of the store are hard links where the file system allows it: a
    backup that outlives the disk belongs on another one. Nothing in the
    location is locked or changed. Raises `UsageError` on a target that is there
    or lies in the location, `InvalidInput` on a damaged location, and
    `NotAvailable` where the target cannot be written.
    """
    _check(location, target)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    with _writable(target), _made(aside):
        number = _copy_current(location, aside / STORE)
        told = _copy_log(location.generations.log, aside / LOG, commit=number)
        inventory = Inventory(
            commit=number,
            committed=told.committed,
            time=datetime.now(UTC),
            version=__version__,
            log_records=told.tip.records,
            log_tip=told.tip.hash,
            content=content_of(ox.Store.read_only(str(aside / STORE))),
            files=_marks(aside),
        )
        (aside / INVENTORY).write_bytes(inventory.written())
        made_durable(aside)
        aside.rename(target)
        synced(target.parent)
    return inventory


def _check(location: Location, target: Path) -> None:
    if location.current() is None:
        raise NotAvailable(f"{location.root} holds no data set", remedy="name one that does")
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} is already there", remedy="name a folder that is not")
    if target.resolve().is_relative_to(location.root.resolve()):
        raise UsageError(
            f"{target} lies in the data set that it is to be a backup of",
            remedy="name a folder outside",
        )


def _copy_current(location: Location, store: Path) -> int:
    """Copy the published generation; when it goes meanwhile, the one that is published then."""
    pointer = location.root / "CURRENT"
    for _ in range(_ATTEMPTS):
        pointed = pointer.read_bytes()
        try:
            number = location.generations.current()
            assert number is not None  # it was checked, and is never taken back
            location.generations.open(number).backup(str(store))
            return number
        except (OSError, RuntimeError, InvalidInput):
            if pointer.read_bytes() == pointed:
                raise
            shutil.rmtree(store, ignore_errors=True)
    raise NotAvailable(
        f"{_ATTEMPTS} generations went while they were being copied",
        source=str(location.root),
        remedy="let the server keep more of them: keep_generations",
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The log as far as a commit: where it ends, and when the commit was made."""

    tip: Tip
    committed: datetime | None


def _copy_log(log: Path, target: Path, *, commit: int) -> _Told:
    """Copy the log up to the record of a commit; later ones may stand behind it by now."""
    told = _Told(Tip(), None)
    for entry in entries(log):
        if isinstance(entry.record, Commit):
            if entry.record.number > commit:
                break
            is_it = entry.record.number == commit
            told = _Told(entry.tip, entry.record.time if is_it else None)
        else:
            told = _Told(entry.tip, told.committed)
    with target.open("xb") as writing:
        if told.tip.size:
            with log.open("rb") as reading:
                _copy_bytes(reading, writing, told.tip.size)
    return told


def _copy_bytes(reading: IO[bytes], writing: IO[bytes], size: int) -> None:
    while size > 0 and (block := reading.read(min(size, _BLOCK))):
        size -= writing.write(block)


def _marks(folder: Path) -> dict[str, FileMark]:
    marks = ((name, mark_of(path)) for name, path in files_in(folder).items())
    return {name: mark for name, mark in marks if mark is not None}


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder; when it has not got its right name by the end, it goes again."""
    folder.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _writable(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        kind = DiskFull if is_disk_full(error) else NotAvailable
        reason = error.strerror if isinstance(error, OSError) else None
        detail = f"the backup cannot be written: {reason or error}"
        raise kind(detail, source=str(target)) from error
