"""Dates, numbers and amounts as a language writes them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from econsec.rdf.namespaces import XSD
from econsec.web.languages import Language

__all__ = ["spelt_value"]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DATES = {XSD(name).value for name in ("date", "gYear", "gYearMonth")}
_NUMBERS = {XSD(name).value for name in ("integer", "decimal", "nonNegativeInteger")}
_BOOLEANS = {
    ("true", Language.EN): "yes",
    ("false", Language.EN): "no",
    ("true", Language.JA): "はい",
    ("false", Language.JA): "いいえ",
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def spelt_value(value: str, datatype: str | None, language: Language) -> str:
    """A literal as people write it; its lexical form where there is no custom for it."""
    if datatype in _DATES:
        return _date(value, language)
    if datatype in _NUMBERS:
        return _number(value)
    if datatype == XSD("boolean").value:
        return _BOOLEANS.get((value, language), value)
    return value


def _date(value: str, language: Language) -> str:
    """`2022-12-23` is 23 December 2022, 2022年12月23日; a year or a month stays one."""
    found = _DATE.fullmatch(value)
    if found is None:
        return value
    year, month, day = (part and int(part) for part in found.groups())
    if language is Language.JA:
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    name = _MONTHS[month - 1] if month and 1 <= month <= len(_MONTHS) else ""
    return " ".join(str(part) for part in (day, name, year) if part)


def _number(value: str) -> str:
    try:
        return f"{Decimal(value):,}"
    except InvalidOperation:
        return value
