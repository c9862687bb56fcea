"""The templates of the pages: data cannot become markup in them."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from econsec.knowledge.reports.printable import printable

__all__ = ["environment"]


@cache
def environment() -> Environment:
    """Escapes everything, and stops at a name that is not there."""
    made = Environment(
        loader=PackageLoader("econsec.web.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    made.filters["json_data"] = _json_data
    return made


def _json_data(text: str) -> Markup:
    """JSON for a data block: it cannot end the element that it stands in."""
    safe = printable(text)
    return Markup(safe.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _shown(value: object) -> object:
    """Text without the controls that would reorder or break what stands around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value
