"""Where a command writes: answers to standard output or a file, the rest to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.text import Text

from econsec.errors import NotAvailable

__all__ = ["STANDARD", "did_you_mean", "note", "output", "report"]

STANDARD = Path("-")
"""The name by which standard input or output is asked for."""


def report(message: str) -> None:
    """Print an error; colour only on a terminal, and not under NO_COLOR."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text.assemble(("error: ", "bold red"), message))


def note(message: str) -> None:
    """Print what is worth knowing about an answer, and no part of it."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"note: {message}"))


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A question that offers the names nearest to `name`, if any are near."""
    near = get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else None


@contextmanager
def output(path: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that appears whole or not at all.

    Raises `NotAvailable` where the file cannot be written.
    """
    if path is None or path == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()  # a link stays a link
    # A device or a pipe cannot be replaced, only written to.
    replaceable = target.is_file() or not target.exists()
    aside = target.with_name(f".{target.name}.{os.getpid()}") if replaceable else target
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotAvailable(f"the file cannot be written: {reason}", source=str(path)) from error
    finally:
        if replaceable:
            with suppress(OSError):  # what kept it from being made also keeps it from going
                aside.unlink()
