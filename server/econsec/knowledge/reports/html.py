"""A report as a page of HTML that stands alone: no script, no request, fit to print."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from econsec.knowledge.reports.grouping import Grouping, grouped
from econsec.knowledge.reports.links import web_address
from econsec.knowledge.reports.phrases import phrases
from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import Report, Severity, language_in, said_in, spelt
from econsec.rdf.notation import language_tag

__all__ = ["as_html"]

_TEMPLATE = "report.html.j2"


def as_html(report: Report, *, language: str, grouping: Grouping = Grouping.NODE) -> str:
    """The page, its results put together by node or by shape.

    Data cannot become markup: everything is escaped, only addresses on the web
    become links, and text is kept apart from the direction of what stands around it.
    """
    counts = report.counts()
    return (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            report=report,
            words=phrases(language),
            said=partial(said_in, language=language),
            tag=lambda texts: language_tag(language_in(texts, language)),
            counts=[(severity, counts[severity]) for severity in Severity],
            groups=grouped(report.results, grouping),
            by_node=grouping is Grouping.NODE,
            ran=[audit for audit in report.audit if audit.focus_nodes],
            idle=[audit for audit in report.audit if not audit.focus_nodes],
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("econsec.knowledge.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {
        "address": web_address,
        "spelt": spelt,
        "tag_case": language_tag,
    }
    return environment


def _shown(value: object) -> object:
    """What the template writes: text of the data without controls, markup as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value
