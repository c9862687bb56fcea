"""The shapes, the cases they are tried on, and a way to judge a case by one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store
from rdflib import Graph

from econsec.knowledge.conformance import Described, load_shapes
from econsec.knowledge.interchange import as_graph
from econsec.knowledge.manifest import INFERRED, ONTOLOGY
from econsec.knowledge.merge import merge
from econsec.knowledge.profiles import select
from econsec.knowledge.reading import read_document
from econsec.knowledge.reasoning import materialise
from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import validate
from econsec.rdf.namespaces import ESH, SH

HEADER = "shapes/profiles.ttl"
TARGETS = {SH(f"target{kind}") for kind in ("Class", "Node", "ObjectsOf", "SubjectsOf")}
CASE = NamedNode("urn:x-test:case")
SCHEMA = NamedNode("urn:x-test:schema")

Judge = Callable[[Path, str], Report]


@pytest.fixture(scope="session")
def shapes(root: Path) -> list[Quad]:
    """Every shape of the project."""
    return load_shapes(root / "shapes", profile="all")


@pytest.fixture(scope="session")
def ontology(root: Path) -> list[Quad]:
    """The ontology and the code lists, with what follows from them alone."""
    asserted = [
        quad
        for file in sorted((root / "ontology").rglob("*.ttl"))
        for quad in read_document(file).quads(graph=ONTOLOGY)
    ]
    store = Store()
    store.extend(asserted)
    merge(store, (ONTOLOGY,))
    materialise(store, tbox=ONTOLOGY, into=SCHEMA)
    return [*asserted, *store.quads_for_pattern(None, None, None, SCHEMA)]


@pytest.fixture(scope="session")
def background(ontology: list[Quad]) -> Graph:
    """The same for pySHACL."""
    return as_graph(ontology)


@pytest.fixture(scope="session")
def saturated(ontology: list[Quad]) -> Callable[[Path], Store]:
    """A case with the ontology, and all that follows from the two."""

    def saturated(case: Path) -> Store:
        store = Store()
        store.extend(ontology)
        store.extend(read_document(case).quads(graph=CASE))
        merge(store, (ONTOLOGY, SCHEMA, CASE))
        materialise(store, tbox=ONTOLOGY, into=INFERRED)
        return store

    return saturated


@pytest.fixture(scope="session")
def shape_files(root: Path) -> dict[str, Graph]:
    """Each shape with targets, alone in a graph with the other shapes of its file."""
    return {
        quad.subject.value.removeprefix(ESH): as_graph(select(own, frozenset({quad.subject})))
        for file in sorted((root / "shapes").glob("*.ttl"))
        for own in [load_shapes(root / "shapes", profile=None, files=[file, root / HEADER])]
        for quad in own
        if isinstance(quad.subject, NamedNode) and quad.predicate in TARGETS
    }


@pytest.fixture
def judge(
    shape_files: dict[str, Graph], background: Graph, saturated: Callable[[Path], Store]
) -> Iterator[Judge]:
    """Hold a case against one shape, reporting only what is about the case."""
    added = Graph()

    def judge(case: Path, shape: str) -> Report:
        nonlocal added
        own = list(read_document(case).quads())
        inferred = saturated(case).quads_for_pattern(None, None, None, INFERRED)
        added = as_graph([*own, *inferred]) - background
        background.__iadd__(added)
        return validate(background, shapes=shape_files[shape], scope=Described.by(own))

    yield judge
    background.__isub__(added)
