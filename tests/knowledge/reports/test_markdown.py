"""The report as Markdown, as a renderer of GitHub's tables reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from econsec.knowledge.reports import Report
from econsec.knowledge.reports.markdown import as_markdown, code, escaped

# With raw HTML and links on: whatever the data could become shows.
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")


def tokens(report: Report, language: str = "en") -> list[Token]:
    return RENDERER.parse(as_markdown(report, language=language))


def leaves(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield from token.children or [token]


def cells(found: list[Token]) -> list[list[str]]:
    """The text of every cell of the first table, row by row."""
    rows: list[list[str]] = []
    for place, token in enumerate(found):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append("".join(t.content for t in leaves([found[place + 1]])))
    return rows


def test_the_verdict_comes_first(report: Report, clean: Report) -> None:
    assert as_markdown(report, language="en").startswith(
        "# Validation report: Does not conform\n\nviolations: 2, warnings: 1, infos: 2. 3 shapes"
    )
    assert as_markdown(clean, language="ja").startswith("# 検証報告：適合\n\n指摘なし。")


def test_a_row_says_what_the_record_says(report: Report) -> None:
    row = cells(tokens(report))[1]
    assert row[0] == "violation<br>criterion not met"
    assert row[1] == "permanent magnets<br>designation:jp-scp-permanent-magnets"
    assert row[2] == "es:hasUnmetAssessment / es:assessesCriterion"
    assert "Criterion not met: external dependency." in row[3]
    assert "Article 7 (in force from 2022-08-01)" in row[3]
    assert "fix: Correct the assessment." in row[3]
    assert row[4] == "cases/magnets and more.ttl:12"


def test_hostile_text_stays_text(report: Report) -> None:
    found = tokens(report)
    rows = cells(found)
    assert [len(row) for row in rows] == [5] * 6
    assert rows[2][1] == "<img src=x onerror=alert(1)><br>_:b0"
    assert "A | B <b>`x`</b> [go](javascript:alert(1)) {0} next" in rows[2][3]
    html = {t.content for t in leaves(found) if t.type.startswith("html")}
    assert html == {"<br>"}
    links = [t.attrGet("href") for t in leaves(found) if t.type == "link_open"]
    assert links == ["https://laws.e-gov.go.jp/law/504AC0000000043"]


def test_the_audit_sets_idle_shapes_apart(report: Report) -> None:
    written = as_markdown(report, language="en")
    audit, idle = written.split("## Audit")[1].split("## Shapes that saw no focus node")
    assert "| product `esh:SpecifiedCriticalProductDesignationShape` | 2 | 2 | fast |" in audit
    assert "esh:TradeBanShape" not in audit
    assert "- trade ban `esh:TradeBanShape`" in idle


def test_a_cut_report_says_so(cut: Report, report: Report) -> None:
    assert "> [!WARNING]\n> This report is incomplete: it shows 1 of 5" in as_markdown(
        cut, language="en"
    )
    assert "[!WARNING]" not in as_markdown(report, language="en")


@pytest.mark.parametrize(
    "text", ["a`b", "``", "a|b", "`", "<b>", "a\\|b", "", "a\nb", "[x](y)", "*a*", "_a_"]
)
def test_code_and_text_read_back(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {code(text)} | {escaped(text)} |"
    (_, (as_code, as_text)) = cells(RENDERER.parse(table))
    assert as_code == text.replace("\n", r"\n")
    assert as_text == text.replace("\n", " ")
