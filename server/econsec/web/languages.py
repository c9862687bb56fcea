"""The languages that people are spoken to in, and the one that a client prefers."""

from __future__ import annotations

import re
from enum import StrEnum

from fastapi import Request

from econsec.errors import InvalidInput

__all__ = ["Language", "language_named", "preferred_language"]

_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


class Language(StrEnum):
    """The languages of messages, reports and pages."""

    EN = "en"
    JA = "ja"

    @property
    def other(self) -> Language:
        """The one that a switch leads to."""
        return Language.JA if self is Language.EN else Language.EN


def language_named(name: str, parameter: str = "lang") -> Language:
    """The language of a parameter. Raises `InvalidInput`."""
    if name not in {*Language}:
        known = ", ".join(Language)
        raise InvalidInput(f"the parameter '{parameter}' is one of {known}, not {name!r}")
    return Language(name)


def preferred_language(request: Request) -> Language:
    """The better one by `Accept-Language` (RFC 9110, 12.5.4), English where neither is."""
    weights = {language: 0.0 for language in Language}
    for element in ",".join(request.headers.getlist("accept-language")).lower().split(","):
        tag, _, parameter = element.partition(";")
        weight = _WEIGHT.fullmatch(parameter.replace(" ", ""))
        for language in Language:
            if tag.strip().partition("-")[0] == language and (weight is not None or not parameter):
                quality = float(weight[1]) if weight is not None else 1.0
                weights[language] = max(weights[language], quality)
    return Language.JA if weights[Language.JA] > weights[Language.EN] else Language.EN
