"""RDF documents of the service itself: negotiated, with links to their other forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from econsec.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from econsec.web.api import PROBLEM, problems
from econsec.web.pages.rendering import fields
from econsec.web.variants import alternates, chosen, without_extension

__all__ = [
    "EXTENSIONS",
    "OPERATION",
    "RDF_FORMATS",
    "Asked",
    "asked",
    "is_for_reading",
]

_FOR_READING = replace(
    TURTLE,
    name="Turtle as text",
    media_type="text/plain",
    aliases=("text/html", "application/xhtml+xml"),
    extensions=("txt",),
)
"""What a browser shows where it would keep Turtle as a file."""

RDF_FORMATS = (
    TURTLE,
    replace(JSON_LD, extensions=("jsonld", "json")),
    TRIG,
    N_TRIPLES,
    RDF_XML,
    _FOR_READING,
)
"""What RDF documents come in; who does not say what he takes gets the first."""

EXTENSIONS = tuple(sorted({end for format in RDF_FORMATS for end in format.extensions}))
"""With which a path names a form."""

_SAFE = "/:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Asked:
    """A document by its `path` without an extension, and the form that is asked for."""

    path: str
    format: Format

    @property
    def content_type(self) -> str:
        """The value of `Content-Type`; a page it never is."""
        format = _FOR_READING if is_for_reading(self.format) else self.format
        return format.content_type

    @property
    def headers(self) -> dict[str, str]:
        """What the choice depends on, and links to the other forms (RFC 8288)."""
        offered = [each for each in RDF_FORMATS if each.name != _FOR_READING.name]
        links = alternates(quote(self.path, safe=_SAFE), self.format, offered)
        return {"Vary": "Accept, Accept-Encoding", "Link": links}


def is_for_reading(format: Format) -> bool:
    """Whether a browser asks, which would rather have a page."""
    return format.name == _FOR_READING.name


def asked(request: Request) -> Asked:
    """By the extension of the path, else by `format=`, else by `Accept`. Raises `NotAcceptable`."""
    named = without_extension(request.scope["path"], RDF_FORMATS)
    if named.format is not None:
        return Asked(named.path, named.format)
    return Asked(named.path, chosen(request, fields(request), RDF_FORMATS))


OPERATION: dict[str, Any] = {
    "response_class": Response,
    "openapi_extra": {
        "parameters": [
            {
                "name": "format",
                "in": "query",
                "description": "A media type or a file extension; wins over Accept",
                "schema": {"type": "string"},
            }
        ]
    },
    "responses": {
        200: {
            "description": "RDF; to a browser, Turtle as text",
            "content": {
                **{each.media_type: {} for each in RDF_FORMATS},
                "application/json": {},
                "application/xml": {},
                "text/xml": {},
                "text/html": {},
            },
        },
        304: {"description": "It is what the client has"},
        404: {"description": "The data set has no such thing", **PROBLEM},
        **problems(406),
    },
}
"""How an operation that answers with such a document is described."""
