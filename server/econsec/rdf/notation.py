"""How Turtle spells a term: IRIs, prefixed names and literals (Turtle 1.1, section 6.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode

from econsec.rdf.namespaces import PREFIXES, XSD

__all__ = ["Notation", "language_tag", "long_iri", "project_notation", "short_iri"]

# The productions PN_CHARS_U, PN_CHARS and PLX. Names that would need a backslash
# (`graph:a\/b`) are written as full IRIs: they read better and search better.
_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_REST = _LETTER + r"0-9\-" + "\u00b7\u0300-\u036f\u203f\u2040"
_PERCENT = "%[0-9A-Fa-f]{2}"
_LOCAL_NAME = re.compile(
    f"(?:[{_LETTER}:0-9]|{_PERCENT})(?:(?:[{_REST}.:]|{_PERCENT})*(?:[{_REST}:]|{_PERCENT}))?"
)

_BARE = {
    XSD("integer"): re.compile(r"[+-]?[0-9]+"),
    XSD("decimal"): re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD("boolean"): re.compile(r"true|false"),
}
"""Lexical forms that Turtle reads back as they stand, by datatype."""

_STRING = XSD("string")

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_TO_ESCAPE_IN_LINE = re.compile(r'[\\"\x00-\x1f\x7f]')
# In """…""" a quotation mark is safe unless another one or the end follows.
_TO_ESCAPE_IN_BLOCK = re.compile(r'\\|"(?="|\Z)|[\x00-\x09\x0b-\x1f\x7f]')


class Notation:
    """Spells terms with the given prefixes and remembers which of them it used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest namespace wins; of two names for one namespace, the first in order.
        self._prefixes = sorted(
            ((namespace, prefix) for prefix, namespace in prefixes.items()),
            key=lambda pair: (-len(pair[0]), pair),
        )
        self.used: dict[str, str] = {}

    def iri(self, node: NamedNode) -> str:
        """A prefixed name where Turtle allows one without escapes, else `<…>`."""
        for namespace, prefix in self._prefixes:
            local = node.value.removeprefix(namespace)
            if local != node.value and _LOCAL_NAME.fullmatch(local) is not None:
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        return f"<{node.value}>"

    def literal(self, literal: Literal) -> str:
        """The literal with its own lexical form, short where Turtle has a short form for it."""
        bare = _BARE.get(literal.datatype)
        if bare is not None and bare.fullmatch(literal.value) is not None:
            return literal.value
        text = _quoted(literal.value)
        if literal.language is not None:
            direction = f"--{literal.direction}" if literal.direction is not None else ""
            return f"{text}@{language_tag(literal.language)}{direction}"
        if literal.datatype == _STRING:
            return text
        return f"{text}^^{self.iri(literal.datatype)}"


@cache
def project_notation() -> Notation:
    """The notation with the project's prefixes, for text that declares none."""
    return Notation(PREFIXES)


@lru_cache(maxsize=4096)
def short_iri(node: NamedNode) -> str:
    """`es:State` for an IRI under one of the project's prefixes, else `<…>`."""
    return project_notation().iri(node)


def long_iri(name: str) -> str:
    """What a person wrote with a prefix of the project, in full; anything else as it is."""
    prefix, colon, local = name.partition(":")
    is_short = bool(colon) and prefix in PREFIXES and not local.startswith("//")
    return PREFIXES[prefix] + local if is_short else name


def language_tag(tag: str) -> str:
    """The tag in the case that BCP 47 asks for (RFC 5646, section 2.1.1), as `ja-Hira`.

    The engine folds tags to lower case; case carries no meaning, but files keep
    the form that people write.
    """
    subtags = tag.lower().split("-")
    for index, subtag in enumerate(subtags):
        if len(subtag) == 1:
            break  # what follows a singleton, as in `en-x-us`, stays in lower case
        if index > 0 and len(subtag) == 2:
            subtags[index] = subtag.upper()
        elif index > 0 and len(subtag) == 4:
            subtags[index] = subtag.capitalize()
    return "-".join(subtags)


def _quoted(value: str) -> str:
    if "\n" in value:
        return f'"""{_TO_ESCAPE_IN_BLOCK.sub(_escape, value)}"""'
    return f'"{_TO_ESCAPE_IN_LINE.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
