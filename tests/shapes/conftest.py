"""The shapes, the cases they are tried on, and a way to judge a case by one shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import NamedNode, Quad, Store

from econsec.knowledge.conformance import Described, load_shapes
from econsec.knowledge.graph_texts import texts_of_quads
from econsec.knowledge.manifest import INFERRED, ONTOLOGY
from econsec.knowledge.merge import merge
from econsec.knowledge.reading import read_document
from econsec.knowledge.reasoning import materialise
from econsec.knowledge.reports import Report
from econsec.knowledge.shapes import Engine, validate
from econsec.knowledge.shapes.profiles import select
from econsec.rdf.namespaces import ESH, SH

HEADER = "shapes/profiles.ttl"
TARGETS = {SH(f"target{kind}") for kind in ("Class", "Node", "ObjectsOf", "SubjectsOf")}
CASE = NamedNode("urn:x-test:case")
SCHEMA = NamedNode("urn:x-test:schema")


class Judge(Protocol):
    """Holds a case against one shape, reporting only what is about the case."""

    def __call__(self, case: Path, shape: str, *, engine: Engine = ...) -> Report: ...


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
def inferred(ontology: list[Quad]) -> Callable[[list[Quad]], list[Quad]]:
    """What follows from a case and the ontology together."""

    def inferred(case: list[Quad]) -> list[Quad]:
        store = Store()
        store.extend(ontology)
        store.extend(Quad(q.subject, q.predicate, q.object, CASE) for q in case)
        merge(store, (ONTOLOGY, SCHEMA, CASE))
        materialise(store, tbox=ONTOLOGY, into=INFERRED)
        return list(store.quads_for_pattern(None, None, None, INFERRED))

    return inferred


@pytest.fixture(scope="session")
def shape_files(root: Path) -> dict[str, list[Quad]]:
    """Each shape with targets, alone in a graph with the other shapes of its file."""
    return {
        quad.subject.value.removeprefix(ESH): select(own, frozenset({quad.subject}))
        for file in sorted((root / "shapes").glob("*.ttl"))
        for own in [load_shapes(root / "shapes", profile=None, files=[file, root / HEADER])]
        for quad in own
        if isinstance(quad.subject, NamedNode) and quad.predicate in TARGETS
    }


@pytest.fixture(scope="session")
def judge(
    shape_files: dict[str, list[Quad]],
    ontology: list[Quad],
    inferred: Callable[[list[Quad]], list[Quad]],
) -> Judge:
    """Hold a case against one shape, reporting only what is about the case."""

    def judge(case: Path, shape: str, *, engine: Engine = Engine.FAST) -> Report:
        own = list(read_document(case).quads())
        return validate(
            [*ontology, *own, *inferred(own)],
            shapes=shape_files[shape],
            engine=engine,
            scope=Described(texts_of_quads(own)),
        )

    return judge
