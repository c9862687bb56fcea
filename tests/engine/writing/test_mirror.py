"""The mirror leaves what a rebuild from nothing would leave, however small the change was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from econsec.engine.writing.mirror import Mirror, bring_up
from econsec.knowledge.build import Inconsistent, build
from econsec.knowledge.manifest import Manifest
from econsec.rdf.namespaces import RDF

EX = "https://example.org/"
KINDS = ("Seaport", "Port", "Thing")


@pytest.fixture
def store(root: Path, tmp_path: Path) -> Store:
    """A small data set with an ontology of ports, on disk."""
    store = Store(str(tmp_path / "store"))
    built = build(Manifest.read(root / "tests" / "cases" / "dataset" / "manifest.ttl"))
    store.bulk_extend(built.store)
    return store


def term(name: str) -> NamedNode:
    return NamedNode(EX + name)


def statements() -> Iterator[Quad]:
    """Statements in three graphs, some of them in several, some about blank nodes."""
    for graph in ("one", "two", "three"):
        for number in range(6):
            thing = BlankNode(f"b{number}") if number % 3 == 0 else term(f"thing{number}")
            yield Quad(thing, RDF("type"), term(KINDS[number % 3]), term(graph))
            yield Quad(thing, term("says"), Literal('a "quoted"\nline', language="en"), term(graph))


def test_changes_one_after_the_other(store: Store) -> None:
    randomly, mirror, everything = random.Random(4), Mirror(), [*statements()]
    mirror.bring_up(store, None)
    for _ in range(25):
        changed = randomly.sample(everything, 3)
        for quad in changed:
            (store.remove if quad in store else store.add)(quad)
        graphs = {quad.graph_name.value for quad in changed}
        if randomly.random() < 0.2:
            store.remove_graph(term("two"))
            graphs.add(f"{EX}two")
        mirror.bring_up(store, graphs)
        anew = Store()
        anew.extend(store)
        bring_up(anew)
        assert set(store) == set(anew)


def test_a_contradiction_leaves_the_store_as_it_was(store: Store) -> None:
    mirror = Mirror()
    mirror.bring_up(store, None)
    culprit = Quad(term("kobe"), RDF("type"), term("Airport"), term("one"))
    store.add(culprit)
    before = set(store)
    with pytest.raises(Inconsistent):
        mirror.bring_up(store, {f"{EX}one"})
    assert set(store) == before
    store.remove(culprit)
    mirror.bring_up(store, {f"{EX}one"})
    assert Quad(term("kobe"), RDF("type"), term("Port")) in store
