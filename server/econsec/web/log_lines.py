"""Log lines that no request can forge: JSON objects, or text for a terminal."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

__all__ = ["JsonLines", "TextLines", "configure"]

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Controls (C0, C1), line separators, and characters that are not seen or turn the text round."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON (ASCII, so that nothing in it can be mistaken or hidden)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
        }
        members = getattr(record, "members", None)
        line |= members if isinstance(members, dict) else {"message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str).replace("\x7f", "\\u007f")


class TextLines(logging.Formatter):
    """A record as a line for people; the lines of a traceback are indented."""

    def format(self, record: logging.LogRecord) -> str:
        said = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}"
        traced = self.formatException(record.exc_info).splitlines() if record.exc_info else []
        return "\n".join([_escaped(said), *(f"    {_escaped(line)}" for line in traced)])


def configure(format: str, *, stream: TextIO | None = None) -> None:
    """Let everything that the service logs go to `stream` (the standard error) in one format."""
    handler = logging.StreamHandler(stream if stream is not None else sys.__stderr__)
    handler.setFormatter(JsonLines() if format == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
