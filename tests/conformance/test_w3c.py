"""The W3C's suites: nothing fails but what is known to, and the page says what holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse
from w3c.earl import report
from w3c.outcome import Verdict
from w3c.page import page
from w3c.prose import errata
from w3c.run import Known, Run
from w3c.suites import SPECIFICATIONS

EARL = "http://www.w3.org/ns/earl#"


def expected(known: tuple[Known, ...]) -> list[str]:
    return [key for group in known for key in group.tests]


def test_nothing_fails_that_is_not_known_to(outcome: Run, known: tuple[Known, ...]) -> None:
    failures = outcome.failures()
    assert {key: failures[key] for key in failures.keys() - expected(known)} == {}


def test_every_known_failure_still_fails(outcome: Run, known: tuple[Known, ...]) -> None:
    assert set(expected(known)) - outcome.failures().keys() == set()


def test_no_failure_has_two_reasons(known: tuple[Known, ...]) -> None:
    assert [key for key, times in Counter(expected(known)).items() if times > 1] == []


def test_the_page_is_what_the_run_gives(outcome: Run, known: tuple[Known, ...], root: Path) -> None:
    written = (root / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert written == page(outcome, known), "run make conformance"


def test_every_manifest_with_entries_is_read(suites: Path) -> None:
    listed = {
        specification.folder(suites) / suite.folder / suite.manifest
        for specification in SPECIFICATIONS
        for suite in specification.suites
    }
    found = {
        path
        for version in ("sparql11", "sparql12")
        for path in (suites / version).rglob("manifest*.ttl")
        if "mf:entries" in path.read_text(encoding="utf-8")
    }
    assert listed == found


def test_every_entry_is_counted_once(outcome: Run) -> None:
    keys = Counter(result.test.iri for result in outcome.results)
    assert len(keys) == len(outcome.results) == 913


def test_only_these_reasons_keep_a_test_from_being_run(outcome: Run) -> None:
    reasons = Counter(
        result.outcome.detail
        for result in outcome.results
        if result.outcome.verdict is Verdict.NOT_OFFERED and result.test.suite.not_offered is None
    )
    assert reasons == {
        "SERVICE is refused": 10,
        "LOAD is refused: nothing is fetched": 2,
    }


def test_every_erratum_is_of_a_test_that_is_run(outcome: Run) -> None:
    keys = {result.test.key for result in outcome.results}
    assert {erratum.test for erratum in errata()} <= keys


def test_the_earl_report_tells_the_outcome_of_each_test(outcome: Run) -> None:
    triples = list(parse(report(outcome), format=RdfFormat.TURTLE))
    tests = {t.object.value for t in triples if t.predicate == NamedNode(EARL + "test")}
    outcomes = Counter(
        t.object.value.removeprefix(EARL)
        for t in triples
        if t.predicate == NamedNode(EARL + "outcome")
    )
    assert tests == {result.test.iri for result in outcome.results}
    assert outcomes == Counter(result.outcome.verdict for result in outcome.results)
