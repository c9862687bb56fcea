"""Whether a backup is what it was: its files, its log, and the store that opens from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from econsec.engine.backup.content import Content, content_of
from econsec.engine.backup.files import FileMark, copied, files_in, mark_of
from econsec.engine.backup.inventory import INVENTORY, LOG, STORE, Inventory, Unreadable
from econsec.engine.writing.audit import Tip, entries
from econsec.engine.writing.records import Commit
from econsec.errors import EconSecError, InvalidInput

__all__ = ["Damaged", "check", "differences"]

_SHOWN = 3
"""Differences that an error spells out."""


class Damaged(InvalidInput):
    """A backup is not as it was written; `differences` says where."""

    def __init__(self, backup: Path, differences: tuple[str, ...]) -> None:
        shown = "; ".join(differences[:_SHOWN])
        more = f"; and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
        super().__init__(
            f"the backup is not as it was written: {shown}{more}",
            source=str(backup),
            remedy="`econsec verify-backup` names all differences; take another backup",
        )
        self.differences = differences


def check(backup: Path, place: Path) -> Inventory:
    """The inventory of a backup of which nothing differs, and its store in the new folder `place`.

    Raises `Damaged`, and what `differences` raises.
    """
    found = differences(backup, place)
    if found:
        raise Damaged(backup, found)
    return Inventory.read(backup)


def differences(backup: Path, place: Path) -> tuple[str, ...]:
    """What in the folder `backup` is not as it was written, a sentence each.

    The store is copied to the new folder `place` and opened there, since
    opening a store may add to its files; where files differ, it is not opened.
    Raises `InvalidInput` on a folder that is no backup, and `OSError` where
    something cannot be read, or the copy cannot be written.
    """
    try:
        inventory = Inventory.read(backup)
    except Unreadable as error:
        return (str(error),)
    found = (*_of_files(backup, inventory, place), *_of_log(backup / LOG, inventory))
    return found or tuple(_of_content(place, inventory.content))


def _of_files(backup: Path, inventory: Inventory, place: Path) -> Iterator[str]:
    place.mkdir()
    there = files_in(backup)
    del there[INVENTORY]
    for name in sorted({*there, *inventory.files}):
        if name not in there:
            yield f"{name}: it is missing"
        elif name not in inventory.files:
            yield f"{name}: it is no part of the backup"
        else:
            mark = _marked(name, there[name], place)
            yield from _of_mark(name, mark, inventory.files[name])


def _marked(name: str, path: Path, place: Path) -> FileMark | None:
    """The mark of a file; a file of the store is copied, and it is the copy that is marked."""
    folder, _, own = name.rpartition("/")
    is_plain = path.is_file() and not path.is_symlink()
    return copied(path, place / own) if folder == STORE and is_plain else mark_of(path)


def _of_mark(name: str, found: FileMark | None, written: FileMark) -> Iterator[str]:
    if found is None:
        yield f"{name}: it is no file"
    elif found.size != written.size:
        yield f"{name}: it has {found.size:,} bytes, not {written.size:,}"
    elif found != written:
        yield f"{name}: its bytes differ"


def _of_log(log: Path, inventory: Inventory) -> Iterator[str]:
    tip, last = Tip(), 0
    try:
        for entry in entries(log):
            tip = entry.tip
            if isinstance(entry.record, Commit):
                last = entry.record.number
    except InvalidInput as error:
        yield f"{log.name}:{error.line}: {error.detail}"
        return
    if (tip.records, tip.hash) != (inventory.log_records, inventory.log_tip):
        yield f"{log.name}: it ends with record {tip.records:,}, not {inventory.log_records:,}"
    elif last > inventory.commit:
        yield f"{log.name}: it goes on to commit {last}, behind {inventory.commit}"


def _of_content(place: Path, written: Content) -> Iterator[str]:
    try:
        found = content_of(ox.Store.read_only(str(place)))
    except (OSError, RuntimeError, EconSecError) as error:
        yield f"{STORE}: it cannot be opened and read: {error}"
        return
    for graph in sorted({*found.graphs, *written.graphs}):
        counts = found.graphs.get(graph, 0), written.graphs.get(graph, 0)
        if counts[0] != counts[1]:
            name = f"the graph <{graph}>" if graph else "the default graph"
            yield f"{STORE}: {name} holds {counts[0]:,} triples, not {counts[1]:,}"
    if (found.quads, found.sha256) != (written.quads, written.sha256):
        yield f"{STORE}: the quads are not those that were backed up"
