"""The formats that answers and data are written in, and the names they go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath
from typing import ClassVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from econsec.errors import EconSecError, InvalidInput

__all__ = [
    "CSV",
    "FORMATS",
    "JSON",
    "JSON_LD",
    "N3",
    "N_QUADS",
    "N_TRIPLES",
    "RDF_XML",
    "READABLE",
    "TRIG",
    "TSV",
    "TURTLE",
    "XML",
    "Form",
    "Format",
    "NotAcceptable",
    "by_name",
    "by_suffix",
    "offered",
]


class Form(StrEnum):
    """What an answer is made of; a format can carry one or several of these."""

    SOLUTIONS = "solutions"
    BOOLEAN = "boolean"
    GRAPH = "graph"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class Format:
    """A concrete syntax and the names it goes by.

    `aliases` are other media types for the same bytes, `extensions` file name
    endings without the dot (the usual one first). `forms` says what we write
    in it: it is empty for a format that is only read.
    """

    name: str
    media_type: str
    extensions: tuple[str, ...]
    forms: frozenset[Form]
    engine: RdfFormat | QueryResultsFormat
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of `Content-Type`: text formats say that they are UTF-8."""
        is_text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if is_text else self.media_type

    def labelled(self, media_type: str) -> Format:
        """The same syntax under the name that a client asked for, such as application/json."""
        return self if media_type == self.media_type else replace(self, media_type=media_type)

    def goes_by(self, name: str) -> bool:
        """Whether `name` (lower case) is its name, a media type or an extension of it.

        The subtype alone will do: SPARQLWrapper says `rdf+xml`.
        """
        subtype = self.media_type.partition("/")[2]
        names = (self.name.lower(), subtype, self.media_type, *self.aliases, *self.extensions)
        return name in names


_RESULTS = frozenset({Form.SOLUTIONS, Form.BOOLEAN})
_GRAPH = frozenset({Form.GRAPH})
_DATASET = frozenset({Form.GRAPH, Form.DATASET})

JSON = Format(
    name="JSON",
    media_type="application/sparql-results+json",
    aliases=("application/json",),
    extensions=("json", "srj"),
    forms=_RESULTS,
    engine=QueryResultsFormat.JSON,
)
XML = Format(
    name="XML",
    media_type="application/sparql-results+xml",
    aliases=("application/xml", "text/xml"),
    extensions=("xml", "srx"),
    forms=_RESULTS,
    engine=QueryResultsFormat.XML,
)
# The W3C note defines CSV and TSV for SELECT only; the engine writes an ASK as
# the bare word `true` or `false`, as other SPARQL services do.
CSV = Format(
    name="CSV",
    media_type="text/csv",
    extensions=("csv",),
    forms=_RESULTS,
    engine=QueryResultsFormat.CSV,
)
TSV = Format(
    name="TSV",
    media_type="text/tab-separated-values",
    extensions=("tsv",),
    forms=_RESULTS,
    engine=QueryResultsFormat.TSV,
)
TURTLE = Format(
    name="Turtle",
    media_type="text/turtle",
    aliases=("application/turtle", "application/x-turtle"),
    extensions=("ttl",),
    forms=_GRAPH,
    engine=RdfFormat.TURTLE,
)
N_TRIPLES = Format(
    name="N-Triples",
    media_type="application/n-triples",
    aliases=("text/plain",),
    extensions=("nt", "ntriples"),
    forms=_GRAPH,
    engine=RdfFormat.N_TRIPLES,
)
RDF_XML = Format(
    name="RDF/XML",
    media_type="application/rdf+xml",
    aliases=("application/xml", "text/xml"),
    extensions=("rdf", "owl", "xml"),
    forms=_GRAPH,
    engine=RdfFormat.RDF_XML,
)
JSON_LD = Format(
    name="JSON-LD",
    media_type="application/ld+json",
    aliases=("application/json",),
    extensions=("jsonld", "json"),
    forms=_DATASET,
    engine=RdfFormat.JSON_LD,
)
TRIG = Format(
    name="TriG",
    media_type="application/trig",
    aliases=("application/x-trig",),
    extensions=("trig",),
    forms=_DATASET,
    engine=RdfFormat.TRIG,
)
N_QUADS = Format(
    name="N-Quads",
    media_type="application/n-quads",
    aliases=("text/x-nquads",),
    extensions=("nq", "nquads"),
    forms=_DATASET,
    engine=RdfFormat.N_QUADS,
)
N3 = Format(
    name="N3",
    media_type="text/n3",
    aliases=("text/rdf+n3",),
    extensions=("n3",),
    forms=frozenset(),
    engine=RdfFormat.N3,
)

READABLE = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS, N3)
"""Every RDF syntax that files may come in."""

FORMATS = (JSON, XML, CSV, TSV, *READABLE)


def offered(form: Form) -> tuple[Format, ...]:
    """The formats we write `form` in, the preferred one first."""
    return tuple(format for format in FORMATS if form in format.forms)


class NotAcceptable(EconSecError):
    """None of the formats on offer is one that the client takes (RFC 9110, 15.5.7)."""

    exit_code: ClassVar[int] = 2
    status: ClassVar[int] = 406
    title: ClassVar[str] = "No acceptable format"

    def __init__(self, detail: str, offered: Sequence[Format]) -> None:
        choices = ", ".join(f"{format.media_type} ({format.extensions[0]})" for format in offered)
        super().__init__(detail, remedy=f"offered are {choices}")
        self.offered = tuple(format.media_type for format in offered)


def by_name(name: str, offered: Sequence[Format]) -> Format:
    """The format that `-f` or `?format=` names: an extension, a name or a media type.

    What is on offer decides what a name such as `json` stands for. Raises
    `NotAcceptable`.
    """
    # An unescaped `+` in a query string arrives as a space.
    wanted = name.partition(";")[0].strip().removeprefix(".").replace(" ", "+").lower()
    for format in offered:
        if format.goes_by(wanted):
            return format.labelled(wanted if "/" in wanted else format.media_type)
    raise NotAcceptable(f"the format {name!r} is not offered for this", offered)


def by_suffix(path: PurePath, offered: Sequence[Format] = READABLE) -> Format:
    """The format of a file by its name, `.gz` aside. Raises `InvalidInput`."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    extension = name.suffix.lower().removeprefix(".")
    for format in offered:
        if extension in format.extensions:
            return format
    known = ", ".join(f".{format.extensions[0]}" for format in offered)
    raise InvalidInput(
        "the file's name does not say which format it is in",
        source=str(path),
        remedy=f"known endings are {known}, each with or without .gz",
    )
