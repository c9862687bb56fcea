"""What the tests of reasoning share: small graphs with what is expected of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from econsec.rdf.namespaces import Namespace

CASES = Path(__file__).resolve().parents[2] / "cases" / "reasoning"
EX = Namespace("http://example.org/")
TBOX, INFERRED = EX("tbox"), EX("inferred")

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True)
class Case:
    """A file of `tests/cases/reasoning`.

    What stands in no graph is ontology and data at once, `ex:data` is data
    alone, `ex:culprit` the statement without which the rest is in order, and
    `ex:expected` what should come out.
    """

    graphs: dict[NamedNode | DefaultGraph, tuple[Triple, ...]]

    def store(self, *, without_culprit: bool = False) -> Store:
        """The ontology in its graph, and the merge in the default graph."""
        culprit = () if without_culprit else self.graph("culprit")
        shared = (*self.graphs.get(DefaultGraph(), ()), *culprit)
        return filled(ontology=shared, data=(*shared, *self.graph("data")))

    def graph(self, name: str) -> tuple[Triple, ...]:
        return self.graphs.get(EX(name), ())


def filled(*, ontology: Iterable[Triple], data: Iterable[Triple]) -> Store:
    store = Store()
    for graph, triples in ((TBOX, ontology), (DefaultGraph(), data)):
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return store


def names(folder: str) -> list[str]:
    """The cases of a folder, for parameters."""
    return sorted(path.stem for path in (CASES / folder).glob("*.trig"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for argument, folder in (("rule_case", "rules"), ("clash_case", "clashes")):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, names(folder), indirect=True)


@pytest.fixture
def rule_case(request: pytest.FixtureRequest) -> Case:
    """Each case of `rules`: what follows."""
    return read_case(CASES / "rules" / f"{request.param}.trig")


@pytest.fixture
def clash_case(request: pytest.FixtureRequest) -> Case:
    """Each case of `clashes`: what contradicts itself."""
    return read_case(CASES / "clashes" / f"{request.param}.trig")


@pytest.fixture(scope="session")
def case() -> Callable[[str], Case]:
    """Reads a case by its folder and name: `case("clashes/cax-dw")`."""
    return lambda name: read_case(CASES / f"{name}.trig")


@pytest.fixture(scope="session")
def rule_cases() -> dict[str, Case]:
    """All cases of `rules` by their names."""
    return {name: read_case(CASES / "rules" / f"{name}.trig") for name in names("rules")}


@pytest.fixture(scope="session")
def dataset() -> Callable[..., Store]:
    """Makes a store of two Turtle texts, the ontology and the data; prefixes are declared."""

    def make(ontology: str, data: str = "") -> Store:
        axioms, facts = turtle(ontology), turtle(data)
        return filled(ontology=axioms, data=(*axioms, *facts))

    return make


@pytest.fixture(scope="session")
def tbox() -> NamedNode:
    return TBOX


@pytest.fixture(scope="session")
def inferred() -> NamedNode:
    return INFERRED


def turtle(text: str) -> tuple[Triple, ...]:
    quads = parse((PREFIXES + text).encode(), RdfFormat.TURTLE, rename_blank_nodes=True)
    return tuple(quad.triple for quad in quads)


def read_case(path: Path) -> Case:
    graphs: dict[NamedNode | DefaultGraph, list[Triple]] = {}
    for quad in parse(path=path, format=RdfFormat.TRIG):
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    return Case({name: tuple(triples) for name, triples in graphs.items()})
