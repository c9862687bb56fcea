"""Literals whose text does not denote a value of their datatype (XSD 1.1, Part 2).

The engine and rdflib take `"1e3"^^xsd:decimal` for a thousand, so the text is
checked as it came, before either of them has read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from econsec.rdf.namespaces import XSD

__all__ = ["is_well_formed"]

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"

_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOATING = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")

_LEXICAL_SPACE = {
    XSD("boolean"): re.compile(r"true|false|1|0"),
    XSD("double"): _FLOATING,
    XSD("float"): _FLOATING,
    XSD("decimal"): re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    XSD("gYear"): re.compile(_YEAR + _ZONE),
    XSD("gYearMonth"): re.compile(f"{_YEAR}-{_MONTH}{_ZONE}"),
    XSD("date"): re.compile(f"({_YEAR}-{_MONTH}-{_DAY}){_ZONE}"),
    XSD("dateTime"): re.compile(f"({_YEAR}-{_MONTH}-{_DAY})T{_TIME}{_ZONE}"),
}
"""The datatypes that our data use and some more; others are not judged."""

_BOUNDS: Mapping[NamedNode, tuple[int | None, int | None]] = {
    XSD("integer"): (None, None),
    XSD("nonNegativeInteger"): (0, None),
    XSD("positiveInteger"): (1, None),
    XSD("nonPositiveInteger"): (None, 0),
    XSD("negativeInteger"): (None, -1),
    XSD("long"): (-(2**63), 2**63 - 1),
    XSD("int"): (-(2**31), 2**31 - 1),
    XSD("short"): (-(2**15), 2**15 - 1),
    XSD("byte"): (-128, 127),
    XSD("unsignedLong"): (0, 2**64 - 1),
    XSD("unsignedInt"): (0, 2**32 - 1),
    XSD("unsignedShort"): (0, 2**16 - 1),
    XSD("unsignedByte"): (0, 255),
}
"""The least and the greatest value of xsd:integer and what is derived from it."""


def is_well_formed(literal: Literal) -> bool:
    """Whether the text of `literal` denotes a value of its datatype."""
    if literal.datatype in _BOUNDS:
        return _is_integer(literal.value, *_BOUNDS[literal.datatype])
    space = _LEXICAL_SPACE.get(literal.datatype)
    if space is None:
        return True
    found = space.fullmatch(literal.value)
    return found is not None and all(_is_day(day) for day in found.groups())


def _is_integer(text: str, least: int | None, greatest: int | None) -> bool:
    if _INTEGER.fullmatch(text) is None:
        return False
    value = Decimal(text)  # int() refuses thousands of digits
    return (least is None or value >= least) and (greatest is None or value <= greatest)


def _is_day(text: str) -> bool:
    """Whether a date that looks like one exists: there is no 30 February."""
    try:
        date.fromisoformat(text)
    except ValueError:
        # Years before 1 and after 9999 are beyond Python's calendar, not beyond XSD's.
        return text.startswith(("-", "0000")) or len(text) > len("9999-12-31")
    return True
