"""The record of a validation."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.knowledge.reports import (
    Finding,
    Place,
    Report,
    Severity,
    language_in,
    said_in,
    spelt,
)
from econsec.rdf.namespaces import ESH, PREFIXES, SH


def test_only_violations_break_conformity(report: Report, clean: Report) -> None:
    assert not report.conforms
    assert Report(report.results[2:], report.audit).conforms
    assert clean.conforms
    assert report.counts() == {Severity.VIOLATION: 2, Severity.WARNING: 1, Severity.INFO: 2}


def test_a_limit_leaves_the_verdict_and_the_counts(report: Report) -> None:
    assert not report.is_truncated
    nothing = report.limited(0)
    assert nothing.results == () and nothing.is_truncated
    assert nothing.counts() == report.counts()
    assert not nothing.conforms
    assert report.limited(2).limited(1).counts() == report.counts()
    assert report.limited(5) == report


def test_a_severity_is_the_least_that_is_kept(report: Report) -> None:
    assert len(report.at_least(Severity.INFO).results) == 5
    assert len(report.at_least(Severity.WARNING).results) == 3
    cut = report.limited(0).at_least(Severity.VIOLATION)
    assert cut.counts() == {Severity.VIOLATION: 2}


def test_unknown_severities_count_as_violations() -> None:
    assert Severity.of(SH + "Warning") is Severity.WARNING
    assert Severity.of(SH + "Info") is Severity.INFO
    assert Severity.of("https://example.org/Disaster") is Severity.VIOLATION
    assert [s.iri for s in Severity] == [SH("Violation"), SH("Warning"), SH("Info")]


def test_findings_go_by_their_iris() -> None:
    assert Finding.of(ESH("not-in-force").value) is Finding.NOT_IN_FORCE
    assert Finding.of(ESH("other").value) is None


def test_texts_fall_back_to_english_and_then_to_any() -> None:
    cases = [
        ({"en": "a", "ja": "b"}, "ja", "b"),
        ({"en": "a", "": "c"}, "en", "a"),
        ({"": "c", "fr": "d"}, "", "c"),
        ({"fr": "d"}, "fr", "d"),
        ({}, "", ""),
    ]
    for texts, tag, text in cases:
        assert (language_in(texts, "ja"), said_in(texts, "ja")) == (tag, text)


def test_terms_are_spelt_as_in_turtle() -> None:
    assert spelt(NamedNode(PREFIXES["amount"] + "magnets")) == "amount:magnets"
    assert spelt(NamedNode("https://example.org/a")) == "<https://example.org/a>"
    assert spelt(BlankNode("b1")) == "_:b1"
    assert spelt(Literal("磁石", language="ja")) == '"磁石"@ja'
    assert spelt(None) == ""


def test_a_place_is_written_as_editors_read_it() -> None:
    assert str(Place("a.ttl", 12)) == "a.ttl:12"
    assert str(Place("a.ttl")) == "a.ttl"


def test_what_raised_a_result_is_its_constraint_or_its_shape(report: Report) -> None:
    sources = [spelt(result.source) for result in report.results[:3]]
    assert sources == ["esh:external-dependency-met", "_:b1", "esh:product-first-order"]
