"""Runs of plain data in INSERT DATA and DELETE DATA, read by one regular expression each.

An update may hold megabytes of data. Read token by token they would cost more
than the engine's own work, so what is plainest is cut at once: IRIs, names,
literals and numbers without escapes, and the marks between them. Whatever could
be cut in two ways, or hides a keyword, is left to the reader of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["plain_data"]

# A run is short, since a match cannot be interrupted while other threads wait.
_LONGEST = 4_096
_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
# Each name is compared with them all.
_MOST_PREFIXES = 128
# What may follow a token that could otherwise go on.
_ENDS = r"(?=[ \t\r\n;,]|\.[ \t\r\n])"
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*+>"""
_LOCAL = rf"[A-Za-z0-9_-]*+{_ENDS}"
_ECHAR = r"\\[tbnrf\"'\\]"
_STRING = (
    rf"""(?:"(?!"")[^"\\\r\n]*+(?:{_ECHAR}[^"\\\r\n]*+)*+"|'(?!'')[^'\\\r\n]*+"""
    rf"""(?:{_ECHAR}[^'\\\r\n]*+)*+')"""
)
_LANGUAGE = rf"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+{_ENDS}"
_NUMBER = rf"[+-]?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+{_ENDS}"
_BLANK_NODE = rf"_:[A-Za-z0-9][A-Za-z0-9_-]*+{_ENDS}"
_WORD = rf"(?:a|true|false){_ENDS}"


def plain_data(prefixes: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern of a run that begins with a term; `prefixes` are those in force.

    Only names are plain whose prefix stands for an IRI that any local name
    continues, and is among the last that were declared.
    """
    plain = [name for name, iri in prefixes.items() if iri.endswith(("/", "#"))]
    plain = plain[: -_MOST_PREFIXES - 1 : -1]
    name = rf"(?:{'|'.join(map(re.escape, plain))}):{_LOCAL}" if plain else r"(?!)"
    literal = rf"{_STRING}(?:{_LANGUAGE}|\^\^(?:{_IRI}|{name}))?+"
    term = rf"(?:{_IRI}|{name}|{literal}|{_NUMBER}|{_BLANK_NODE}|{_WORD})"
    return re.compile(rf"{_GAP}{term}(?:{_GAP}(?:{term}|[;,]|\.(?![0-9]))){{0,{_LONGEST}}}+")
