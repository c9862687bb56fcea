"""A data set on disk: numbered generations, of which readers see the published one only."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import pyoxigraph as ox

from econsec.errors import InvalidInput, NotAvailable, UsageError

__all__ = ["Location", "Locked"]

_GENERATIONS = "generations"
_CURRENT = "CURRENT"
_LOCK = "LOCK"
_KEPT = 2
_Result = TypeVar("_Result")
_NUMBER = re.compile(r"\d{6,}")


class Locked(NotAvailable):
    """Another process is writing to the location."""


class Location:
    """A folder with `generations/000001/`, … and a file `CURRENT` that names one of them.

    A generation is written aside, made durable and published by one rename; no
    file of it changes afterwards, so that readers need no lock.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def create(cls, root: Path) -> Location:
        """Open the location at `root`; the first generation makes the folder.

        Raises `UsageError` on a folder that holds something else.
        """
        found = [entry.name for entry in root.iterdir()] if root.is_dir() else []
        if root.is_file() or (found and _GENERATIONS not in found):
            raise UsageError(f"{root} holds something else", remedy="name a new or an empty folder")
        return cls(root)

    def current(self) -> Path | None:
        """The folder of the published generation, `None` before the first."""
        try:
            name = (self.root / _CURRENT).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        folder = self.root / _GENERATIONS / name
        if _NUMBER.fullmatch(name) is None or not folder.is_dir():
            raise InvalidInput(
                f"CURRENT names {name!r}, which is no generation", source=str(self.root)
            )
        return folder

    def open_current(self) -> ox.Store:
        """The published generation, read-only. Raises `NotAvailable` where there is none."""
        folder = self.current()
        if folder is None:
            raise NotAvailable(
                f"{self.root} holds no data set", remedy=f"run `econsec build -l {self.root}` first"
            )
        return _open(folder)

    def publish(self, fill: Callable[[ox.Store], _Result], *, afresh: bool = False) -> _Result:
        """Let `fill` change a copy of the current generation, and publish the result.

        The copy is empty when `afresh` or when there is no generation yet.
        Whatever `fill` raises leaves everything as it was. The generation before
        stays for its readers, older ones go. Returns what `fill` returns.
        Raises `Locked` while another process publishes, and `NotAvailable` where
        the disk does not play along.
        """
        try:
            with self._made(), self._locked(), self._scratch() as scratch:
                before = self.current()
                result = _write(scratch / "store", fill, base=None if afresh else before)
                folder = self._generations / f"{self._last_number() + 1:06d}"
                (scratch / "store").rename(folder)
                _sync(self._generations)
                self._point_to(folder)
                if before is not None:
                    self._remove_all_but(folder, before)
                return result
        except OSError as error:
            detail = f"the data set cannot be written: {error}"
            raise NotAvailable(detail, source=str(self.root)) from error

    @property
    def _generations(self) -> Path:
        return self.root / _GENERATIONS

    @contextmanager
    def _made(self) -> Iterator[None]:
        """Make the folder, and take it away again where nothing comes to stand in it."""
        found = self.root.exists()
        self._generations.mkdir(parents=True, exist_ok=True)
        try:
            yield
        except BaseException:
            with suppress(OSError):  # what is not empty stays, and all above it
                self._generations.rmdir()
                (self.root / _LOCK).unlink()
                if not found:
                    self.root.rmdir()
            raise

    def _last_number(self) -> int:
        """The highest number in use, published or left behind by a writer that was killed."""
        names = (folder.name for folder in self._generations.iterdir())
        return max((int(name) for name in names if _NUMBER.fullmatch(name)), default=0)

    def _point_to(self, folder: Path) -> None:
        aside = self.root / f"{_CURRENT}.new"
        aside.write_text(f"{folder.name}\n", encoding="ascii")
        _sync(aside)
        aside.replace(self.root / _CURRENT)
        _sync(self.root)

    def _remove_all_but(self, *kept: Path) -> None:
        for folder in self._generations.iterdir():
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the writer's lock; it goes with the process that holds it."""
        with (self.root / _LOCK).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Locked(
                    f"another process is writing to {self.root}", remedy="try again when it is done"
                ) from error
            yield

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        # On the same file system, or neither hard links nor the rename would do.
        scratch = Path(mkdtemp(prefix="new-", dir=self._generations))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _write(target: Path, fill: Callable[[ox.Store], _Result], *, base: Path | None) -> _Result:
    """A store at `target` that `fill` has changed; it starts as a copy of `base`."""
    if base is not None:
        # Hard links: this costs milliseconds, whatever the size.
        _open(base).backup(target)
    store = ox.Store(target)
    result = fill(store)
    store.flush()
    return result


def _open(folder: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise InvalidInput(f"the store cannot be opened: {error}", source=str(folder)) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
