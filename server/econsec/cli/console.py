"""Where a command writes: answers to standard output or a file, the rest to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.text import Text

from econsec.errors import NotAvailable

__all__ = ["STANDARD", "output", "report"]

STANDARD = Path("-")
"""The name by which standard input or output is asked for."""


def report(message: str) -> None:
    """Print an error; colour only on a terminal, and not under NO_COLOR."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text.assemble(("error: ", "bold red"), message))


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
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotAvailable(f"the file cannot be written: {reason}", source=str(path)) from error
    finally:
        if replaceable:
            aside.unlink(missing_ok=True)
