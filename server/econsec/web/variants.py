"""The forms that one document comes in, a page for people among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request

from econsec.errors import InvalidInput
from econsec.rdf.formats import (
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
    by_name,
)
from econsec.rdf.negotiation import negotiate
from econsec.web.parameters import Fields, accept, single

__all__ = ["PAGE", "VARIANTS", "Named", "alternates", "chosen", "is_browser", "without_extension"]

_XHTML = "application/xhtml+xml"
PAGE = replace(
    TURTLE,  # whose engine nobody asks
    name="HTML",
    media_type="text/html",
    aliases=(_XHTML,),
    extensions=("html",),
    forms=frozenset(),
)
VARIANTS = (
    TURTLE,
    replace(JSON_LD, extensions=("jsonld", "json")),
    TRIG,
    N_TRIPLES,
    RDF_XML,
    PAGE,
)
"""What a thing is described in; who does not say what he takes gets the first."""


@dataclass(frozen=True, slots=True)
class Named:
    """A path without its extension, and the form that the extension names."""

    path: str
    format: Format | None


def is_browser(request: Request) -> bool:
    """Whether people see the answer: browsers name XHTML, too.

    Programs there are that name HTML in every request, as Java does.
    """
    return _XHTML in (accept(request) or "")


def without_extension(path: str, offered: Sequence[Format] = VARIANTS) -> Named:
    """`x.ttl` is `x` as Turtle; a path without a known extension stays as it is."""
    head, dot, extension = path.rpartition(".")
    for format in offered:
        if dot and head and extension in format.extensions:
            return Named(head, format)
    return Named(path, None)


def chosen(request: Request, fields: Fields, offered: tuple[Format, ...] = VARIANTS) -> Format:
    """By `format=`, else by `Accept`. Raises `NotAcceptable`."""
    name = single(fields, "format")
    if name == "":
        raise InvalidInput("the parameter 'format' is empty")
    return negotiate(accept(request), offered) if name is None else by_name(name, offered)


def alternates(path: str, chosen: Format, offered: Sequence[Format] = VARIANTS) -> str:
    """The other forms of the document at `path`, as a `Link` header (RFC 8288)."""
    return ", ".join(
        f'<{path}.{format.extensions[0]}>; rel="alternate"; type="{format.media_type}"'
        for format in offered
        if format.name != chosen.name
    )
