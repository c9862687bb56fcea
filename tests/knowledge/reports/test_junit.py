"""The report as JUnit XML, read back."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from econsec.knowledge.reports import Report
from econsec.knowledge.reports.junit import as_junit


def suite_of(report: Report, language: str = "en") -> Element:
    root = ElementTree.fromstring(as_junit(report, language=language))
    assert root.tag == "testsuites"
    (suite,) = root
    return suite


def case(suite: Element, classname: str) -> Element:
    (found,) = (each for each in suite.iter("testcase") if each.get("classname") == classname)
    return found


def outcome(element: Element) -> set[str]:
    return {child.tag for child in element} - {"properties"}


def test_a_shape_is_a_case_and_its_violations_one_failure(report: Report) -> None:
    product = case(suite_of(report), "esh:SpecifiedCriticalProductDesignationShape")
    assert (product.get("name"), product.get("time")) == ("product", "0.250")
    assert outcome(product) == {"failure"}
    failure = product.find("failure")
    assert failure is not None and failure.text is not None
    assert failure.get("message") == "violations: 2"
    assert "violation: Criterion not met: external dependency." in failure.text
    assert "place: cases/magnets and more.ttl:12" in failure.text
    assert (
        "law: Economic Security Promotion Act, Article 7 (in force from 2022-08-01)" in failure.text
    )
    assert "fix: Correct the assessment." in failure.text
    properties = {p.get("name"): p.get("value") for p in product.iter("property")}
    assert properties == {"focusNodes": "2", "results": "2", "engine": "fast"}


def test_warnings_do_not_fail_a_case(report: Report) -> None:
    early = case(suite_of(report), "esh:FirstOrderShape")
    assert outcome(early) == {"system-out"}
    assert "The provision was not in force." in "".join(early.itertext())


def test_a_shape_without_focus_nodes_is_skipped(report: Report) -> None:
    assert outcome(case(suite_of(report), "esh:TradeBanShape")) == {"skipped"}


def test_results_that_no_audit_accounts_for_have_cases_of_their_own(report: Report) -> None:
    suite = suite_of(report)
    assert "no language" in "".join(case(suite, "<javascript:alert(1)>").itertext())
    stray = replace(report.results[0], root=None)
    alone = suite_of(Report((stray,), report.audit))
    assert outcome(case(alone, "esh:external-dependency-met")) == {"failure"}
    assert alone.get("failures") == "1"


def test_the_counts_are_those_of_the_cases(report: Report) -> None:
    suite = suite_of(report)
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert suite.get("time") == "1.500"


def test_a_clean_report_has_no_failure(clean: Report) -> None:
    suite = suite_of(clean)
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "1")


@pytest.mark.parametrize(("severities", "tag"), [((0, 1), "failure"), ((0, 2), "skipped")])
def test_what_was_left_out_is_a_case(report: Report, severities: tuple[int, int], tag: str) -> None:
    """It fails for violations only: what is not shown may not pass."""
    results = tuple(report.results[place] for place in severities)
    suite = suite_of(Report(results, report.audit).limited(1))
    (omission,) = (c for c in suite.iter("testcase") if c.get("classname") == "econsec validate")
    (element,) = omission
    assert element.tag == tag
    assert "1 of 2 results" in str(element.get("message"))


def test_what_xml_forbids_is_replaced(report: Report) -> None:
    text = "".join(suite_of(report, "ja").itertext())
    assert "next\ufffd\ufffd[31m line" in text
    assert "<img src=x onerror=alert(1)>" not in text  # the Japanese label is shown
    assert "=1+1 ]]> " in text
