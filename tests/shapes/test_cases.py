"""Each constraint of each shape, tried on data that breaks it by one statement."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Triple
from rdflib import SH, Graph, URIRef

from econsec.knowledge.interchange import as_graph
from econsec.knowledge.reading import read_document
from econsec.knowledge.reports import Report, Result, spelt

CASES = Path(__file__).resolve().parents[1] / "cases" / "shapes"
PASSING = sorted(CASES.glob("*/pass-*.ttl"))
FAILING = sorted(CASES.glob("*/fail-*.ttl"))
EXPECTS = re.compile(r"^# Expects (\S+) (\S+), path (.+), (violation|warning)\.$", re.MULTILINE)

Judge = Callable[[Path, str], Report]


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


def triples(case: Path) -> set[Triple]:
    quads = read_document(case).quads()
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}


def expected(case: Path) -> list[tuple[str, str, str, str]]:
    """Shape (or SPARQL constraint), component, path and severity, from the head of the case."""
    found = EXPECTS.findall(case.read_text(encoding="utf-8"))
    return sorted((s, c, "" if path == "none" else path, level) for s, c, path, level in found)


def finding(result: Result) -> tuple[str, str, str, str]:
    return (
        spelt(result.constraint or result.shape),
        spelt(result.component),
        result.path.text if result.path is not None else "",
        result.severity.value,
    )


@pytest.mark.parametrize("case", PASSING, ids=name)
def test_conforming_data_are_looked_at_and_pass(case: Path, judge: Judge) -> None:
    report = judge(case, case.parent.name)
    assert [finding(result) for result in report.results] == []
    assert [audit.focus_nodes > 0 for audit in report.audit] == [True]


@pytest.mark.parametrize("case", FAILING, ids=name)
def test_one_statement_breaks_one_constraint(case: Path, judge: Judge) -> None:
    results = judge(case, case.parent.name).results
    assert sorted(finding(result) for result in results) == expected(case) != []
    for result in results:
        for said in (result.messages, result.name, result.description):
            assert set(said) == {"en", "ja"}


@pytest.mark.parametrize("case", FAILING, ids=name)
def test_a_failing_case_is_a_passing_one_with_one_statement_changed(case: Path) -> None:
    failing = triples(case)
    distances = [
        (len(passing - failing), len(failing - passing))
        for passing in map(triples, case.parent.glob("pass-*.ttl"))
    ]
    assert {(0, 1), (1, 0), (1, 1)} & set(distances), distances


def test_every_shape_with_targets_has_cases(shape_files: dict[str, list[Quad]]) -> None:
    targeted = set(shape_files)
    assert {case.parent.name for case in PASSING if case.stem == "pass-minimal"} == targeted
    assert {case.parent.name for case in FAILING} == targeted


def test_every_constraint_has_a_failing_case(shapes: list[Quad]) -> None:
    tried = {(shape, component) for case in FAILING for shape, component, _, _ in expected(case)}
    assert sorted(tried ^ set(constraints(as_graph(shapes)))) == []


PARAMETERS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
    SH.datatype: "Datatype",
    SH.pattern: "Pattern",
    SH.languageIn: "LanguageIn",
    SH["in"]: "In",
    SH["or"]: "Or",
    SH["not"]: "Not",
    SH.hasValue: "HasValue",
    SH.node: "Node",
    SH.minInclusive: "MinInclusive",
    SH.minExclusive: "MinExclusive",
    SH.nodeKind: "NodeKind",
    SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals",
}
"""The constraint parameters that the shapes use, and what their components are called."""


def constraints(shapes: Graph) -> Counter[tuple[str, str]]:
    """Every constraint of a named shape that a result can name as its source."""
    found: Counter[tuple[str, str]] = Counter()
    for shape, predicate in shapes.subject_predicates():
        if isinstance(shape, URIRef) and predicate in PARAMETERS:
            component = f"sh:{PARAMETERS[predicate]}ConstraintComponent"
            found[spelt(NamedNode(shape)), component] += 1
    for constraint in shapes.objects(predicate=SH.sparql):
        found[spelt(NamedNode(str(constraint))), "sh:SPARQLConstraintComponent"] += 1
    return found
