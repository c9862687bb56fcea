"""Templates in which data cannot become markup, for reports and for pages."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from econsec.knowledge.reports.printable import printable

__all__ = ["environment"]


def environment(package: str, *, trims: bool = False) -> Environment:
    """Of the folder `templates` in a package: escapes all, and stops at unknown names.

    With `trims`, lines that hold nothing but a block leave no trace.
    """
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=trims,
        lstrip_blocks=trims,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Text without the controls that would reorder or break what stands around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value
