"""Where a Turtle text speaks of a resource, so that an error can point there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Position", "locate"]

_PREFIX = re.compile(r"^\s*@?prefix\s+([^\s:]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_NAME_ENDS = r"(?![\w%/\\:-]|\.\w)"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; lines and columns count from 1."""

    line: int
    column: int


def locate(iri: str, text: str) -> Position | None:
    """Where `text` describes `iri` (at the start of a line), else where it first names it.

    `None` when it is written in a way that is not looked for, such as a relative IRI.
    """
    written = "|".join(_spellings(iri, text))
    name = rf"(?<![\w/:])(?:{written})"
    match = re.search(rf"^{name}", text, re.MULTILINE) or re.search(name, text)
    if match is None:
        return None
    line_start = text.rfind("\n", 0, match.start()) + 1
    return Position(
        line=text.count("\n", 0, match.start()) + 1,
        column=match.start() - line_start + 1,
    )


def _spellings(iri: str, text: str) -> Iterator[str]:
    yield re.escape(f"<{iri}>")
    for prefix, namespace in _PREFIX.findall(text):
        if iri.startswith(namespace):
            local = re.escape(iri[len(namespace) :]).replace("/", r"\\?/")
            yield f"{re.escape(prefix)}:{local}{_NAME_ENDS}"
