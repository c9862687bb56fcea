"""A report as GitHub Flavored Markdown, for comments, summaries of jobs and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from econsec.knowledge.reports.links import web_address
from econsec.knowledge.reports.phrases import Phrases, phrases
from econsec.knowledge.reports.printable import on_one_line, printable
from econsec.knowledge.reports.report import Audit, LegalBasis, Report, Result, said_in, spelt

__all__ = ["as_markdown", "code", "escaped"]

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&|~$#!@]")
_BACKTICKS = re.compile("`+")


def as_markdown(report: Report, *, language: str) -> str:
    """The verdict, the counts, a table of the results and one of the shapes that ran."""
    words = phrases(language)
    return "\n\n".join(_parts(report, words)) + "\n"


def escaped(text: str) -> str:
    """Text of the data that no renderer takes for markup, on one line."""
    return _MARKUP.sub(r"\\\g<0>", on_one_line(text))


def code(text: str) -> str:
    """A term as code in a cell of a table; nothing for no term."""
    if not text:
        return ""
    # Within a table a bar ends the cell, even in code (GFM, 4.10).
    shown = printable(text).replace("\n", r"\n").replace("\t", r"\t").replace("|", r"\|")
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence, pad = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _parts(report: Report, words: Phrases) -> Iterator[str]:
    yield f"# {words.title}{words.colon}{words.verdict(report)}"
    yield f"{words.found(report)}{words.stop}{words.looked_at(report)}{words.stop}".strip()
    for warning in words.warnings(report):
        yield f"> [!WARNING]\n> {warning}"
    if report.results:
        yield f"## {words.findings}"
        headings = (words.severity, words.node, words.path, words.message, words.place)
        yield _table(headings, (_result_row(result, words) for result in report.results))
    ran = [audit for audit in report.audit if audit.focus_nodes]
    if ran:
        yield f"## {words.audit}"
        headings = (words.shape, words.focus_nodes, words.results, words.engine, words.time)
        yield _table(headings, (_audit_row(audit, words) for audit in ran), numbers={1, 2, 4})
    idle = [audit for audit in report.audit if not audit.focus_nodes]
    if idle:
        yield f"## {words.idle}\n\n{words.idle_note}"
        yield "\n".join(f"- {_shape(audit, words)}" for audit in idle)


def _table(
    headings: Iterable[str], rows: Iterable[Iterable[str]], *, numbers: Iterable[int] = ()
) -> str:
    """A table; the columns whose places are in `numbers` stand to the right."""
    right = set(numbers)
    head = list(headings)
    rule = ["---:" if place in right else "---" for place in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _result_row(result: Result, words: Phrases) -> tuple[str, ...]:
    kind = words.kinds[result.finding] if result.finding is not None else ""
    name = escaped(said_in(result.label, words.language))
    return (
        _lines(f"**{words.severities[result.severity]}**", kind),
        _lines(name, code(spelt(result.focus))),
        code(result.path.text if result.path is not None else ""),
        _message(result, words),
        code(str(result.place)) if result.place is not None else code(spelt(result.graph)),
    )


def _message(result: Result, words: Phrases) -> str:
    """Message, value, law and fix, and what raised them."""
    fix = escaped(said_in(result.fix, words.language))
    return _lines(
        escaped(words.stated(result)),
        f"→ {code(spelt(result.value))}" if result.value not in (None, result.focus) else "",
        *(f"*{words.law}*{words.colon}{_law(basis, words)}" for basis in result.basis),
        f"*{words.fix}*{words.colon}{fix}" if fix else "",
        code(spelt(result.source)),
    )


def _law(basis: LegalBasis, words: Phrases) -> str:
    name, address = escaped(words.provision(basis)), web_address(basis.source)
    return f"[{name}](<{address}>)" if address is not None else name


def _audit_row(audit: Audit, words: Phrases) -> tuple[str, ...]:
    return (
        _shape(audit, words),
        f"{audit.focus_nodes:,}",
        f"{audit.results:,}",
        escaped(audit.engine),
        f"{audit.seconds:.3f} s" if audit.seconds is not None else "",
    )


def _shape(audit: Audit, words: Phrases) -> str:
    name = escaped(said_in(audit.name, words.language))
    return f"{name} {code(spelt(audit.shape))}".strip()


def _lines(*texts: str) -> str:
    return "<br>".join(text for text in texts if text)
