"""The forms that a report is written in, by name, file extension and media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import PurePath

from pyoxigraph import RdfFormat
from rich.console import Console

from econsec.errors import UsageError
from econsec.knowledge.reports.csv import as_csv
from econsec.knowledge.reports.grouping import Grouping
from econsec.knowledge.reports.html import as_html
from econsec.knowledge.reports.json import as_json
from econsec.knowledge.reports.junit import as_junit
from econsec.knowledge.reports.markdown import as_markdown
from econsec.knowledge.reports.rdf import as_rdf
from econsec.knowledge.reports.report import Report
from econsec.knowledge.reports.sarif import as_sarif
from econsec.knowledge.reports.text import print_text

__all__ = ["Grouping", "ReportFormat", "media_type", "media_types", "offered", "render"]

_WIDTH = 120
"""Columns of a text report that is not written to a terminal."""


class ReportFormat(StrEnum):
    """What a report can be written as."""

    TEXT = "text"
    TURTLE = "turtle"
    JSON_LD = "json-ld"
    N_TRIPLES = "nt"
    RDF_XML = "rdf-xml"
    JSON = "json"
    HTML = "html"
    CSV = "csv"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"

    @classmethod
    def named(cls, name: str) -> ReportFormat:
        """The format by name, file extension or media type. Raises `UsageError`."""
        # An unescaped `+` in a query string arrives as a space.
        wanted = name.partition(";")[0].strip().removeprefix(".").replace(" ", "+").lower()
        for format in cls:
            form = _FORMS[format]
            if wanted in (format.value, *form.media_types, *form.extensions, *form.names):
                return format
        known = ", ".join(format.value for format in cls)
        raise UsageError(f"a report cannot be written as {name!r}", remedy=f"known are {known}")

    @classmethod
    def of_file(cls, file: PurePath) -> ReportFormat:
        """The format that a file's name says: `report.junit.xml`, `report.ttl`.

        Raises `UsageError`.
        """
        extensions = file.name.lower().split(".")[1:]
        for start in range(len(extensions)):
            wanted = ".".join(extensions[start:])
            for format in cls:
                if wanted in _FORMS[format].extensions:
                    return format
        return cls.named(file.suffix or file.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a format goes by, the usual name of each kind first, and what writes it.

    `parameters` go with the media type where it is sent.
    """

    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    write: Callable[[Report, str, Grouping], bytes]
    names: tuple[str, ...] = ()
    parameters: str = ""


def render(
    report: Report, format: ReportFormat, *, language: str, grouping: Grouping = Grouping.NODE
) -> bytes:
    """The report as a file or a response.

    `language` (en, ja) is for the forms made for people and for tools that show
    one language, `grouping` for HTML.
    """
    return _FORMS[format].write(report, language, grouping)


def media_type(format: ReportFormat) -> str:
    """The value of `Content-Type`: text formats say that they are UTF-8."""
    form = _FORMS[format]
    return form.media_types[0] + form.parameters


def media_types(format: ReportFormat) -> tuple[str, ...]:
    """The media types that ask for a format, without parameters, its own first."""
    return _FORMS[format].media_types


def offered() -> tuple[ReportFormat, ...]:
    """What a service offers, the preferred one first: it answers who accepts anything."""
    others = (format for format in ReportFormat if format is not ReportFormat.TURTLE)
    return ReportFormat.TURTLE, *others


def _as_text(report: Report, language: str) -> str:
    text = StringIO()
    print_text(report, Console(file=text, width=_WIDTH), language=language)
    return text.getvalue()


def _rdf(syntax: RdfFormat) -> Callable[[Report, str, Grouping], bytes]:
    return lambda report, _language, _grouping: as_rdf(report, syntax)


_UTF8 = "; charset=utf-8"

_FORMS: Mapping[ReportFormat, _Form] = {
    ReportFormat.TEXT: _Form(
        names=("human", "table"),  # pySHACL's
        media_types=("text/plain",),
        extensions=("txt",),
        parameters=_UTF8,
        write=lambda report, language, _: _as_text(report, language).encode(),
    ),
    ReportFormat.TURTLE: _Form(
        media_types=("text/turtle", "application/x-turtle"),
        extensions=("ttl",),
        parameters=_UTF8,
        write=_rdf(RdfFormat.TURTLE),
    ),
    ReportFormat.JSON_LD: _Form(
        media_types=("application/ld+json",),
        extensions=("jsonld",),
        write=_rdf(RdfFormat.JSON_LD),
    ),
    ReportFormat.N_TRIPLES: _Form(
        names=("n-triples", "ntriples"),
        media_types=("application/n-triples",),
        extensions=("nt",),
        write=_rdf(RdfFormat.N_TRIPLES),
    ),
    ReportFormat.RDF_XML: _Form(
        names=("xml", "rdf/xml", "rdfxml"),  # `xml` is pySHACL's
        media_types=("application/rdf+xml",),
        extensions=("rdf",),
        write=_rdf(RdfFormat.RDF_XML),
    ),
    ReportFormat.JSON: _Form(
        media_types=("application/json",),
        extensions=("json",),
        write=lambda report, *_: as_json(report).encode(),
    ),
    ReportFormat.HTML: _Form(
        media_types=("text/html",),
        extensions=("html", "htm"),
        parameters=_UTF8,
        write=lambda report, language, grouping: as_html(
            report, language=language, grouping=grouping
        ).encode(),
    ),
    ReportFormat.CSV: _Form(
        media_types=("text/csv",),
        extensions=("csv",),
        parameters=f"{_UTF8}; header=present",
        write=lambda report, *_: as_csv(report).encode(),
    ),
    ReportFormat.SARIF: _Form(
        media_types=("application/sarif+json",),
        extensions=("sarif", "sarif.json"),
        write=lambda report, language, _: as_sarif(report, language=language).encode(),
    ),
    ReportFormat.JUNIT: _Form(
        media_types=("application/junit+xml",),
        extensions=("junit.xml", "junit"),
        write=lambda report, language, _: as_junit(report, language=language),
    ),
    ReportFormat.MARKDOWN: _Form(
        media_types=("text/markdown",),
        extensions=("md", "markdown"),
        parameters=_UTF8,
        write=lambda report, language, _: as_markdown(report, language=language).encode(),
    ),
}
