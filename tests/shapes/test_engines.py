"""Both engines find the same in every case of every shape, SPARQL constraints above all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from econsec.knowledge.conformance import Described
from econsec.knowledge.graph_texts import texts_of_quads
from econsec.knowledge.reading import read_document
from econsec.knowledge.reports import Report, Result
from econsec.knowledge.shapes import Engine, validate
from econsec.knowledge.shapes.capability import plan
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.knowledge.shapes.targets import shapes_with_targets
from econsec.knowledge.shapes.trees import grow
from econsec.rdf.namespaces import ESH, RDF, RDFS, SH

CASES = Path(__file__).resolve().parents[1] / "cases" / "shapes"
ALL = sorted(CASES.glob("*/*.ttl"))
HIERARCHY = {RDFS("subClassOf"), RDF("type"), RDFS("isDefinedBy")}


@pytest.fixture(scope="session")
def classes(ontology: list[Quad]) -> list[Quad]:
    """Of the ontology only what says what is a kind of what: enough to find focus nodes by."""
    return [quad for quad in ontology if quad.predicate in HIERARCHY]


@pytest.fixture(scope="session")
def compared(
    shape_files: dict[str, list[Quad]],
    classes: list[Quad],
    inferred: Callable[[list[Quad]], list[Quad]],
) -> Callable[[Path], tuple[Report, Report]]:
    """What each engine reports of a case."""

    def compared(case: Path) -> tuple[Report, Report]:
        own = list(read_document(case).quads())
        data, scope = [*classes, *own, *inferred(own)], Described(texts_of_quads(own))
        shapes = shape_files[case.parent.name]
        fast, reference = (
            validate(data, shapes=shapes, engine=engine, scope=scope) for engine in Engine
        )
        return fast, reference

    return compared


def key(result: Result) -> tuple[object, ...]:
    """All that a result says; messages of sums may write a number in another way."""
    path = result.path.text if result.path is not None else None
    return (
        result.focus,
        result.value,
        path,
        result.shape,
        result.root,
        result.constraint,
        result.component,
        result.severity,
        tuple(result.messages),
        tuple(result.name.items()),
        tuple(result.description.items()),
        result.finding,
        tuple(basis.iri for basis in result.basis),
        tuple(result.label.items()),
    )


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_both_engines_find_the_same(
    case: Path, compared: Callable[[Path], tuple[Report, Report]]
) -> None:
    fast, reference = compared(case)
    assert Counter(map(key, fast.results)) == Counter(map(key, reference.results))
    assert [(a.shape, a.focus_nodes, a.results) for a in fast.audit] == [
        (a.shape, a.focus_nodes, a.results) for a in reference.audit
    ]
    assert {audit.engine for audit in reference.audit} == {"pyshacl"}
    assert {audit.engine for audit in fast.audit} <= {"shacl", "shacl + sparql"}


def test_every_shape_with_a_sparql_constraint_is_compared(shapes: list[Quad]) -> None:
    """A constraint on a shape of another's has its cases where the targets are."""
    parts = {q.object: q.subject for q in shapes if q.predicate == SH("property")}
    holders = {quad.subject for quad in shapes if quad.predicate == SH("sparql")}
    named = {parts.get(holder, holder) for holder in holders}
    tried = {ESH(case.parent.name) for case in ALL if case.stem.startswith("fail-")}
    assert {holder for holder in named if isinstance(holder, NamedNode)} <= tried


def test_the_fast_engines_judge_every_shape_of_ours(
    shapes: list[Quad], classes: list[Quad]
) -> None:
    graph, data = ShapesGraph(shapes), Data(classes)
    trees = [grow(graph, root) for root in shapes_with_targets(graph)]
    plans = [plan(graph, tree, data, focus=[ESH("a-node")]) for tree in trees]
    assert [tree.root for tree, made in zip(trees, plans, strict=True) if made is None] == []
    queries = {made.tree.root for made in plans if made is not None and made.constraints}
    assert {q.subject for q in shapes if q.predicate == SH("sparql")} & {
        tree.root for tree in trees
    } <= queries
