"""The folder of a data set: what lies where, and which state readers see."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox

from econsec.engine.writing.retention import Generation
from econsec.errors import InvalidInput, NotAvailable

__all__ = ["Generations", "Locked"]

_CURRENT = "CURRENT"
_NUMBER = re.compile(r"\d{6,}")


class Locked(NotAvailable):
    """Another process is writing to the location."""


class Generations:
    """`CURRENT` names one of `generations/000001/`, …: no file of which ever changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders = root / "generations"
        self.log = root / "audit.jsonl"
        self.spool = root / "spool"

    def folder(self, number: int) -> Path:
        """Where the generation `number` lies, or would."""
        return self.folders / f"{number:06d}"

    def current(self) -> int | None:
        """The number of the published generation, `None` before the first."""
        try:
            name = (self.root / _CURRENT).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if _NUMBER.fullmatch(name) is None or not self.folder(int(name)).is_dir():
            raise InvalidInput(
                f"CURRENT names {name!r}, which is no generation", source=str(self.root)
            )
        return int(name)

    def kept(self) -> tuple[Generation, ...]:
        """The generations that are or were published, the oldest first."""
        current, found = self.current() or 0, []
        for number in self.numbers():
            if number <= current:
                with suppress(FileNotFoundError):  # the writer lets go of it just now
                    found.append(Generation(number, self.time(number)))
        return tuple(found)

    def has(self, number: int) -> bool:
        """Whether a generation is or was published, and is still there."""
        return 0 < number <= (self.current() or 0) and self.folder(number).is_dir()

    def time(self, number: int) -> datetime:
        """When a generation was made."""
        # Opening it writes a log into its folder, but leaves this file alone.
        stat = (self.folder(number) / "CURRENT").stat()
        return datetime.fromtimestamp(stat.st_mtime, UTC)

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all folders, whether published or left behind by who was killed."""
        names = (folder.name for folder in self.folders.iterdir())
        return tuple(sorted(int(name) for name in names if _NUMBER.fullmatch(name)))

    def open(self, number: int) -> ox.Store:
        """A generation, read-only. Raises `InvalidInput` where it is broken."""
        folder = self.folder(number)
        try:
            return ox.Store.read_only(str(folder))
        except (OSError, RuntimeError) as error:
            raise InvalidInput(
                f"the store cannot be opened: {error}", source=str(folder)
            ) from error

    def copy(self, number: int | None, target: Path) -> ox.Store:
        """A store of one's own that begins as the generation `number`, or empty."""
        if number is not None:
            # Hard links: this costs milliseconds, whatever the size.
            self.open(number).backup(str(target))
        return ox.Store(str(target))

    def point_to(self, number: int) -> None:
        """Publish a generation: one rename. Raises `OSError`."""
        _sync(self.folders)
        aside = self.root / f"{_CURRENT}.new"
        aside.write_text(f"{self.folder(number).name}\n", encoding="ascii")
        _sync(aside)
        aside.replace(self.root / _CURRENT)
        _sync(self.root)

    def remove(self, number: int) -> None:
        """Let go of a generation."""
        shutil.rmtree(self.folder(number), ignore_errors=True)

    def clean(self) -> None:
        """Remove what a writer left behind that was killed. For who holds the lock."""
        current = self.current() or 0
        for folder in self.folders.iterdir():
            published = _NUMBER.fullmatch(folder.name) is not None and int(folder.name) <= current
            if not published:
                shutil.rmtree(folder, ignore_errors=True)

    def scratch(self) -> Path:
        """A new folder on the same file system; the next `clean` removes it."""
        return Path(mkdtemp(prefix="new-", dir=self.folders))

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the writer's lock; it goes with the last process that holds the descriptor.

        Raises `Locked` while another writes.
        """
        self.folders.mkdir(parents=True, exist_ok=True)
        with (self.root / "LOCK").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Locked(
                    f"another process is writing to {self.root}", remedy="try again when it is done"
                ) from error
            yield file.fileno()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
