"""A report as a page of HTML that stands alone: no script, no request, fit to print."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment

from econsec.knowledge.reports.grouping import Grouping, grouped
from econsec.knowledge.reports.links import web_address
from econsec.knowledge.reports.phrases import phrases
from econsec.knowledge.reports.report import Report, Severity, language_in, said_in, spelt
from econsec.knowledge.reports.templating import environment
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
    made = environment("econsec.knowledge.reports")
    made.filters |= {
        "address": web_address,
        "spelt": spelt,
        "tag_case": language_tag,
    }
    return made
