"""What the log and the folder say together: the published state, and what is to be put right."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from econsec.engine.publication import Ledger, Publication
from econsec.engine.writing.audit import Audit, Tip, entries, keep_torn_tail_aside
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.records import Aborted, Commit
from econsec.engine.writing.requests import Version
from econsec.errors import InvalidInput

__all__ = ["History", "read_history", "reconciled"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class History:
    """The state of a data set.

    `next_number` was never a commit's. `unsettled` is a last record whose commit
    was not published, and is not yet marked so. `plain` says that the default
    graph is data like any other.
    """

    publication: Publication
    tip: Tip
    next_number: int
    plain: bool = False
    unsettled: Commit | None = None


def read_history(generations: Generations, *, since: History | None = None) -> History:
    """Read the log, or what was added to it `since`, a record at a time; nothing is changed.

    Raises `InvalidInput` on a log that was tampered with, or that knows of
    later commits than the folder.
    """
    current = generations.current() or 0
    before = since or History(Publication(), Tip(), next_number=1)
    reading = _Reading(before, current)
    tip = before.tip
    for entry in entries(generations.log, after=tip):
        tip = entry.tip
        match entry.record:
            case Aborted() as aborted:
                reading.abort(aborted)
            case Commit() as commit:
                reading.commit(commit, hash=tip.hash or "")
    reading.settle()
    publication = reading.ledger.publication()
    if publication.commit > current:
        raise InvalidInput(
            f"CURRENT names {current}, but the log says that {publication.commit} was published",
            source=str(generations.root),
            remedy="put CURRENT and the generations back as they were",
        )
    if publication.commit < current:  # it was made without a log, or the log was moved away
        publication = Publication(
            commit=current,
            inferred_at=current,
            time=generations.time(current),
            everything=Version(current),
        )
    folders = generations.numbers() if generations.folders.is_dir() else ()
    return History(
        publication=publication,
        tip=tip,
        next_number=max(before.next_number - 1, reading.highest, current, *folders) + 1,
        plain=reading.plain,
        unsettled=reading.pending,
    )


class _Reading:
    """The log as far as it is read; the last commit waits for what the next record says of it."""

    def __init__(self, before: History, current: int) -> None:
        self.ledger = Ledger(before.publication)
        self.pending = before.unsettled
        self._hash = before.tip.hash or ""
        self.highest = 0
        self.plain = before.plain
        self._current = current

    def commit(self, commit: Commit, *, hash: str) -> None:
        if self.pending is not None:
            self._publish(self.pending)
        self.pending = commit
        self._hash = hash
        self.highest = max(self.highest, commit.number)

    def abort(self, aborted: Aborted) -> None:
        if self.pending is not None and self.pending.number == aborted.number:
            self.pending = None

    def settle(self) -> None:
        """Whether the last commit was published is for the folder to say."""
        if self.pending is not None and self.pending.number <= self._current:
            self._publish(self.pending)
            self.pending = None

    def _publish(self, commit: Commit) -> None:
        self.ledger.enter(commit, digest=self._hash)
        self.plain = commit.plain


def reconciled(generations: Generations, *, reason: str, since: History | None = None) -> History:
    """Put right what a writer that ended left behind. For who holds the lock.

    A torn last line of the log is kept aside, a commit that was recorded and not
    published is marked so, with the reason, and half-made folders are removed.
    Raises `OSError` and what `read_history` raises.
    """
    history = read_history(generations, since=since)
    torn = keep_torn_tail_aside(generations.log, history.tip)
    if torn is not None:
        _log.warning("the last record of the log was not whole; it is kept in %s", torn)
    tip = history.tip
    if history.unsettled is not None:
        number = history.unsettled.number
        audit = Audit(generations.log, tip)
        audit.append(Aborted(number=number, time=datetime.now(UTC), reason=reason))
        tip = audit.tip
        _log.warning("commit %d was not published: %s", number, reason)
    generations.clean()
    return History(history.publication, tip, history.next_number, plain=history.plain)
