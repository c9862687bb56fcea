"""The report as CSV, read back."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

from pyoxigraph import Literal, NamedNode

from econsec.knowledge.reports import Report, Result, Severity
from econsec.knowledge.reports.csv import COLUMNS, as_csv
from econsec.rdf.namespaces import SH, XSD


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(as_csv(report), newline=""), strict=True))


def test_a_row_holds_all_that_a_result_says(report: Report) -> None:
    assert rows(report)[0] == {
        "severity": "violation",
        "focus_node": "designation:jp-scp-permanent-magnets",
        "label_en": "permanent magnets",
        "label_ja": "永久磁石",
        "path": "es:hasUnmetAssessment / es:assessesCriterion",
        "value": "",
        "message_en": "Criterion not met: external dependency.",
        "message_ja": "要件の非充足：外部依存性。",
        "finding": "criterion-not-met",
        "legal_basis_en": "Economic Security Promotion Act, Article 7",
        "legal_basis_ja": "経済安全保障推進法第7条",
        "act": "legislation:jp-espa",
        "article": "7",
        "in_force_from": "2022-08-01",
        "law": "https://laws.e-gov.go.jp/law/504AC0000000043",
        "fix_en": "Correct the assessment.",
        "fix_ja": "評価を訂正してください。",
        "document": "cases/magnets and more.ttl",
        "line": "12",
        "graph": "graph:reference",
        "component": "sh:QualifiedMaxCountConstraintComponent",
        "shape": "esh:external-dependency-met",
        "constraint": "",
        "root": "esh:SpecifiedCriticalProductDesignationShape",
    }


def test_the_columns_are_the_same_without_results(clean: Report) -> None:
    assert as_csv(clean) == ",".join(COLUMNS) + "\r\n"


def test_every_result_is_one_record(report: Report) -> None:
    read = list(csv.reader(StringIO(as_csv(report), newline=""), strict=True))
    assert [len(record) for record in read] == [len(COLUMNS)] * 6
    assert [row["severity"] for row in rows(report)] == [r.severity for r in report.results]


def test_no_cell_is_a_formula_or_holds_controls(report: Report) -> None:
    hostile = rows(report)[1]
    assert hostile["label_ja"] == "\ufffd@SUM(1)"
    assert hostile["message_en"].endswith("{0}\nnext\ufffd\ufffd[31m line")
    written = as_csv(report)
    assert not any(control in written for control in "\x00\x01\x1b\u202e")


def test_what_a_spreadsheet_would_run_is_marked_and_a_number_is_not() -> None:
    node = NamedNode("https://example.org/a")
    result = Result(
        focus=node,
        severity=Severity.INFO,
        shape=node,
        component=SH("InConstraintComponent"),
        messages={"en": "-1+cmd", "ja": "@x"},
        label={"en": "=A1"},
        value=Literal("-5", datatype=XSD("integer")),
    )
    row = rows(Report((result,), ()))[0]
    assert (row["message_en"], row["message_ja"], row["label_en"]) == ("'-1+cmd", "'@x", "'=A1")
    assert row["value"] == "-5"
    unsigned = replace(result, label={"en": "A=1"})
    assert rows(Report((unsigned,), ()))[0]["label_en"] == "A=1"


def test_a_text_in_neither_language_is_not_lost(report: Report) -> None:
    bare, silent = rows(report)[3:]
    assert (bare["message_en"], bare["message_ja"]) == ("no language", "")
    assert (silent["label_en"], silent["label_ja"]) == ("", "例")
