"""`econsec fmt`: write Turtle files in their canonical form, or say which are not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.console import output
from econsec.errors import InvalidInput, UsageError
from econsec.rdf.turtle import canonical, loose_comments

__all__ = ["fmt"]


@dataclass(frozen=True, slots=True)
class _Document:
    path: Path
    before: bytes
    after: bytes

    @property
    def differs(self) -> bool:
        return self.before != self.after


def fmt(
    paths: Annotated[
        list[Path], typer.Argument(help="Turtle files, or folders to search for *.ttl.")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")
    ] = False,
) -> None:
    """Rewrite Turtle files canonically; each file that changes is named.

    Nothing is written unless every file can be read. Comments stay only at the
    head of a file.
    """
    documents = [_read(path) for path in _turtle_files(paths)]
    changing = [document for document in documents if document.differs]
    for document in changing:
        _warn_of_comments(document)
        if not check:
            with output(document.path) as file:
                file.write(document.after)
        typer.echo(document.path)
    if check and changing:
        raise typer.Exit(1)


def _turtle_files(paths: Iterable[Path]) -> list[Path]:
    return sorted({file for path in paths for file in _expanded(path)})


def _expanded(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for file in path.rglob("*.ttl"):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden:
                yield file
    elif path.suffix == ".ttl":
        yield path
    else:
        raise UsageError("the file's name does not end in .ttl", source=str(path))


def _read(path: Path) -> _Document:
    try:
        before = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"the file cannot be read: {reason}", source=str(path)) from error
    return _Document(path, before, canonical(before, source=str(path)).encode())


def _warn_of_comments(document: _Document) -> None:
    lines = loose_comments(document.before)
    if lines:
        typer.echo(
            f"{document.path}:{lines[0]}: {len(lines)} comment(s) below the head of the file "
            "have no place in the canonical form",
            err=True,
        )
