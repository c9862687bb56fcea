"""The materialised merge: each triple of the merged graphs once."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from econsec.knowledge.manifest import INFERRED, VOID_GRAPH
from econsec.knowledge.merge import (
    graph_sizes,
    merge,
    mergeable_graphs,
    triples_in_default_graph,
)

EX = "https://example.org/"
ONE, TWO, NOTES, EMPTY = (NamedNode(EX + name) for name in ("one", "two", "notes", "empty"))
COUNT = f"SELECT (COUNT(?cost) AS ?n) (SUM(?cost) AS ?sum) WHERE {{ ?s <{EX}cost> ?cost }}"
ES = "https://w3id.org/econsec/ontology#"


@pytest.fixture(autouse=True, params=[200_000, 1], ids=["by updates", "in blocks"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small graphs are merged by updates, and large ones in blocks: no test can tell."""
    monkeypatch.setattr("econsec.knowledge.merge._LARGE", request.param)
    monkeypatch.setattr("econsec.knowledge.merge._AT_ONCE", 2)


@pytest.fixture
def store() -> Store:
    store = Store()
    store.update(
        f"""
        PREFIX ex: <{EX}>
        PREFIX es: <{ES}>
        INSERT DATA {{
          GRAPH ex:one {{ ex:a ex:cost 10 . ex:b ex:cost 5 . _:x ex:cost 1 . }}
          GRAPH ex:two {{ ex:a ex:cost 10 . _:x ex:name "x" . }}
          GRAPH ex:notes {{ ex:a ex:cost 99 . }}
          GRAPH {VOID_GRAPH} {{
            ex:one es:graphRole es:MergedGraph .
            ex:notes es:graphRole es:NamedOnlyGraph .
            {INFERRED} es:graphRole es:GeneratedGraph .
          }}
          GRAPH {INFERRED} {{ ex:a a ex:Thing }}
        }}
        """
    )
    store.add_graph(EMPTY)
    return store


def sums(store: Store, **options: object) -> tuple[str, ...]:
    (row,) = store.query(COUNT, **options)
    return row["n"].value, row["sum"].value


def test_a_triple_of_two_graphs_counts_once(store: Store) -> None:
    assert merge(store, [ONE, TWO]) == 4
    assert sums(store) == ("3", "16")


def test_the_engines_own_union_counts_it_twice(store: Store) -> None:
    """The reason for the merge; should the engine change, this says so."""
    assert sums(store, default_graph=[ONE, TWO]) == ("4", "26")


def test_the_default_graph_is_replaced(store: Store) -> None:
    store.add(Quad(ONE, ONE, ONE))
    merge(store, [ONE, TWO])
    merge(store, [TWO])
    found = store.quads_for_pattern(None, None, None, DefaultGraph())
    expected = store.quads_for_pattern(None, None, None, TWO)
    assert {quad.triple for quad in found} == {quad.triple for quad in expected}


def test_blank_nodes_stay_the_same_in_the_merge(store: Store) -> None:
    merge(store, [ONE, TWO])
    joined = store.query(f"ASK {{ ?x <{EX}cost> 1 ; <{EX}name> 'x' }}")
    assert bool(joined)


def test_graphs_that_are_not_there_add_nothing(store: Store) -> None:
    assert merge(store, [ONE, NamedNode(EX + "absent")]) == 3
    assert merge(store, []) == 0


def test_what_the_manifest_keeps_apart_is_not_merged(store: Store) -> None:
    # ex:two and ex:empty are not in the manifest, and are seen all the same.
    assert mergeable_graphs(store) == (EMPTY, ONE, TWO)


def test_sizes(store: Store) -> None:
    assert graph_sizes(store) == {
        EMPTY: 0,
        NOTES: 1,
        ONE: 3,
        TWO: 2,
        INFERRED: 1,
        VOID_GRAPH: 3,
    }
    assert triples_in_default_graph(store) == 0
