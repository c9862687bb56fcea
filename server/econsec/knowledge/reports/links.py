"""Which IRIs a report links to, and how they are written as addresses."""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath
from urllib.parse import quote

from pyoxigraph import NamedNode

from econsec.knowledge.reports.report import Term

__all__ = ["file_reference", "uri", "web_address"]

_RESERVED = ":/?#[]@!$&'()*+,;=%"
"""What an address may hold beside letters, digits and `-._~` (RFC 3986, 2.2)."""

_ON_THE_WEB = re.compile("https?://", re.IGNORECASE)
_ABSOLUTE = re.compile("[a-z][a-z0-9+.-]+:/", re.IGNORECASE)


def web_address(term: Term | None) -> str | None:
    """The address of what stands on the web; `None` for any other scheme or term."""
    if not isinstance(term, NamedNode) or _ON_THE_WEB.match(term.value) is None:
        return None
    return uri(term)


def uri(iri: NamedNode) -> str:
    """An IRI as a URI: what is not ASCII is percent-encoded (RFC 3987, 3.1)."""
    return quote(iri.value, safe=_RESERVED)


def file_reference(document: str) -> str:
    """The name of a document as a URI reference: `a b.ttl` becomes `a%20b.ttl`."""
    if _ABSOLUTE.match(document) is not None:
        return quote(document, safe=_RESERVED)
    path: PurePath = PurePosixPath(document)
    return f"{'file://' if path.is_absolute() else ''}{quote(str(path))}"
