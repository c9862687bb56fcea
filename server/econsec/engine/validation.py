"""A validation as a task for a worker: what is judged, by which shapes, and the report's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import IO

from econsec.engine.background import (
    UNNAMED,
    Quads,
    background_of,
    graph_quads,
    sources_and_evidence,
    surroundings_of,
)
from econsec.engine.store import Store
from econsec.engine.upload import Upload, UploadLimits, parsed
from econsec.errors import EconSecError, InvalidInput
from econsec.knowledge.reading import Document, document
from econsec.knowledge.reports import Report, Severity
from econsec.knowledge.reports.formats import Grouping, ReportFormat, render
from econsec.paths import resources
from econsec.rdf.formats import N_QUADS, READABLE, Form, Format

__all__ = ["Presentation", "Validation", "ValidationAnswer", "prepare", "validated"]

_ALL = "all"
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How a report is written: results at least as grave as `severity`, `limit` of them at most."""

    format: ReportFormat = ReportFormat.TURTLE
    language: str = "en"
    severity: Severity = Severity.INFO
    limit: int | None = None
    grouping: Grouping = Grouping.NODE

    def of(self, report: Report) -> Report:
        """What is shown of a report; what the limit leaves out is counted in it."""
        shown = report.at_least(self.severity)
        return shown if self.limit is None else shown.limited(self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Documents and graphs of the store, judged together: a task for a worker.

    With `shapes`, the project's own count only where a `profile` is named too;
    without either it is the profile `all`. `engine` is `fast` or `reference`.
    """

    documents: tuple[Upload, ...] = ()
    graphs: tuple[str, ...] = ()
    shapes: tuple[Upload, ...] = ()
    profile: str | None = None
    engine: str = "fast"
    presentation: Presentation = Presentation()


@dataclass(frozen=True, slots=True)
class ValidationAnswer:
    """A report, as an answer to be written."""

    report: Report
    presentation: Presentation

    @property
    def form(self) -> Form:
        """A graph: that is what a report is by its standard."""
        return Form.GRAPH

    @property
    def is_truncated(self) -> bool:
        """Whether results are left out that were asked for."""
        return self.report.is_truncated

    def truth(self) -> bool:
        """The verdict: whether the data conform."""
        return self.report.conforms

    def write(self, output: IO[bytes], format: Format) -> None:
        """The report in the form that the task asks for, whatever `format` is."""
        asked = self.presentation
        written = memoryview(
            render(self.report, asked.format, language=asked.language, grouping=asked.grouping)
        )
        for start in range(0, len(written), _CHUNK):
            output.write(written[start : start + _CHUNK])


def validated(task: Validation, store: Store, limits: UploadLimits) -> ValidationAnswer:
    """Carry out a validation over `store`, from which the graphs and the background come.

    Raises `InvalidInput`, `Refused` and `UploadTooLarge` on documents and shapes that
    cannot be used, `UsageError` on an unknown profile and `GraphNotFound`.
    """
    # pySHACL and rdflib take half a second to import: only who validates waits for them.
    from econsec.knowledge.conformance import conformance_of_texts
    from econsec.knowledge.graph_texts import texts_of_document, texts_of_quads
    from econsec.knowledge.locating import locate
    from econsec.knowledge.shapes import Engine
    from econsec.knowledge.shapes.linting import check

    shapes = [*_shapes(task)]
    brought = _read(task.shapes, limits)
    if brought:
        shapes += (quad for each in brought for quad in each.quads())
        check(shapes, documents=brought)  # here the documents are known, and so the lines
    documents = _read(task.documents, limits)
    own = [text for each in documents for text in texts_of_document(each, graph=UNNAMED)]
    own += texts_of_quads(quad for graph in task.graphs for quad in graph_quads(store, graph))
    behind = background_of(store, without=task.graphs)
    if not documents:
        behind = surroundings_of(store, task.graphs)
    is_explained = task.presentation.format is ReportFormat.HTML
    try:
        report = conformance_of_texts(
            own,
            background=behind,
            shapes=shapes,
            engine=Engine(task.engine),
            beside=sources_and_evidence(store) if is_explained else None,
        )
    except EconSecError as error:
        # Its frames hold iterators of the engine's, which may not end on another thread.
        raise error.with_traceback(None) from None
    located = locate(task.presentation.of(report), documents)
    return ValidationAnswer(located, task.presentation)


def prepare() -> None:
    """Make now what the first validation would have to make.

    A process that forks later shares it with all its children.
    """
    from econsec.knowledge.shapes.validation import prepared

    prepared(tuple(_profile_shapes(_ALL)))


@lru_cache(maxsize=8)
def _profile_shapes(profile: str) -> Quads:
    from econsec.knowledge.conformance import load_shapes

    return (*load_shapes(resources() / "shapes", profile=profile),)


def _shapes(task: Validation) -> Quads:
    profile = task.profile
    if profile is None:
        if task.shapes:
            return ()
        profile = _ALL
    return _profile_shapes(profile)


class _Nowhere(BytesIO):
    """Takes everything and keeps nothing."""

    def write(self, data: object, /) -> int:
        return len(data)  # type: ignore[arg-type]


def _read(uploads: Iterable[Upload], limits: UploadLimits) -> list[Document]:
    return [_document(upload, limits, number) for number, upload in enumerate(uploads, start=1)]


def _document(upload: Upload, limits: UploadLimits, number: int) -> Document:
    """The bytes as they came, so that lines and literals are those of the sender."""
    parsed(upload, limits).write(_Nowhere(), N_QUADS)  # whatever it is, within the limits
    try:
        content = upload.path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"the document cannot be read: {reason}", source=upload.name) from error
    format = next(format for format in READABLE if format.name == upload.format)
    read = document(content, name=upload.name, format=format, base=upload.base)
    # Documents of one request have one base, and still blank nodes of their own.
    return replace(read, seed=f"{number} {upload.name}")
