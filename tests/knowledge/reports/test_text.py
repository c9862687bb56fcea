"""The report for a terminal."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from econsec.knowledge.reports import Audit, Report
from econsec.knowledge.reports.text import print_text
from econsec.rdf.namespaces import ESH


def text(report: Report, language: str = "en", *, width: int = 240) -> str:
    file = StringIO()
    print_text(report, Console(file=file, width=width), language=language)
    return file.getvalue()


def test_a_result_says_what_is_wrong_where_and_why(report: Report) -> None:
    english, japanese = text(report), text(report, "ja")
    for shown in (
        "violation",
        "permanent magnets",
        "designation:jp-scp-permanent-magnets",
        "cases/magnets and more.ttl:12",
        "es:hasUnmetAssessment / es:assessesCriterion",
        "Criterion not met: external dependency.",
        "law: Economic Security Promotion Act, Article 7 (in force from 2022-08-01)",
        "fix: Correct the assessment.",
        "[esh:external-dependency-met]",
        "[esh:product-first-order]",
        '→ "2022-07-31"^^xsd:date',
        "graph:reference",
        "sh:MinCountConstraintComponent",
    ):
        assert shown in english
    for shown in (
        "違反",
        "警告",
        "永久磁石",
        "根拠法令：経済安全保障推進法第7条（2022年8月1日施行）",
        "対処：評価を訂正してください。",
        "no language",
    ):
        assert shown in japanese


def test_the_summary_counts(report: Report, clean: Report) -> None:
    assert (
        "Does not conform (violations: 2, warnings: 1, infos: 2). "
        "3 shapes, 1 of them with nothing to check; 4 checks of a node.\n"
    ) in text(report)
    assert text(clean, "ja") == (
        "適合：指摘なし。シェイプ 3 件（対象なし 1 件）、検査 4 回。\n"
        "対象のなかったシェイプ：esh:TradeBanShape\n"
    )


def test_nothing_steers_the_terminal_or_is_taken_for_markup(report: Report) -> None:
    written = text(report)
    assert "\x1b" not in written and "\x00" not in written
    assert "next\ufffd\ufffd[31m line" in written
    assert "[go](javascript:alert(1))" in written


def test_a_cut_report_says_so(cut: Report, report: Report) -> None:
    assert "This report is incomplete: it shows 1 of 5 results." in text(cut)
    assert "この報告は全てではありません。指摘 5 件のうち 1 件を示しています。" in text(cut, "ja")
    assert "incomplete" not in text(report)


def test_a_verdict_on_nothing_is_qualified(idle: Report) -> None:
    assert "the verdict says nothing about the data" in text(idle)


def test_of_many_idle_shapes_some_are_named_and_all_are_counted() -> None:
    audit = [Audit(ESH(f"S{n}"), {}, focus_nodes=int(n == 0), results=0) for n in range(13)]
    last = text(Report((), tuple(audit))).splitlines()[-1]
    assert last.endswith("esh:S7, esh:S8 … (+4)")


def test_very_many_results_are_a_paragraph_each(many: Report) -> None:
    written = text(many, width=40)
    assert written.count("  cases/magnets and more.ttl:12\n") == 2000
    assert "\x1b" not in written
    assert written.count("\n\n") == 10_000
