"""From the files of a manifest to a data set."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from econsec.errors import InvalidInput
from econsec.knowledge import reasoning
from econsec.knowledge.build import Built, Inconsistent, build
from econsec.knowledge.dump import dump
from econsec.knowledge.manifest import INFERRED, VOID_GRAPH, Manifest
from econsec.knowledge.reasoning import Clash, Materialisation
from econsec.rdf.formats import JSON_LD, N_QUADS, TRIG, Format

EX = "https://example.org/"
ONE, TWO, NOTES = (
    NamedNode(f"{EX}graph/{name}") for name in ("section/one", "section/two", "notes")
)


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    shutil.copytree(root / "tests" / "cases" / "dataset", folder)
    return folder


def built(folder: Path, *, infer: bool = True) -> Built:
    return build(Manifest.read(folder / "manifest.ttl"), infer=infer)


def ask(store: Store, text: str) -> bool:
    return bool(store.query(text, prefixes={"ex": EX}))


def test_each_file_stands_in_its_graph(folder: Path) -> None:
    counts = {count.entry.iri: count.triples for count in built(folder).graphs}
    assert (counts[ONE], counts[TWO], counts[NOTES]) == (5, 4, 1)
    assert counts[VOID_GRAPH] > 20


def test_a_statement_of_two_sections_counts_once(folder: Path) -> None:
    store = built(folder).store
    (row,) = store.query(
        "SELECT (SUM(?n) AS ?sum) WHERE { ?port ex:cranes ?n }", prefixes={"ex": EX}
    )
    assert row["sum"].value == "12"
    assert ask(
        store,
        f"ASK {{ GRAPH {ONE} {{ ex:yokohama ex:cranes 7 }} "
        f"GRAPH {TWO} {{ ex:yokohama ex:cranes 7 }} }}",
    )


def test_what_is_named_only_is_not_merged(folder: Path) -> None:
    store = built(folder).store
    assert ask(store, "ASK { GRAPH ?g { ?port ex:note ?note } }")
    assert not ask(store, "ASK { ?port ex:note ?note }")
    assert not ask(store, "ASK { ?g <http://rdfs.org/ns/void#dataDump> ?file }")


def test_blank_nodes_of_two_files_stay_apart(folder: Path) -> None:
    (row,) = built(folder).store.query(
        "SELECT (COUNT(DISTINCT ?quay) AS ?n) WHERE { ?quay ex:length ?metres }",
        prefixes={"ex": EX},
    )
    assert row["n"].value == "2"


def test_inferences_have_a_graph_of_their_own_and_are_in_the_default_graph(folder: Path) -> None:
    result = built(folder)
    assert ask(
        result.store, f"ASK {{ ex:kobe a ex:Port GRAPH {INFERRED} {{ ex:kobe a ex:Port }} }}"
    )
    inferred = {quad.triple for quad in result.store.quads_for_pattern(None, None, None, INFERRED)}
    default = {
        quad.triple for quad in result.store.quads_for_pattern(None, None, None, DefaultGraph())
    }
    assert len(inferred) == result.inferred > 0
    assert len(default) == result.merged + result.inferred
    assert inferred < default
    assert result.rounds > 0


def test_inferred_triples_are_never_asserted_ones(folder: Path) -> None:
    store = built(folder).store
    asserted = {
        quad.triple
        for quad in store
        if quad.graph_name not in (INFERRED, VOID_GRAPH, NOTES, DefaultGraph())
    }
    assert not [
        q for q in store.quads_for_pattern(None, None, None, INFERRED) if q.triple in asserted
    ]


def test_without_inference(folder: Path) -> None:
    result = built(folder, infer=False)
    assert (result.inferred, result.rounds, result.clashes) == (0, 0, ())
    assert not ask(result.store, "ASK { ex:kobe a ex:Port }")
    assert ask(result.store, "ASK { ex:kobe a ex:Seaport }")


def test_the_manifest_is_read_even_if_it_does_not_list_itself(folder: Path) -> None:
    manifest = folder / "manifest.ttl"
    text = manifest.read_text(encoding="utf-8").replace("graph:void , ", "")
    head, _, tail = text.partition("graph:void a void:Dataset")
    manifest.write_text(head + tail.partition(" .\n")[2], encoding="utf-8")
    result = built(folder)
    assert VOID_GRAPH not in [count.entry.iri for count in result.graphs]
    assert ask(result.store, f"ASK {{ GRAPH {VOID_GRAPH} {{ ?graph ?p ?role }} }}")


def test_an_empty_file_makes_an_empty_graph(folder: Path) -> None:
    (folder / "notes.ttl").write_text("# Nothing yet\n", encoding="utf-8")
    result = built(folder)
    assert {count.entry.iri: count.triples for count in result.graphs}[NOTES] == 0
    assert result.store.contains_named_graph(NOTES)


def test_unreadable_turtle_has_its_place(folder: Path) -> None:
    path = folder / "two.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "ex:kobe ex:cranes .\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        built(folder)
    assert (caught.value.source, caught.value.line, caught.value.column) == (str(path), 8, 19)


def test_a_file_may_not_name_graphs_of_its_own(folder: Path) -> None:
    (folder / "notes.trig").write_text("<https://e/g> { <https://e/a> a <https://e/B> }", "utf-8")
    manifest = folder / "manifest.ttl"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("<notes.ttl>", "<notes.trig>"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"notes\.trig: the document names graphs of its own"):
        built(folder)


def contradict(folder: Path) -> None:
    with (folder / "two.ttl").open("a", encoding="utf-8") as file:
        file.write("ex:kobe a ex:Airport .\n")


def test_a_contradiction_fails_the_build(folder: Path) -> None:
    contradict(folder)
    with pytest.raises(Inconsistent) as caught:
        built(folder)
    (clash,) = caught.value.clashes
    assert NamedNode(f"{EX}kobe") in clash.individuals
    assert clash.message in caught.value.detail
    assert caught.value.exit_code == 1


def test_unless_it_is_asked_for(folder: Path) -> None:
    contradict(folder)
    result = build(Manifest.read(folder / "manifest.ttl"), allow_clashes=True)
    assert len(result.clashes) == 1


def test_many_contradictions_are_summed_up() -> None:
    clashes = [Clash("cax-dw", "axiom", (), f"message {n}") for n in range(8)]
    detail = Inconsistent(clashes).detail
    assert "message 4" in detail
    assert "message 5" not in detail
    assert detail.endswith("and 3 more")


def test_the_steps_are_timed(folder: Path) -> None:
    steps = built(folder).steps
    assert [step.name for step in steps] == ["read", "merge", "infer", "look for contradictions"]
    assert all(step.seconds > 0 for step in steps)


def test_the_store_is_filled_on_another_thread(folder: Path) -> None:
    threads: list[threading.Thread] = []

    class Watching:
        def materialise(self, store: Store, *, tbox: NamedNode, into: NamedNode) -> Materialisation:
            threads.append(threading.current_thread())
            return reasoning.materialise(store, tbox=tbox, into=into)

        def find_clashes(self, store: Store, *, tbox: NamedNode) -> tuple[Clash, ...]:
            return reasoning.find_clashes(store, tbox=tbox)

    build(Manifest.read(folder / "manifest.ttl"), reasoner=Watching())
    (loader,) = threads
    assert loader is not threading.current_thread()


@pytest.mark.parametrize("format", [N_QUADS, TRIG, JSON_LD])
def test_two_builds_make_the_same_bytes(folder: Path, format: Format) -> None:
    first, again = (dump(built(folder).store, format) for _ in range(2))
    assert first == again
    assert len(first) > 1000


@pytest.mark.parametrize("format", [N_QUADS, TRIG])
def test_a_dump_says_what_the_store_says(folder: Path, format: Format) -> None:
    store = built(folder).store
    again = Store()
    again.load(dump(store, format), format.engine)
    assert len(again) == len(store)
    # Blank nodes are renamed by the loading of the dump.
    assert named(again) == named(store)


def named(store: Store) -> set[Quad]:
    return {quad for quad in store if not any(isinstance(term, BlankNode) for term in quad)}
