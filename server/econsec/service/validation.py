"""What `econsec validate` and a validation route do: choose data and shapes, judge, render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console

from econsec.knowledge.conformance import (
    conformance_of_data,
    conformance_of_documents,
    load_shapes,
)
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.reading import Document
from econsec.knowledge.report_text import print_text
from econsec.knowledge.reports import Report, ReportFormat, as_json, as_rdf
from econsec.paths import resources

__all__ = ["ALL", "Request", "render", "validate"]

ALL = "all"
"""The profile that selects every shape of the project."""

_WIDTH = 120
"""Columns of a text report that is not written to a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to validate, and by what.

    Without documents it is the data set of the manifest. With shape files, the
    project's own shapes count only where a profile is named too.
    """

    documents: Sequence[Document] = ()
    manifest: Path | None = None
    profile: str | None = None
    shape_files: Sequence[Path] = ()


def validate(request: Request) -> Report:
    """Carry out a request. Raises `EconSecError`; an unknown profile is a `UsageError`."""
    profile = request.profile
    if profile is None and not request.shape_files:
        profile = ALL
    shapes = load_shapes(resources() / "shapes", profile=profile, files=request.shape_files)
    manifest = Manifest.read(request.manifest or default_manifest())
    if not request.documents:
        return conformance_of_data(manifest, shapes=shapes)
    return conformance_of_documents(request.documents, manifest=manifest, shapes=shapes)


def render(report: Report, format: ReportFormat, *, language: str) -> bytes:
    """The report as a file or a response; `language` is for its text form."""
    if format is ReportFormat.JSON:
        return as_json(report).encode()
    if format is not ReportFormat.TEXT:
        return as_rdf(report, format).encode()
    text = StringIO()
    print_text(report, Console(file=text, width=_WIDTH), language=language)
    return text.getvalue().encode()
