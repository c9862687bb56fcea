"""The format of a file to be written, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from econsec.errors import InvalidInput, UsageError
from econsec.rdf.formats import Format, by_suffix

__all__ = ["format_for"]


def format_for(path: Path, offered: Sequence[Format]) -> Format:
    """The format that a file to be written is named for. Raises `UsageError`."""
    try:
        return by_suffix(path, offered)
    except InvalidInput as error:
        raise UsageError(error.detail, source=error.source, remedy=error.remedy) from error
