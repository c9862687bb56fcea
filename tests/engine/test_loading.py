"""Loading documents into a location, and installing a build."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from econsec.engine.loading import install, load
from econsec.engine.location import Account, Location
from econsec.engine.writing.records import Commit, Deed
from econsec.engine.writing.requests import Version
from econsec.errors import InvalidInput, Refused, UsageError
from econsec.knowledge.build import Built, Inconsistent, build
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH, Manifest
from econsec.knowledge.reading import Document, document
from econsec.rdf.formats import JSON_LD, N_QUADS, TRIG, TURTLE, Format

EX = "https://example.org/"
MINE = f"{EX}graph/mine"


@pytest.fixture(scope="module")
def built(root: Path) -> Built:
    return build(Manifest.read(root / "tests" / "cases" / "dataset" / "manifest.ttl"))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    location = Location.create(tmp_path_factory.mktemp("installed"))
    install(location, built)
    return location.root


@pytest.fixture
def location(installed: Path, tmp_path: Path) -> Location:
    return Location(shutil.copytree(installed, tmp_path / "location"))


def doc(text: str, format: Format = TURTLE) -> Document:
    return document(f"{text}".encode(), name=f"mine.{format.extensions[0]}", format=format)


def turtle(text: str) -> Document:
    return doc(f"@prefix ex: <{EX}> . {text}")


def ask(location: Location, text: str) -> bool:
    return bool(location.open_current().query(text, prefixes={"ex": EX}))


def quads(store: Store) -> set[object]:
    return set(store)


class TestInstall:
    def test_a_location_holds_what_was_built(self, location: Location, built: Built) -> None:
        assert quads(location.open_current()) == quads(built.store)

    def test_again_leaves_the_same(self, location: Location, built: Built) -> None:
        install(location, built)
        assert quads(location.open_current()) == quads(built.store)

    def test_graphs_of_others_are_not_dropped(self, location: Location, built: Built) -> None:
        load(location, [turtle("ex:a ex:p 1 .")], graph=MINE)
        with pytest.raises(UsageError, match=r"does not list: .*graph/mine>"):
            install(location, built)
        assert ask(location, f"ASK {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }}")

    def test_unless_that_is_asked_for(self, location: Location, built: Built) -> None:
        load(location, [turtle("ex:a ex:p 1 .")], graph=MINE)
        install(location, built, drop_others=True)
        assert quads(location.open_current()) == quads(built.store)


class TestLoad:
    def test_triples_go_to_the_named_graph_and_into_the_merge(self, location: Location) -> None:
        loaded = load(location, [turtle("ex:osaka ex:cranes 3 .")], graph=MINE)
        assert loaded.triples == {MINE: 1}
        assert ask(location, f"ASK {{ GRAPH <{MINE}> {{ ex:osaka ex:cranes 3 }} }}")
        assert ask(location, "ASK { ex:osaka ex:cranes 3 ; ex:cranes ?n . ex:kobe ex:cranes 5 }")

    def test_inferences_are_drawn_anew(self, location: Location) -> None:
        before = location.open_current()
        loaded = load(location, [turtle("ex:osaka a ex:Seaport .")], graph=MINE)
        assert ask(
            location, f"ASK {{ ex:osaka a ex:Port GRAPH {INFERRED} {{ ex:osaka a ex:Port }} }}"
        )
        assert ask(location, "ASK { ex:kobe a ex:Port }")
        assert loaded.derived.inferred > len(
            list(before.quads_for_pattern(None, None, None, INFERRED))
        )

    def test_what_becomes_asserted_is_no_longer_inferred(self, location: Location) -> None:
        load(location, [turtle("ex:kobe a ex:Port .")], graph=MINE)
        assert ask(location, "ASK { ex:kobe a ex:Port }")
        assert not ask(location, f"ASK {{ GRAPH {INFERRED} {{ ex:kobe a ex:Port }} }}")

    def test_a_statement_that_is_there_already_counts_once(self, location: Location) -> None:
        before = load(location, [turtle("ex:a ex:p 1 .")], graph=MINE).derived.merged
        loaded = load(location, [turtle("ex:yokohama ex:cranes 7 .")], graph=MINE)
        assert loaded.derived.merged == before

    def test_what_is_named_only_stays_so(self, location: Location) -> None:
        load(location, [turtle("ex:kobe ex:note 'small' .")], graph=f"{EX}graph/notes")
        assert ask(location, f"ASK {{ GRAPH <{EX}graph/notes> {{ ex:kobe ex:note 'small' }} }}")
        assert not ask(location, "ASK { ex:kobe ex:note ?note }")

    def test_without_inference(self, location: Location) -> None:
        loaded = load(location, [turtle("ex:osaka a ex:Seaport .")], graph=MINE, infer=False)
        assert loaded.derived.inferred == 0
        assert not ask(location, "ASK { ?port a ex:Port }")

    def test_into_an_empty_location(self, tmp_path: Path) -> None:
        location = Location.create(tmp_path / "new")
        load(location, [turtle("ex:a ex:p 1 .")], graph=MINE)
        assert ask(location, f"ASK {{ ex:a ex:p 1 GRAPH <{MINE}> {{ ex:a ex:p 1 }} }}")

    @pytest.mark.parametrize(
        "given",
        [
            doc(f"<{EX}a> <{EX}p> <{EX}b> <{MINE}> .", N_QUADS),
            doc(f"<{MINE}> {{ <{EX}a> <{EX}p> <{EX}b> }}", TRIG),
            doc(
                f'{{"@id": "{MINE}", "@graph": {{"@id": "{EX}a", "{EX}p": {{"@id": "{EX}b"}}}}}}',
                JSON_LD,
            ),
        ],
    )
    def test_documents_that_name_graphs_keep_them(
        self, location: Location, given: Document
    ) -> None:
        assert load(location, [given]).triples == {MINE: 1}
        assert ask(location, f"ASK {{ GRAPH <{MINE}> {{ ex:a ex:p ex:b }} }}")

    def test_the_rest_of_them_goes_to_the_graph_of_the_request(self, location: Location) -> None:
        mixed = doc(f"<{EX}a> <{EX}p> 1 . <{MINE}> {{ <{EX}a> <{EX}p> 2 }}", TRIG)
        assert load(location, [mixed], graph=f"{EX}graph/rest").triples == {
            MINE: 1,
            f"{EX}graph/rest": 1,
        }

    def test_the_same_document_again_says_nothing_new(self, location: Location) -> None:
        given = turtle("ex:a ex:p [ ex:q 1 ] .")
        first = load(location, [given], graph=MINE).derived.merged
        assert load(location, [given], graph=MINE).derived.merged == first

    def test_blank_nodes_of_two_documents_stay_apart(self, location: Location) -> None:
        load(location, [turtle("_:x ex:p 1 ."), turtle("_:x ex:p 2 .")], graph=MINE)
        assert not ask(location, "ASK { ?x ex:p 1 , 2 }")

    def test_rewritten_literals_are_counted(self, location: Location) -> None:
        assert load(location, [turtle("ex:a ex:p 1.50 , 2.5 , 007 .")], graph=MINE).rewritten == 2

    def test_progress_is_told(self, location: Location, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("econsec.engine.loading._AT_ONCE", 2)
        told: list[int] = []
        text = " ".join(f"ex:a ex:p {n} ." for n in range(5))
        loaded = load(
            location, [turtle(text), turtle("ex:b ex:p 1.50 .")], graph=MINE, progress=told.append
        )
        assert told == [2, 4, 5, 6]
        assert loaded.triples == {MINE: 6}
        assert loaded.rewritten == 1

    def test_documents_are_taken_one_after_the_other(self, location: Location) -> None:
        taken: list[int] = []

        def documents() -> Iterator[Document]:
            for number in range(3):
                taken.append(number)
                yield turtle(f"ex:a ex:p {number} .")

        told: list[tuple[int, int]] = []
        load(location, documents(), graph=MINE, progress=lambda n: told.append((n, len(taken))))
        assert told == [(1, 1), (2, 2), (3, 3)]

    def test_the_log_says_so(self, location: Location) -> None:
        given = turtle("ex:a ex:p 1 .")
        load(location, [given], graph=MINE, agent="me")
        *_, record = location.records()
        assert isinstance(record, Commit)
        [deed] = record.deeds
        assert (deed.kind, deed.agent, deed.graph) == ("load", "me", MINE)
        assert deed.graphs == {MINE, None, INFERRED.value}
        assert deed.sha256 == hashlib.sha256(given.data).hexdigest()
        assert record.inferred
        assert location.publication().version(EX) == Version(1)
        assert location.publication().version(MINE) == Version(2)

    def test_where_the_default_graph_is_data_it_stays(self, tmp_path: Path) -> None:
        location = Location.create(tmp_path / "plain")
        plain = Account(Deed(kind="create", agent="me"), plain=True)
        fill = f"INSERT DATA {{ <{EX}a> <{EX}p> 1 }}"
        location.publish(lambda store: store.update(fill), account=lambda _: plain)
        load(location, [turtle("ex:b ex:p 2 .")], graph=MINE)
        assert ask(location, f"ASK {{ ex:a ex:p 1 GRAPH <{MINE}> {{ ex:b ex:p 2 }} }}")
        assert not ask(location, "ASK { ex:b ex:p 2 }")


class TestRefusals:
    """Whatever goes wrong, the location stays as it was."""

    @pytest.mark.parametrize("graph", [INFERRED, ONTOLOGY, SHAPES, VOID_GRAPH])
    def test_protected_graphs(self, location: Location, graph: NamedNode) -> None:
        before = location.current()
        with pytest.raises(Refused, match="by a build alone"):
            load(location, [turtle("ex:a ex:p 1 .")], graph=graph.value)
        with pytest.raises(Refused, match="by a build alone"):
            load(location, [doc(f"{graph} {{ <{EX}a> <{EX}p> 1 }}", TRIG)])
        assert location.current() == before

    def test_triples_without_a_graph(self, location: Location) -> None:
        with pytest.raises(UsageError, match="--graph"):
            load(location, [turtle("ex:a ex:p 1 .")])

    def test_a_graph_without_an_iri(self, location: Location) -> None:
        with pytest.raises(InvalidInput, match="is no IRI"):
            load(location, [doc(f"_:g {{ <{EX}a> <{EX}p> 1 }}", TRIG)])
        with pytest.raises(InvalidInput, match="not the IRI of a graph"):
            load(location, [turtle("ex:a ex:p 1 .")], graph="mine")

    def test_all_documents_or_none(self, location: Location) -> None:
        before = location.current()
        with pytest.raises(InvalidInput, match=r"mine\.ttl:1:"):
            load(location, [turtle("ex:a ex:p 1 ."), turtle("ex:a ex:p ex .")], graph=MINE)
        assert location.current() == before
        assert not ask(location, "ASK { ex:a ex:p 1 }")

    def test_a_contradiction(self, location: Location) -> None:
        before = location.current()
        with pytest.raises(Inconsistent):
            load(location, [turtle("ex:kobe a ex:Airport .")], graph=MINE)
        assert location.current() == before
        assert not ask(location, "ASK { ex:kobe a ex:Airport }")
