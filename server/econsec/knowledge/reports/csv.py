"""A report as a table for spreadsheets and data frames (RFC 4180)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from econsec.knowledge.reports.printable import printable
from econsec.knowledge.reports.report import Report, Result, Texts, said_in, spelt

__all__ = ["COLUMNS", "as_csv"]

COLUMNS = (
    "severity",
    "focus_node",
    "label_en",
    "label_ja",
    "path",
    "value",
    "message_en",
    "message_ja",
    "finding",
    "legal_basis_en",
    "legal_basis_ja",
    "act",
    "article",
    "in_force_from",
    "law",
    "fix_en",
    "fix_ja",
    "document",
    "line",
    "graph",
    "component",
    "shape",
    "constraint",
    "root",
)
"""The header, the same for every report. Terms are spelt as in Turtle.

`document` and `line` say where the focus node stands, `law` is the address of the
provision's text; of several provisions, `act` to `law` hold one on each line. A text
that is in neither language stands in the English column.
"""

_NUMBER = re.compile(r"[+-]?[0-9.]+")
_FORMULA = tuple("=+-@\t")


def as_csv(report: Report) -> str:
    """The report as CSV: a header and a row for each result, lines ended by CR LF.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(result)] for result in report.results)
    return text.getvalue()


def _row(result: Result) -> Sequence[str]:
    place = result.place
    return (
        result.severity.value,
        spelt(result.focus),
        *_in_both(result.label),
        result.path.text if result.path is not None else "",
        spelt(result.value),
        *_in_both(result.messages),
        result.finding.value if result.finding is not None else "",
        *_law(result),
        *_in_both(result.fix),
        place.document if place is not None else "",
        str(place.line) if place is not None and place.line is not None else "",
        spelt(result.graph),
        spelt(result.component),
        spelt(result.shape),
        spelt(result.constraint),
        spelt(result.root),
    )


def _law(result: Result) -> tuple[str, ...]:
    """The cells from `legal_basis_en` to `law`, each with a line for each provision."""
    labels = [_in_both(basis.label) for basis in result.basis]
    days = (basis.in_force_from for basis in result.basis)
    return (
        _lines(english for english, _ in labels),
        _lines(japanese for _, japanese in labels),
        _lines(spelt(basis.act) for basis in result.basis),
        _lines(basis.article or "" for basis in result.basis),
        _lines(day.isoformat() if day is not None else "" for day in days),
        _lines(basis.source.value if basis.source else "" for basis in result.basis),
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _in_both(texts: Texts) -> tuple[str, str]:
    others = {tag: text for tag, text in texts.items() if tag != "ja"}
    return said_in(others, "en"), texts.get("ja", "")


def _cell(value: str) -> str:
    text = printable(value)
    is_formula = text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None
    return f"'{text}" if is_formula else text
