"""The forms by name, and what holds for all of them."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

from econsec.errors import UsageError
from econsec.knowledge.reports import Report
from econsec.knowledge.reports.formats import (
    Grouping,
    ReportFormat,
    media_type,
    media_types,
    offered,
    render,
)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("text", ReportFormat.TEXT),
        ("human", ReportFormat.TEXT),
        ("TTL", ReportFormat.TURTLE),
        (".ttl", ReportFormat.TURTLE),
        ("application/ld+json", ReportFormat.JSON_LD),
        ("application/ld json", ReportFormat.JSON_LD),
        ("jsonld", ReportFormat.JSON_LD),
        ("nt", ReportFormat.N_TRIPLES),
        ("rdf-xml", ReportFormat.RDF_XML),
        (".rdf", ReportFormat.RDF_XML),
        ("application/rdf+xml", ReportFormat.RDF_XML),
        ("xml", ReportFormat.RDF_XML),
        ("json", ReportFormat.JSON),
        ("text/html; charset=utf-8", ReportFormat.HTML),
        ("csv", ReportFormat.CSV),
        (".sarif", ReportFormat.SARIF),
        ("application/sarif+json", ReportFormat.SARIF),
        (".junit.xml", ReportFormat.JUNIT),
        ("application/junit+xml", ReportFormat.JUNIT),
        ("md", ReportFormat.MARKDOWN),
        ("text/markdown", ReportFormat.MARKDOWN),
    ],
)
def test_formats_go_by_name_extension_and_media_type(name: str, format: ReportFormat) -> None:
    assert ReportFormat.named(name) is format


@pytest.mark.parametrize(
    ("file", "format"),
    [
        ("report.junit.xml", ReportFormat.JUNIT),
        ("out/TEST.JUNIT.XML", ReportFormat.JUNIT),
        ("report.sarif.json", ReportFormat.SARIF),
        ("v1.2.json", ReportFormat.JSON),
        ("report.html", ReportFormat.HTML),
        ("report.md", ReportFormat.MARKDOWN),
    ],
)
def test_a_file_is_named_after_its_format(file: str, format: ReportFormat) -> None:
    assert ReportFormat.of_file(Path(file)) is format


def test_an_unknown_format_names_the_known_ones() -> None:
    known = "text, turtle, json-ld, nt, rdf-xml, json, html, csv, sarif, junit, markdown"
    with pytest.raises(UsageError, match=f"known are {known}"):
        ReportFormat.named("xls")
    with pytest.raises(UsageError, match=r"cannot be written as '\.xls'"):
        ReportFormat.of_file(Path("report.xls"))


def test_no_name_stands_for_two_formats() -> None:
    for format in ReportFormat:
        assert ReportFormat.named(format.value) is format
        for name in media_types(format):
            assert ReportFormat.named(name) is format
        assert ReportFormat.named(media_type(format)) is format


def test_everything_is_offered_and_rdf_first() -> None:
    assert offered()[0] is ReportFormat.TURTLE
    assert sorted(offered()) == sorted(ReportFormat)
    assert media_type(ReportFormat.HTML) == "text/html; charset=utf-8"
    assert media_type(ReportFormat.CSV) == "text/csv; charset=utf-8; header=present"
    assert media_type(ReportFormat.SARIF) == "application/sarif+json"


@pytest.mark.parametrize("format", ReportFormat)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_report_is_written_twice_alike(
    format: ReportFormat, language: str, report: Report
) -> None:
    first = render(report, format, language=language)
    assert first == render(report, format, language=language)
    assert first.endswith(b"\n")
    first.decode("utf-8")


@pytest.mark.parametrize("format", ReportFormat)
def test_every_form_is_written_without_results(format: ReportFormat, idle: Report) -> None:
    assert render(idle, format, language="ja")


def test_the_grouping_is_for_html(report: Report) -> None:
    by_node, by_shape = (
        render(report, ReportFormat.HTML, language="en", grouping=grouping) for grouping in Grouping
    )
    assert by_node != by_shape


@pytest.mark.parametrize("format", ReportFormat)
def test_ten_thousand_results_are_written_in_time(format: ReportFormat, many: Report) -> None:
    """A few seconds at most: nothing grows faster than the results."""
    start = process_time()
    written = render(many, format, language="en")
    assert process_time() - start < 10
    assert len(written) > 10_000


def test_json_says_all_that_the_record_says(report: Report, cut: Report) -> None:
    content = json.loads(render(report, ReportFormat.JSON, language="en"))
    assert (content["conforms"], content["truncated"], content["seconds"]) == (False, False, 1.5)
    assert content["results"][0] == {
        "severity": "violation",
        "focusNode": "designation:jp-scp-permanent-magnets",
        "label": {"en": "permanent magnets", "ja": "永久磁石"},
        "path": "es:hasUnmetAssessment / es:assessesCriterion",
        "value": None,
        "component": "sh:QualifiedMaxCountConstraintComponent",
        "shape": "esh:external-dependency-met",
        "constraint": None,
        "root": "esh:SpecifiedCriticalProductDesignationShape",
        "name": {"en": "external dependency: met", "ja": "外部依存性：充足"},
        "description": {
            "en": "It is not assessed as not met.",
            "ja": "満たされないと評価されていない。",
        },
        "graph": "https://w3id.org/econsec/graph/reference",
        "place": {"document": "cases/magnets and more.ttl", "line": 12},
        "messages": {
            "en": "Criterion not met: external dependency.",
            "ja": "要件の非充足：外部依存性。",
        },
        "finding": "criterion-not-met",
        "legalBasis": [
            {
                "basis": "esh:basis-article-7",
                "label": {
                    "en": "Economic Security Promotion Act, Article 7",
                    "ja": "経済安全保障推進法第7条",
                },
                "act": "legislation:jp-espa",
                "article": "7",
                "inForceFrom": "2022-08-01",
                "source": "https://laws.e-gov.go.jp/law/504AC0000000043",
            }
        ],
        "fix": {"en": "Correct the assessment.", "ja": "評価を訂正してください。"},
    }
    assert content["shapes"][0] == {
        "shape": "esh:SpecifiedCriticalProductDesignationShape",
        "name": {"en": "product", "ja": "物資"},
        "focusNodes": 2,
        "results": 2,
        "engine": "fast",
        "seconds": 0.25,
    }
    shortened = json.loads(render(cut, ReportFormat.JSON, language="en"))
    assert shortened["truncated"] is True
    assert shortened["counts"] == content["counts"] == {"violation": 2, "warning": 1, "info": 2}
    assert shortened["omitted"] == {"violation": 1, "warning": 1, "info": 2}
