"""What Python programs ask for: the functions behind `import econsec`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from econsec.engine.brought import statements
from econsec.errors import UsageError
from econsec.knowledge.reading import Document, document, read_document
from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import Engine
from econsec.rdf.formats import READABLE, by_name
from econsec.service.validation import Request, validate

__all__ = ["validation"]


def validation(
    data: Any,
    *,
    format: str | None = None,
    profile: str | None = None,
    shapes: Any = None,
    graphs: Sequence[str] = (),
    engine: str = "fast",
) -> Report:
    """`econsec.validate`, which says what each parameter is. Raises `EconSecError`."""
    if engine not in {*Engine}:
        raise UsageError(f"there is no engine {engine!r}", remedy=f"known are {', '.join(Engine)}")
    location = _folder(data)
    documents = _documents(data, format) if location is None else ()
    brought = _documents(shapes, "ttl" if isinstance(shapes, bytes) else None)
    is_data_set = data is None or location is not None
    if graphs and not is_data_set:
        raise UsageError("graphs are those of a data set, not of documents")
    return validate(
        Request(
            documents=documents or (),
            quads=None if is_data_set or documents is not None else statements(data),
            graphs=graphs,
            location=location,
            profile=profile,
            shapes=None if shapes is None or brought is not None else statements(shapes),
            shape_documents=brought or (),
            engine=Engine(engine),
        )
    )


def _folder(data: Any) -> Path | None:
    is_folder = isinstance(data, str | Path) and Path(data).is_dir()
    return Path(data) if is_folder else None


def _documents(data: Any, format: str | None) -> list[Document] | None:
    """Paths and documents in memory, one or several; `None` for anything else."""
    several = data if isinstance(data, list | tuple) else [data]
    if not several or not all(isinstance(each, str | Path | bytes) for each in several):
        return None
    return [_document(each, format, number) for number, each in enumerate(several, start=1)]


def _document(data: str | Path | bytes, format: str | None, number: int) -> Document:
    syntax = None if format is None else by_name(format, READABLE)
    if not isinstance(data, bytes):
        return read_document(Path(data), format=syntax)
    if syntax is None:
        raise UsageError("bytes have no name to tell their format", remedy="give format=")
    return document(data, name=f"<data {number}>", format=syntax)
