"""A validation report for people to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from econsec.knowledge.reports.phrases import Phrases, phrases
from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import Report, Result, Severity, said_in, spelt

__all__ = ["print_text"]

_STYLES = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

_MOST_IN_TABLE = 500
"""The results that are laid out as a table, which takes a millisecond for each."""

_MOST_IDLE = 8
"""The shapes without focus nodes that are named; the others are counted."""


def print_text(report: Report, console: Console, *, language: str) -> None:
    """The results, a line that sums up, and the shapes that saw nothing.

    The results are a table, or a paragraph each where they are very many.
    """
    words = phrases(language)
    if len(report.results) > _MOST_IN_TABLE:
        for result in report.results:
            console.out(_paragraph(result, words), highlight=False)
    elif report.results:
        console.print(_table(report, words))
    style = "green" if report.conforms else "red"
    console.print(Text(words.summed_up(report), style=style))
    for warning in words.warnings(report):
        console.print(Text(warning, style="bold yellow"))
    if any(audit.focus_nodes for audit in report.audit):
        _print_idle(report, console, words)


def _table(report: Report, words: Phrases) -> Table:
    headings = (words.severity, words.node, words.path, words.message)
    table = Table(*headings, box=None, padding=(0, 2, 1, 0))
    for column in table.columns[1:]:
        column.overflow = "fold"
    for result in report.results:
        path = result.path.text if result.path is not None else ""
        table.add_row(
            Text(words.severities[result.severity], style=_STYLES[result.severity]),
            _lines(_node(result, words)),
            Text(printable(path)),
            _lines(_account(result, words)),
        )
    return table


def _paragraph(result: Result, words: Phrases) -> str:
    path = result.path.text if result.path is not None else ""
    lines = [words.severities[result.severity], *_node(result, words), path]
    lines += _account(result, words)
    return printable("\n  ".join(line for line in lines if line)) + "\n"


def _node(result: Result, words: Phrases) -> Iterator[str]:
    """What the result is about, and where that stands."""
    yield said_in(result.label, words.language)
    yield spelt(result.focus)
    if result.place is not None:
        yield str(result.place)
    elif result.graph is not None:
        yield spelt(result.graph)


def _account(result: Result, words: Phrases) -> Iterator[str]:
    """What is wrong, by which law, what would mend it, and what raised it."""
    yield words.stated(result)
    if result.value not in (None, result.focus):
        yield f"→ {spelt(result.value)}"
    for basis in result.basis:
        yield f"{words.law}{words.colon}{words.provision(basis)}"
    fix = said_in(result.fix, words.language)
    if fix:
        yield f"{words.fix}{words.colon}{fix}"
    yield f"[{spelt(result.source)}]"


def _print_idle(report: Report, console: Console, words: Phrases) -> None:
    idle = [spelt(audit.shape) for audit in report.audit if audit.focus_nodes == 0]
    if idle:
        named = ", ".join(idle[:_MOST_IDLE])
        more = f" … (+{len(idle) - _MOST_IDLE})" if len(idle) > _MOST_IDLE else ""
        console.print(Text(printable(f"{words.idle}{words.colon}{named}{more}"), style="dim"))


def _lines(texts: Iterator[str]) -> Text:
    return Text(printable("\n".join(text for text in texts if text)))
