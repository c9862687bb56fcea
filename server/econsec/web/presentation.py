"""How a client wishes a validation report: its form, its language, and how much of it."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from fastapi import Request

from econsec.engine.validation import Presentation
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.reports import Severity
from econsec.knowledge.reports.formats import Grouping, ReportFormat, media_types, offered
from econsec.rdf.formats import TURTLE, Format, NotAcceptable
from econsec.rdf.negotiation import negotiate
from econsec.service.verdicts import most_results
from econsec.settings import Settings
from econsec.web.languages import Language, preferred_language
from econsec.web.parameters import Fields, accept, single

__all__ = ["OFFERED", "presentation"]

_LIMIT = re.compile(r"\d{1,9}", re.ASCII)
_Choice = TypeVar("_Choice", bound=StrEnum)


def presentation(request: Request, fields: Fields, settings: Settings) -> Presentation:
    """What the parameters say, else the headers.

    Raises `InvalidInput`, and `NotAcceptable` on a form that is not offered.
    """
    language = _one_of(Language, fields, "lang")
    return Presentation(
        format=_format(request, single(fields, "report")),
        language=preferred_language(request) if language is None else language,
        severity=_one_of(Severity, fields, "severity") or Severity.INFO,
        limit=most_results(_limit(fields), settings),
        grouping=_one_of(Grouping, fields, "group") or Grouping.NODE,
    )


def _one_of(choices: type[_Choice], fields: Fields, name: str) -> _Choice | None:
    value = single(fields, name)
    if value is None:
        return None
    if value not in {*choices}:
        known = ", ".join(choices)
        raise InvalidInput(f"the parameter '{name}' is one of {known}, not {value!r}")
    return choices(value)


def _limit(fields: Fields) -> int | None:
    value = single(fields, "limit")
    if value is None:
        return None
    if _LIMIT.fullmatch(value) is None:
        raise InvalidInput(f"the parameter 'limit' is a whole number, not {value!r}")
    return int(value)


def _format(request: Request, name: str | None) -> ReportFormat:
    """`?report=` when it is given, for links that anybody can open, else `Accept`."""
    if name is None:
        return ReportFormat(negotiate(accept(request), OFFERED).name)
    try:
        return ReportFormat.named(name)
    except UsageError as error:
        raise NotAcceptable(error.detail, OFFERED) from error


def _as_offered(form: ReportFormat) -> Format:
    types = media_types(form)
    return replace(
        TURTLE,  # whose engine nobody asks
        name=form.value,
        media_type=types[0],
        aliases=types[1:],
        extensions=(form.value,),
        forms=frozenset(),
    )


OFFERED = tuple(_as_offered(form) for form in offered())
"""The forms of reports, for the choice by `Accept`."""
