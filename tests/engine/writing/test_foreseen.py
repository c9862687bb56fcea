"""What a write has changed is known from its text, as if the graphs were compared."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode
from writes import EX, PREFIX, G, put, update

from econsec.engine.writing.applying import apply
from econsec.engine.writing.changes import Snapshot
from econsec.engine.writing.foreseen import Foreseen

OTHER = f"{EX}other"
TRIPLES = "ex:a ex:p 1.50 , 'x'@EN . ex:b ex:p ex:a"


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.update(f"{PREFIX} INSERT DATA {{ GRAPH <{G}> {{ ex:a ex:p 1.5 , 2 . ex:c ex:p 3 }} }}")
    return store


def changes(store: ox.Store, write) -> None:
    """Both ways to see a change see the same, and can take it back."""
    before, quads, graphs = Foreseen.of(store, write), set(store), set(store.named_graphs())
    assert before is not None
    snapshot = Snapshot.of(store, None, with_default=True)
    apply(store, write, tag="", max_merge=1_000)
    found, expected = before.changes(store), snapshot.changes(store)
    assert set(found.added) == set(expected.added)
    assert set(found.removed) == set(expected.removed)
    assert (found.made, found.dropped) == (expected.made, expected.dropped)
    found.undo(store)
    assert (set(store), set(store.named_graphs())) == (quads, graphs)


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{G}> {{ {TRIPLES} }} }}",
        f"insert\n data {{ ex:x ex:y '{{ DELETE DATA' GRAPH <{OTHER}> {{ {TRIPLES} }} }}",
        f"DELETE DATA {{ GRAPH <{G}> {{ {TRIPLES} }} }}",
        f"DELETE DATA {{ GRAPH <{G}> {{ ex:c ex:p 3 }} }} ; # DELETE\n"
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:c ex:p 4 }} }} ;",
        f"INSERT DATA {{ GRAPH <{OTHER}> {{ ex:c ex:p 3 }} }} ; "
        f"DELETE DATA {{ GRAPH <{OTHER}> {{ ex:c ex:p 3 }} GRAPH <{G}> {{ ex:c ex:p 3 }} }}",
        f"BASE <{EX}> INSERT DATA {{ GRAPH <g> {{ <a> a <A> }} }}",
        f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p 2 }} }}",
        f"INSERT {{ GRAPH <{OTHER}> {{ ?s ex:p 1.50 }} }} WHERE {{ GRAPH <{G}> {{ ?s ?p ?o }} }}",
    ],
)
def test_of_an_update(store: ox.Store, text: str) -> None:
    changes(store, update(text, G, OTHER, None))


@pytest.mark.parametrize("graph", [G, OTHER, None])
@pytest.mark.parametrize("lines", ["", f"<{EX}a> <{EX}p> 'x'@EN .\n<{EX}b> <{EX}p> <{EX}a> .\n"])
def test_of_what_is_added_to_a_graph(
    store: ox.Store, tmp_path: Path, graph: str | None, lines: str
) -> None:
    content = tmp_path / "content.nt"
    content.write_text(lines.replace("'", '"'))
    changes(store, put(content, graph, method="POST"))


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:a ex:p [] }} }}",
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:x ex:p 1 }} }} ; CLEAR GRAPH <{G}>",
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:x ex:p 1 }} }} ; PREFIX e: <x:> "
        f"INSERT DATA {{ GRAPH <{G}> {{ e:x e:p 1 }} }}",
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:x ex:p 1 ",
        f"INSERT DATA {{ GRAPH <{G}> {{ ex:x ex:p 1 }} }} # {'x' * (1 << 20)}",
    ],
    ids=["blank node", "clear", "prologue between", "broken", "long"],
)
def test_of_other_updates_nothing_is_known(store: ox.Store, text: str) -> None:
    before = set(store)
    assert Foreseen.of(store, update(text, G)) is None
    assert set(store) == before


def test_of_other_operations_nothing_is_known(store: ox.Store, tmp_path: Path) -> None:
    content = tmp_path / "content.nt"
    content.write_text(f"_:x <{EX}p> <{EX}a> .\n")
    for method in ("PUT", "POST", "DELETE"):
        assert Foreseen.of(store, put(content, G, method=method)) is None
    assert NamedNode(G) in set(store.named_graphs())
