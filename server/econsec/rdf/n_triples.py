"""N-Triples that are written in one way only, so that nothing has to be parsed to know them.

RDF 1.2 calls that form canonical (N-Triples, 4): it is what the engine writes, and most
dumps are in it. A large document that has it already need not be read and written again.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import cast

from pyoxigraph import RdfFormat, Triple, serialize

__all__ = ["as_n_triples", "is_canonical"]

_SAFE = rb"(?:[a-zA-Z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-F]{2})*+"
_IRI = rb"<[a-z]++:(?://[a-zA-Z0-9.-]*+(?=[/?#>])|(?!//))" + _SAFE + rb"(?:#" + _SAFE + rb")?+>"
_TEXT = rb'"(?:[^"\\\x00-\x1f\x7f]++|\\["\\nr])*+"'
_IMPLIED = (
    rb"http://www\.w3\.org/"
    rb"(?:2001/XMLSchema#string|1999/02/22-rdf-syntax-ns#(?:l|dirL)angString)"
)
_TAG = rb"@[a-z]{2}(?:-[a-z]{4}|-[a-z]{2})?+"
_LITERAL = _TEXT + rb"(?:" + _TAG + rb"|\^\^(?!<" + _IMPLIED + rb">)" + _IRI + rb")?+"
_LINE = _IRI + rb" " + _IRI + rb" (?:" + _IRI + rb"|" + _LITERAL + rb") \.\n"
_LINES = re.compile(rb"(?:" + _LINE + rb")*+")
"""Less than all that is canonical: no blank node, no triple term, only plain IRIs and tags."""

_BLOCK = 1 << 20
_NO_CHARACTERS = ("\ufffe", "\uffff")
"""What the engine escapes beside the controls."""


def is_canonical(document: bytes) -> bool:
    """Whether an N-Triples document without blank nodes is surely valid, and written canonically.

    `False` says nothing: a parser has to look. Linear in the length of the document.
    """
    return _LINES.fullmatch(document) is not None and _is_text(document)


def _is_text(document: bytes) -> bool:
    """Whether it is UTF-8, and of characters that nobody escapes."""
    decoder = getincrementaldecoder("utf-8")()  # the whole text would take twice the memory
    try:
        for start in range(0, len(document), _BLOCK):
            text = decoder.decode(document[start : start + _BLOCK])
            if any(each in text for each in _NO_CHARACTERS):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def as_n_triples(triples: Iterable[Triple]) -> bytes:
    """Triples in canonical N-Triples, in their order."""
    return cast(bytes, serialize(triples, format=RdfFormat.N_TRIPLES))
