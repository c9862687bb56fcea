"""A data set on disk: numbered generations, of which readers see the published one only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

import pyoxigraph as ox

from econsec.engine.publication import Publication
from econsec.engine.writing.audit import Audit, entries
from econsec.engine.writing.failures import DiskFull, is_disk_full
from econsec.engine.writing.generations import Generations, Locked
from econsec.engine.writing.history import History, read_history, reconciled
from econsec.engine.writing.publishing import Publisher
from econsec.engine.writing.records import Commit, Deed
from econsec.engine.writing.retention import Generation, Retention
from econsec.errors import EconSecError, InvalidInput, NotAvailable, UsageError

__all__ = ["Account", "Location", "Locked"]

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Account:
    """What the log says of a change: who did what, and whether merge and inference are up.

    `plain` says whether the default graph is data like any other, `None` that it is as before.
    """

    deed: Deed
    inferred: bool = False
    plain: bool | None = None


def _unspecified(_: object) -> Account:
    return Account(Deed(kind="load", agent="command line"))


class Location:
    """A folder with `generations/000001/`, …, a file `CURRENT` that names one, and a log.

    A generation is written aside, made durable and published by one rename; no
    file of it changes afterwards, so that readers need no lock.
    """

    def __init__(self, root: Path, *, retention: Retention | None = None) -> None:
        self.root = root
        self.generations = Generations(root)
        self.retention = retention or Retention()

    @classmethod
    def create(cls, root: Path, *, retention: Retention | None = None) -> Location:
        """Open the location at `root`; the first generation makes the folder.

        Raises `UsageError` on a folder that holds something else.
        """
        found = [entry.name for entry in root.iterdir()] if root.is_dir() else []
        if root.is_file() or (found and Generations(root).folders.name not in found):
            raise UsageError(f"{root} holds something else", remedy="name a new or an empty folder")
        return cls(root, retention=retention)

    def current(self) -> Path | None:
        """The folder of the published generation, `None` before the first."""
        number = self.generations.current()
        return None if number is None else self.generations.folder(number)

    def open_current(self) -> ox.Store:
        """The published generation, read-only. Raises `NotAvailable` where there is none."""
        number = self.generations.current()
        if number is None:
            raise NotAvailable(
                f"{self.root} holds no data set", remedy=f"run `econsec build -l {self.root}` first"
            )
        return self.generations.open(number)

    def open(self, commit: int) -> ox.Store:
        """The generation of a commit, read-only. Raises `InvalidInput` where it is not kept."""
        self._check_kept(commit)
        return self.generations.open(commit)

    def kept(self) -> tuple[Generation, ...]:
        """The commits that can be opened and restored, the oldest first, with their times."""
        return () if self.current() is None else self.generations.kept()

    def publication(self) -> Publication:
        """The published state, as the log tells it. Raises `InvalidInput` on a damaged log."""
        return self.history().publication

    def history(self, *, since: History | None = None) -> History:
        """What the log tells, of which only what is new `since` then is read.

        Raises `InvalidInput` on a damaged log.
        """
        return read_history(self.generations, since=since)

    def records(self) -> Iterator[object]:
        """The records of the log, verified, the oldest first. Raises `InvalidInput`."""
        return (entry.record for entry in entries(self.generations.log))

    @property
    def is_plain(self) -> bool:
        """Whether the default graph is data like any other, no merge of the named graphs."""
        return read_history(self.generations).plain

    def publish(
        self,
        fill: Callable[[ox.Store], _Result],
        *,
        afresh: bool = False,
        account: Callable[[_Result], Account] = _unspecified,
    ) -> _Result:
        """Let `fill` change a copy of the current generation, and publish the result.

        The copy is empty when `afresh` or when there is no generation yet.
        `account` says of what `fill` returned what the log is to say. Whatever
        they raise leaves everything as it was. Returns what `fill` returns.
        Raises `Locked` while another process publishes, and `NotAvailable` where
        the disk does not play along.
        """
        current = self.generations.current
        return self._publish(fill, account, base=lambda: None if afresh else current())

    def restore(self, commit: int, *, agent: str = "command line") -> int:
        """Publish what commit `commit` left as a new commit; returns the number of that.

        Raises `InvalidInput` where that generation is not kept, and what `publish` raises.
        """
        self._check_kept(commit)
        before = next((r for r in self._commits() if r.number == commit), None)
        inferred = before is not None and before.inferred
        deed = Deed(kind="restore", agent=agent, text=str(commit))
        account = Account(deed, inferred, None if before is None else before.plain)
        self._publish(lambda _: None, lambda _: account, base=lambda: commit)
        return self.publication().commit

    def _publish(
        self,
        fill: Callable[[ox.Store], _Result],
        account: Callable[[_Result], Account],
        *,
        base: Callable[[], int | None],
    ) -> _Result:
        with self._publisher() as (publisher, number, plain):
            scratch = self.generations.scratch()
            try:
                store = self.generations.copy(base(), scratch / "store")
                result = fill(store)
                publisher.publish(store, _commit(number, account(result), plain=plain))
                del store
            finally:
                rmtree(scratch, ignore_errors=True)
        return result

    def _commits(self) -> Iterator[Commit]:
        return (record for record in self.records() if isinstance(record, Commit))

    def _check_kept(self, commit: int) -> None:
        if not self.generations.has(commit):
            raise InvalidInput(
                f"the generation of commit {commit} is not kept",
                source=str(self.root),
                remedy="`econsec log` lists those that are",
            )

    @contextmanager
    def _publisher(self) -> Iterator[tuple[Publisher, int, bool]]:
        try:
            with self._made(), self.generations.locked():
                history = reconciled(self.generations, reason="the writer was ended")
                audit = Audit(self.generations.log, history.tip)
                publisher = Publisher(self.generations, audit, self.retention)
                yield publisher, history.next_number, history.plain
        except EconSecError:
            raise
        except (OSError, RuntimeError) as error:
            if not isinstance(error, OSError) and not is_disk_full(error):
                raise
            kind = DiskFull if is_disk_full(error) else NotAvailable
            detail = f"the data set cannot be written: {error}"
            raise kind(detail, source=str(self.root)) from error

    @contextmanager
    def _made(self) -> Iterator[None]:
        """Make the folder, and take it away again where nothing comes to stand in it."""
        found = self.root.exists()
        try:
            yield
        except BaseException:
            with suppress(OSError):  # what is not empty stays, and all above it
                self.generations.folders.rmdir()
                (self.root / "LOCK").unlink()
                if not found:
                    self.root.rmdir()
            raise


def _commit(number: int, account: Account, *, plain: bool) -> Commit:
    return Commit(
        number=number,
        time=datetime.now(UTC),
        deeds=(account.deed,),
        inferred=account.inferred,
        plain=plain if account.plain is None else account.plain,
    )
