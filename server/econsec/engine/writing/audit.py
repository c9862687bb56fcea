"""The log of commits: a JSON record a line, each with the hash of the one before.

A record is durable before the commit that it tells of is visible. Nothing is
ever taken back: a commit that came to nothing is followed by a record that says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from econsec.engine.writing.records import Aborted, Commit, Record, record_of
from econsec.errors import InvalidInput

__all__ = ["Audit", "Entry", "Tip", "entries", "keep_torn_tail_aside"]


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the log ends: its bytes, its records, and the hash of the last one."""

    size: int = 0
    records: int = 0
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, and where the log stands behind it."""

    record: Record
    tip: Tip


class Audit:
    """The log as its one writer appends to it."""

    def __init__(self, path: Path, tip: Tip) -> None:
        self.path = path
        self.tip = tip

    def append(self, record: Commit | Aborted) -> None:
        """Add a record and make it durable; where that fails, the log stays as it was.

        Raises `OSError`, and `InvalidInput` where somebody else has added to it.
        """
        fields = record.as_json() | {"previous": self.tip.hash}
        fields["hash"] = _hash(fields)
        line = _canonical(fields) + b"\n"
        with _opened(self.path) as descriptor:
            if os.fstat(descriptor).st_size != self.tip.size:
                raise _damaged("it does not end where it did", self.path, self.tip.records)
            try:
                _write(descriptor, line)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, self.tip.size)
                raise
        self.tip = Tip(self.tip.size + len(line), self.tip.records + 1, fields["hash"])


def entries(path: Path, *, after: Tip | None = None) -> Iterator[Entry]:
    """Read and verify the records that stand behind `after`.

    A last line without its end is not read: it was never acknowledged. Raises
    `InvalidInput` with the line of the first record that is not as it was written.
    """
    tip = after or Tip()
    try:
        with path.open("rb") as file:
            file.seek(tip.size)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                tip, record = _verified(line, tip, path)
                yield Entry(record, tip)
    except FileNotFoundError:
        return


def keep_torn_tail_aside(path: Path, tip: Tip) -> Path | None:
    """Move what stands behind the last whole record to a file of its own, and name that."""
    if not path.exists() or path.stat().st_size <= tip.size:
        return None
    with path.open("rb") as file:
        file.seek(tip.size)
        torn = file.read()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.torn-{stamp}")
    with _opened(aside) as descriptor:
        _write(descriptor, torn)
        os.fsync(descriptor)
    with _opened(path) as descriptor:
        os.ftruncate(descriptor, tip.size)
        os.fsync(descriptor)
    return aside


def _verified(line: bytes, tip: Tip, path: Path) -> tuple[Tip, Record]:
    number = tip.records + 1
    try:
        fields: dict[str, Any] = json.loads(line)
        stated = fields.pop("hash")
        previous = fields["previous"]
        record = record_of(fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged("the record cannot be read", path, number) from error
    if previous != tip.hash:
        raise _damaged("the record does not follow the one before it", path, number)
    if stated != _hash(fields):
        raise _damaged("the record is not as it was written", path, number)
    return Tip(tip.size + len(line), number, stated), record


def _damaged(detail: str, path: Path, line: int) -> InvalidInput:
    return InvalidInput(
        detail,
        source=str(path),
        line=line,
        remedy="restore the file from a backup, or move it away to begin a new log",
    )


def _hash(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(fields)).hexdigest()


def _canonical(fields: Mapping[str, Any]) -> bytes:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _write(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_END)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
