"""What is kept with a shapes graph is asked for once, and goes with it."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from econsec.errors import InvalidInput
from econsec.knowledge.shapes.core import run_core
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.graph import ShapesGraph
from econsec.knowledge.shapes.memory import kept_with_graph
from econsec.knowledge.shapes.trees import Tree, grow
from econsec.rdf.namespaces import RDF

EX = "https://example.org/"
TYPE, CLASS = RDF("type"), NamedNode(f"{EX}C")


def test_it_is_worked_out_once_for_each_graph_and_question() -> None:
    asked: list[int] = []

    @kept_with_graph()
    def answer(shapes: ShapesGraph, number: int) -> int:
        asked.append(number)
        return number + 1

    one, other = ShapesGraph(()), ShapesGraph(())
    assert [answer(one, 1), answer(one, 1), answer(one, 2), answer(other, 1)] == [2, 2, 3, 2]
    assert asked == [1, 2, 1]


def test_the_latest_are_kept() -> None:
    asked: list[int] = []

    @kept_with_graph(most=2)
    def answer(shapes: ShapesGraph, number: int) -> None:
        asked.append(number)

    shapes = ShapesGraph(())
    for number in (1, 2, 1, 3, 1, 3, 2, 1):
        answer(shapes, number)
    assert asked == [1, 2, 3, 2, 1]


def test_what_is_raised_is_not_kept() -> None:
    outcomes = iter((InvalidInput("no"), 1))

    @kept_with_graph()
    def answer(shapes: ShapesGraph) -> object:
        found = next(outcomes)
        if isinstance(found, Exception):
            raise found
        return found

    shapes = ShapesGraph(())
    with pytest.raises(InvalidInput):
        answer(shapes)
    assert answer(shapes) == 1


def shapes_graph(many: int) -> ShapesGraph:
    """Shapes of which each asks for a value of its own, in a list of shapes and at a path."""
    text = f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . " + " ".join(
        f"ex:s{n} sh:targetClass ex:C ; sh:or ( [ sh:hasValue ex:n{n} ] ) ; "
        f"sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount {n} ] ."
        for n in range(many)
    )
    return ShapesGraph(parse(text, RdfFormat.TURTLE))


def found(shapes: ShapesGraph, trees: list[Tree], aims: dict[Tree, list[NamedNode]] | None):
    nodes = [NamedNode(f"{EX}n{n}") for n in range(3)]
    data = Data(
        (
            *(Triple(node, TYPE, CLASS) for node in nodes),
            *(Triple(node, NamedNode(f"{EX}p"), nodes[1]) for node in nodes),
        )
    )
    results = run_core(data, shapes=shapes, trees=trees, aims=aims)
    return {(each.root, each.shape, each.focus, each.component) for each in results}


def test_the_engine_is_asked_alike_whichever_shapes_it_was_asked_about_before() -> None:
    """A selection of shapes comes again and again, about given nodes or what they aim at."""
    known = shapes_graph(5)
    trees = [grow(known, NamedNode(f"{EX}s{n}")) for n in range(5)]
    selections = [[trees[n] for n in range(5) if mask >> n & 1] for mask in range(1, 32)]
    for selection in (*selections, *reversed(selections)):
        fresh = ShapesGraph(known)
        given = {tree: [NamedNode(f"{EX}n1")] for tree in selection}
        for aims in (None, given):
            results = found(known, selection, aims)
            assert results == found(fresh, selection, aims)
            assert {root for root, *_ in results} == {tree.root for tree in selection}
            if aims is not None:
                assert {focus for *_, focus, _ in results} == {NamedNode(f"{EX}n1")}


def test_what_is_kept_goes_with_the_graph() -> None:
    shapes = shapes_graph(1)
    tree = grow(shapes, NamedNode(f"{EX}s0"))
    assert found(shapes, [tree], None)
    watched = ref(shapes)
    del shapes
    gc.collect()
    assert watched() is None
