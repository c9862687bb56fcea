"""The W3C's own tests of SHACL Core and SHACL-SPARQL, run through our validator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import parse
from rdflib import RDF, SH, Graph, Namespace, URIRef
from rdflib.term import Node

from econsec.errors import EconSecError
from econsec.knowledge.interchange import as_graph, to_rdflib
from econsec.knowledge.reports import Report, Result, Term
from econsec.knowledge.shapes import Engine, validate

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

DEVIATIONS = {
    "qualifiedValueShape-001": "the file uses sh:nodeShape, which is no term: that is refused",
    "severity-002": "a severity of one's own is reported as the violation it counts as",
    "shapesGraph-001": "neither engine binds $shapesGraph, which is optional",
    "validator-001": "the file imports the DASH vocabulary, which is not here: that is refused",
}
"""The same on both engines."""

BY_THE_REFERENCE = {
    "minInclusive-002": "times of which only some have a zone",
    "minInclusive-003": "times of which only some have a zone",
    "nodeValidator-001": "a constraint component of one's own",
    "optional-001": "a constraint component of one's own",
    "or-datatypes-001": "rdf:HTML is a datatype with a text of its own kind",
    "propertyValidator-select-001": "a constraint component of one's own",
    "qualified-001": "a qualified shape where there is no path",
}
"""What the fast engines do not take on."""


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    results: Counter[tuple[object, ...]] | None
    """`None` where a processor is to refuse the shapes."""


def load(path: Path) -> Graph:
    return as_graph(parse(path=str(path), base_iri=path.resolve().as_uri()))


def cases(folder: Path) -> Iterator[Case]:
    for file in sorted(folder.rglob("*.ttl")):
        if file.name == "manifest.ttl":
            continue
        graph = load(file)
        for test in graph.subjects(RDF.type, SHT.Validate):
            action, outcome = graph.value(test, MF.action), graph.value(test, MF.result)
            yield Case(
                name=file.stem,
                data=local(graph.value(action, SHT.dataGraph)),
                shapes=local(graph.value(action, SHT.shapesGraph)),
                results=None if outcome == SHT.Failure else Counter(expected(graph, outcome)),
            )


def local(iri: Node | None) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def expected(graph: Graph, report: Node | None) -> Iterator[tuple[object, ...]]:
    for result in graph.objects(report, SH.result):
        value = graph.value(result, SH.value)
        path = graph.value(result, SH.resultPath)
        yield (
            node(graph.value(result, SH.focusNode)),
            None if value is None else node(value),
            str(graph.value(result, SH.sourceConstraintComponent)),
            str(graph.value(result, SH.resultSeverity)),
            None if path is None else node(path),
        )


def found(result: Result) -> tuple[object, ...]:
    def named(term: Term | None) -> object:
        return None if term is None else node(to_rdflib(term))

    path = None if result.path is None else result.path.node
    component, severity = result.component.value, result.severity.iri.value
    return named(result.focus), named(result.value), component, severity, named(path)


def node(term: Node | None) -> str:
    """A term as text; blank nodes differ from graph to graph."""
    return term.n3() if isinstance(term, URIRef) or hasattr(term, "datatype") else "_:"


def judged(case: Case, engine: Engine) -> Report:
    data, shapes = (
        parse(path=str(path), base_iri=path.resolve().as_uri()) for path in (case.data, case.shapes)
    )
    return validate(data, shapes=shapes, engine=engine)


def outcome(case: Case, engine: Engine) -> Counter[tuple[object, ...]] | None:
    try:
        return Counter(map(found, judged(case, engine).results))
    except EconSecError:
        return None


@pytest.fixture(scope="session")
def tests(test_data: Path) -> list[Case]:
    return list(cases(test_data / "w3c" / "shacl" / "tests"))


@pytest.mark.filterwarnings("ignore::pyshacl.errors.ConstraintLoadWarning")
@pytest.mark.parametrize("engine", Engine)
def test_w3c(tests: list[Case], engine: Engine) -> None:
    failed = {case.name for case in tests if outcome(case, engine) != case.results}
    assert len(tests) >= 120
    assert failed == set(DEVIATIONS)


def test_what_the_fast_engines_leave_to_the_reference(tests: list[Case]) -> None:
    left = {
        case.name
        for case in tests
        if case.results is not None and case.name not in DEVIATIONS
        if any(audit.engine == "pyshacl" for audit in judged(case, Engine.FAST).audit)
    }
    assert left == set(BY_THE_REFERENCE)
