"""A validation report for people to read."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from econsec.knowledge.reports import Report, Severity, said_in, spelt

__all__ = ["print_text"]

_HEADINGS = {
    "en": ("severity", "thing", "path", "message"),
    "ja": ("重大度", "対象", "経路", "内容"),
}
_SEVERITIES = {
    "en": {severity: severity.value for severity in Severity},
    "ja": {Severity.VIOLATION: "違反", Severity.WARNING: "警告", Severity.INFO: "情報"},
}
_STYLES = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def print_text(report: Report, console: Console, *, language: str) -> None:
    """A table of the results, and a line that sums up."""
    if report.results:
        console.print(_table(report, language))
    console.print(_summary(report, language), style="green" if report.conforms else "red")


def _table(report: Report, language: str) -> Table:
    table = Table(*_HEADINGS.get(language, _HEADINGS["en"]), box=None, padding=(0, 2, 1, 0))
    for column in table.columns[1:]:
        column.overflow = "fold"
    words = _SEVERITIES.get(language, _SEVERITIES["en"])
    for result in report.results:
        name = said_in(result.label, language)
        thing = f"{name}\n{spelt(result.focus)}" if name else spelt(result.focus)
        path = result.path.text if result.path is not None else ""
        message = said_in(result.messages, language)
        if result.value not in (None, result.focus):
            message += f"\n→ {spelt(result.value)}"
        table.add_row(
            Text(words[result.severity], style=_STYLES[result.severity]),
            Text(thing),
            Text(path),
            Text(f"{message}\n[{spelt(result.constraint or result.shape)}]"),
        )
    return table


def _summary(report: Report, language: str) -> str:
    counts = report.counts()
    nodes, shapes = sum(audit.focus_nodes for audit in report.audit), len(report.audit)
    idle = sum(audit.focus_nodes == 0 for audit in report.audit)
    if language == "ja":
        verdict = "適合" if report.conforms else "不適合"
        found = "、".join(f"{_SEVERITIES['ja'][s]} {counts[s]} 件" for s in Severity if counts[s])
        checked = f"シェイプ {shapes} 件（対象なし {idle} 件）、検査 {nodes} 回"
        return f"{verdict}：{found or '指摘なし'}。{checked}。"
    verdict = "Conforms" if report.conforms else "Does not conform"
    found = ", ".join(f"{s.value}s: {counts[s]}" for s in Severity if counts[s])
    checked = f"{shapes} shapes, {idle} of them with nothing to check; {nodes} checks of a node"
    return f"{verdict} ({found or 'no findings'}). {checked}."
