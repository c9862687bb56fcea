"""RDF documents that a command is given: files, and standard input as `-`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from econsec.cli.console import STANDARD
from econsec.errors import UsageError
from econsec.knowledge.reading import Document, document, read_document
from econsec.rdf.formats import READABLE, TURTLE, Format, by_name

__all__ = ["read", "syntax_named", "tracked", "used_once"]


def read(file: Path, format: Format | None = None) -> Document:
    """A file, or standard input, which is Turtle unless a format is given.

    Raises `InvalidInput`.
    """
    if file != STANDARD:
        return read_document(file, format=format)
    return document(sys.stdin.buffer.read(), name="<stdin>", format=format or TURTLE)


def syntax_named(name: str | None) -> Format | None:
    """The format of that name, `None` where the documents' own names are to tell it.

    Raises `UsageError`.
    """
    # pySHACL's default has a name, and it calls RDF/XML `xml`, as we do too.
    return None if name in {None, "auto"} else by_name(str(name), READABLE)


def used_once(files: Sequence[Path]) -> None:
    """Raise `UsageError` where standard input would have to be read twice."""
    if files.count(STANDARD) > 1:
        raise UsageError("standard input can be read only once")


def tracked(files: Sequence[Path], step: str) -> Iterable[Path]:
    """Several files one by one, with a bar on standard error where that is a terminal."""
    console = Console(stderr=True)
    if len(files) < 2 or not console.is_terminal:
        return files
    return track(files, step, console=console, transient=True)
