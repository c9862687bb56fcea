"""The templates of the pages."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from econsec.knowledge.reports import templating
from econsec.knowledge.reports.printable import printable

__all__ = ["environment"]


@cache
def environment() -> Environment:
    """Made once."""
    made = templating.environment("econsec.web.pages", trims=True)
    made.filters["json_data"] = _json_data
    return made


def _json_data(text: str) -> Markup:
    """JSON for a data block: it cannot end the element that it stands in."""
    safe = printable(text)
    return Markup(safe.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
