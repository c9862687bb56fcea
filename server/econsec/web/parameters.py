"""The parameters of a request, and what it accepts. What cannot be read is `InvalidInput`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import parse_qs

from fastapi import Request

from econsec.errors import InvalidInput

__all__ = [
    "Fields",
    "accept",
    "boolean",
    "fields_of",
    "only",
    "seconds",
    "single",
    "text_of",
]

Fields = Mapping[str, list[str]]

_DECIMAL = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


def accept(request: Request) -> str | None:
    """Its Accept headers as one, `None` without any."""
    return ", ".join(request.headers.getlist("accept")) or None


def fields_of(encoded: bytes, where: str, *, most: int) -> Fields:
    """The parameters of a query string or a form; `where` is what errors call it."""
    text = text_of(encoded, where)
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=most)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the {where} is not valid UTF-8") from error
    except ValueError as error:
        raise InvalidInput(f"the {where} has more than {most} fields") from error


def text_of(encoded: bytes, where: str) -> str:
    """Bytes that must be UTF-8."""
    try:
        return encoded.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the {where} is not valid UTF-8") from error


def only(fields: Fields, known: Sequence[str]) -> None:
    """Raise `InvalidInput` for a parameter that is none: without it, the answer is another."""
    for name in fields:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise InvalidInput(
                f"there is no parameter {name!r}",
                remedy=f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}",
            )


def single(fields: Fields, name: str) -> str | None:
    """The value of a parameter that is given once at most."""
    values = fields.get(name, [])
    if len(values) > 1:
        raise InvalidInput(f"the parameter '{name}' is given {len(values)} times")
    return values[0] if values else None


def boolean(fields: Fields, name: str, *, default: bool) -> bool:
    """Whether a parameter is `true`."""
    value = single(fields, name)
    if value is None:
        return default
    if value not in _BOOLEANS:
        raise InvalidInput(f"the parameter '{name}' is true or false, not {value!r}")
    return _BOOLEANS[value]


def seconds(fields: Fields, name: str) -> float | None:
    """A time in seconds."""
    value = single(fields, name)
    if value is None:
        return None
    if _DECIMAL.fullmatch(value) is None:
        raise InvalidInput(f"the parameter '{name}' is a number of seconds, not {value!r}")
    return float(value)
