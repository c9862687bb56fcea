"""Files as a backup keeps them: found, hashed, copied and made durable."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FileMark", "copied", "files_in", "made_durable", "mark_of", "synced"]

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileMark:
    """By what a file is known again: its bytes and their SHA-256."""

    size: int
    sha256: str


def files_in(folder: Path) -> dict[str, Path]:
    """All that lies in a folder and the folders in it, by names such as `store/CURRENT`.

    Folders count only where they are empty; links are not followed.
    """
    return {str(path.relative_to(folder)): path for path in sorted(_leaves(folder))}


def _leaves(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        is_folder = entry.is_dir() and not entry.is_symlink()
        inner = list(_leaves(entry)) if is_folder else []
        yield from inner or [entry]


def mark_of(path: Path) -> FileMark | None:
    """The mark of a regular file; `None` of a link, a folder or a device."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return FileMark(file.tell(), digest.hexdigest())


def copied(source: Path, target: Path) -> FileMark:
    """Copy a file, and mark the bytes that went into the copy."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            size += writing.write(block)
    return FileMark(size, digest.hexdigest())


def made_durable(folder: Path) -> None:
    """Bring a folder to the disk with all that is in it."""
    for path in folder.rglob("*"):
        synced(path)
    synced(folder)


def synced(path: Path) -> None:
    """Bring a file, or the names that a folder holds, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
