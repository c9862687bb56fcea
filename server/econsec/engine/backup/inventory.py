"""`backup.json`: what a backup holds, so that it can be told when it no longer does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from econsec.engine.backup.content import Content
from econsec.engine.backup.files import FileMark
from econsec.errors import InvalidInput

__all__ = ["INVENTORY", "LOG", "STORE", "Inventory", "Unreadable"]

INVENTORY = "backup.json"
LOG = "audit.jsonl"
STORE = "store"

_FORMAT = 1


class Unreadable(InvalidInput):
    """There is a `backup.json`, but it is not as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """A backup: of which commit, with what content, in which files.

    `committed` is when the commit was made and `time` when the backup was (UTC).
    `log_tip` is the hash of the last of `log_records` records of the log; it is
    `None` where there are none. `files` are all but `backup.json` itself.
    """

    commit: int
    committed: datetime | None
    time: datetime
    version: str
    log_records: int
    log_tip: str | None
    content: Content
    files: Mapping[str, FileMark]

    def written(self) -> bytes:
        """The text of `backup.json`: equal inventories are written alike."""
        fields = self._as_json()
        fields["sha256"] = hashlib.sha256(_text(fields)).hexdigest()
        return _text(fields)

    @classmethod
    def read(cls, backup: Path) -> Inventory:
        """Raises `InvalidInput` where there is none, `Unreadable` where it was changed."""
        path = backup / INVENTORY
        try:
            text = path.read_bytes()
        except OSError as error:
            raise InvalidInput(
                f"this is no backup: {INVENTORY} cannot be read: {error.strerror}",
                source=str(backup),
                remedy="name a folder that `econsec backup` has written",
            ) from error
        try:
            inventory = cls._from_json(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unreadable("it is no inventory that this version reads", source=path.name) from (
                error
            )
        if inventory.written() != text:
            raise Unreadable("it is not as it was written", source=path.name)
        return inventory

    def _as_json(self) -> dict[str, Any]:
        committed = None if self.committed is None else self.committed.isoformat()
        marks = ((name, self.files[name]) for name in sorted(self.files))
        return {
            "format": _FORMAT,
            "commit": self.commit,
            "committed": committed,
            "time": self.time.isoformat(),
            "econsec": self.version,
            "log": {"records": self.log_records, "tip": self.log_tip},
            "content": self.content.as_json(),
            "files": {name: {"size": m.size, "sha256": m.sha256} for name, m in marks},
        }

    @classmethod
    def _from_json(cls, fields: Mapping[str, Any]) -> Inventory:
        if fields["format"] != _FORMAT:
            raise ValueError(f"format {fields['format']!r}")
        committed = fields["committed"]
        return cls(
            commit=int(fields["commit"]),
            committed=None if committed is None else datetime.fromisoformat(committed),
            time=datetime.fromisoformat(fields["time"]),
            version=fields["econsec"],
            log_records=int(fields["log"]["records"]),
            log_tip=fields["log"]["tip"],
            content=Content.from_json(fields["content"]),
            files={
                name: FileMark(int(mark["size"]), mark["sha256"])
                for name, mark in fields["files"].items()
            },
        )


def _text(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"
