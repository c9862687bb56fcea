"""One write and what it does to a store."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Store
from writes import EX, insert, put, update

from econsec.engine.embedded import MergeTooLarge
from econsec.engine.writing.applying import Spoiled, apply, reads_derived
from econsec.engine.writing.requests import UpdateWrite
from econsec.errors import InvalidInput
from econsec.rdf.namespaces import PREFIXES

ONE, TWO, THREE = (f"{EX}{name}" for name in ("one", "two", "three"))
COUNT = (
    "INSERT {{ GRAPH ex:out {{ ex:x ex:count ?n }} }} {using} "
    "WHERE {{ SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }} }}"
)
SPO = "?s ?p ?o"


@pytest.fixture
def store() -> Store:
    """A triple in two graphs, one in the second and one in a third."""
    store = Store()
    store.update(
        "PREFIX ex: <http://example.org/> INSERT DATA { "
        "GRAPH ex:one { ex:a ex:p ex:o } GRAPH ex:two { ex:a ex:p ex:o . ex:b ex:p ex:o } "
        "GRAPH ex:three { ex:c ex:p ex:o } ex:d ex:p ex:o }"
    )
    return store


def run(store: Store, write: UpdateWrite, *, max_merge: int = 100) -> None:
    apply(store, write, tag="", max_merge=max_merge)


def counted(store: Store, write: UpdateWrite) -> list[int]:
    run(store, write)
    rows = store.query(f"SELECT ?n {{ GRAPH <{EX}out> {{ ?x <{EX}count> ?n }} }} ORDER BY ?n")
    return [int(row["n"].value) for row in rows]


def graphs(store: Store) -> set[str]:
    return {graph.value for graph in store.named_graphs()}


class TestProtocolDataset:
    """using-graph-uri and using-named-graph-uri."""

    @pytest.mark.parametrize(
        ("using", "expected"),
        [((ONE,), 1), ((TWO,), 2), ((ONE, TWO), 2), ((ONE, ONE), 1), ((ONE, TWO, THREE), 3)],
    )
    def test_the_default_graph_is_the_merge(self, store: Store, using, expected: int) -> None:
        write = update(COUNT.format(using="", pattern=SPO), using_graphs=using)
        assert counted(store, write) == [expected]
        assert graphs(store) == {ONE, TWO, THREE, f"{EX}out"}

    def test_graphs_that_are_not_there_are_empty(self, store: Store) -> None:
        using = (f"{EX}nothing", f"{EX}nowhere")
        assert counted(store, update(COUNT.format(using="", pattern=SPO), using_graphs=using)) == [
            0
        ]

    def test_named_graphs(self, store: Store) -> None:
        text = COUNT.format(using="", pattern="GRAPH ?g { ?s ?p ?o }")
        assert counted(store, update(text, using_named=(TWO, THREE))) == [3]

    def test_without_default_graphs_the_default_graph_is_empty(self, store: Store) -> None:
        text = COUNT.format(using="", pattern=SPO)
        assert counted(store, update(text, using_named=(TWO,))) == [0]

    def test_without_named_graphs_there_are_none(self, store: Store) -> None:
        text = COUNT.format(using="", pattern="GRAPH ?g { ?s ?p ?o }")
        assert counted(store, update(text, using_graphs=(ONE, TWO))) == [0]

    def test_it_holds_for_each_operation(self, store: Store) -> None:
        text = f"CLEAR GRAPH ex:two ; {COUNT.format(using='', pattern=SPO)} ;"
        assert counted(store, update(text, using_graphs=(ONE, TWO))) == [1]

    def test_the_targets_stay_those_of_the_text(self, store: Store) -> None:
        run(
            store,
            update("INSERT { ex:new ex:p ?o } WHERE { ex:a ex:p ?o }", using_graphs=(ONE,)),
        )
        assert store.query(f"ASK {{ <{EX}new> ?p ?o }}")

    @pytest.mark.parametrize("using", [(ONE,), (ONE, TWO)])
    def test_delete_where(self, store: Store, using: tuple[str, ...]) -> None:
        run(store, update("DELETE WHERE { ?s ex:p ex:o }", using_graphs=using))
        # What the pattern finds in the graphs goes from the default graph: nothing is there.
        assert store.query(f"ASK {{ <{EX}d> ?p ?o }}")
        assert store.query(f"ASK {{ GRAPH <{ONE}> {{ <{EX}a> ?p ?o }} }}")

    def test_delete_where_in_a_graph(self, store: Store) -> None:
        text = "DELETE WHERE { GRAPH ex:two { ?s ex:p ex:o } } ; INSERT DATA { ex:e ex:p ex:o }"
        run(store, update(text, using_named=(TWO,)))
        assert not store.query(f"ASK {{ GRAPH <{TWO}> {{ ?s ?p ?o }} }}")
        assert store.query(f"ASK {{ <{EX}e> ?p ?o }}")

    def test_a_word_in_a_string_is_none(self, store: Store) -> None:
        text = "INSERT { ex:e ex:p '; USING WHERE {' } WHERE { ex:a ?p ?o # WHERE\n }"
        run(store, update(text, using_graphs=(ONE,)))
        assert store.query(f"ASK {{ <{EX}e> ?p '; USING WHERE {{' }}")

    def test_a_name_that_is_no_iri(self, store: Store) -> None:
        with pytest.raises(InvalidInput, match="not the IRI of a graph"):
            run(store, update(COUNT.format(using="", pattern=SPO), using_graphs=("here",)))


class TestUsing:
    """USING in the text."""

    @pytest.mark.parametrize(
        ("using", "expected"),
        [
            ("USING ex:one", 1),
            ("USING ex:one USING ex:two", 2),
            ("USING <http://example.org/one>\nUSING ex:two USING NAMED ex:three", 2),
        ],
    )
    def test_several_are_merged(self, store: Store, using: str, expected: int) -> None:
        assert counted(store, update(COUNT.format(using=using, pattern=SPO))) == [expected]
        assert graphs(store) == {ONE, TWO, THREE, f"{EX}out"}

    def test_named_graphs_stay(self, store: Store) -> None:
        text = COUNT.format(
            using="USING ex:one USING ex:two USING NAMED ex:three",
            pattern="GRAPH ?g { ?s ?p ?o }",
        )
        assert counted(store, update(text)) == [1]

    def test_each_operation_has_its_own(self, store: Store) -> None:
        one = COUNT.format(using="USING ex:one USING ex:two", pattern=SPO)
        other = COUNT.format(using="USING ex:one USING ex:two USING ex:three", pattern=SPO).replace(
            "ex:count", "ex:count"
        )
        assert counted(store, update(f"{one} ; {other}")) == [2, 3]

    def test_a_base_of_the_request(self, store: Store) -> None:
        text = COUNT.format(using="USING <one> USING <two>", pattern=SPO)
        assert counted(store, update(text, base=EX)) == [2]

    def test_a_merge_has_a_limit(self, store: Store) -> None:
        write = update(COUNT.format(using="USING ex:one USING ex:two", pattern=SPO))
        with pytest.raises(MergeTooLarge, match="hold 3 triples; the limit max_merge_triples is 2"):
            run(store, write, max_merge=2)
        run(store, write, max_merge=3)

    def test_an_error_keeps_its_line(self, store: Store) -> None:
        text = "INSERT { ex:a ex:p ?o }\nUSING ex:one USING ex:two\nWHERE {\n ?s ?p ?o . FILTER }"
        with pytest.raises(InvalidInput) as caught:
            run(store, update(text))
        assert caught.value.line == 4
        assert graphs(store) == {ONE, TWO, THREE}

    def test_an_error_in_a_later_operation_spoils_the_store(self, store: Store) -> None:
        text = f"{COUNT.format(using='USING ex:one', pattern=SPO)} ; DROP GRAPH ex:nothing"
        with pytest.raises(Spoiled, match="does not exist"):
            run(store, update(text))


class TestUpdate:
    def test_prefixes_are_those_of_queries(self, store: Store) -> None:
        name, iri = next(iter(PREFIXES.items()))
        run(store, update(f"INSERT DATA {{ {name}:x ex:p ex:o }}"))
        assert store.query(f"ASK {{ <{iri}x> ?p ?o }}")

    def test_a_base(self, store: Store) -> None:
        run(store, update("INSERT DATA { <x> ex:p ex:o }", base="http://base.example/"))
        assert store.query("ASK { <http://base.example/x> ?p ?o }")

    def test_all_or_nothing(self, store: Store) -> None:
        before = set(store)
        with pytest.raises(InvalidInput, match="already exists"):
            run(store, update("INSERT DATA { ex:x ex:p ex:o } ; CREATE GRAPH ex:one"))
        assert set(store) == before


INFERRED = "<https://w3id.org/econsec/graph/inferred>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT DATA { ex:a ex:p 'WHERE' }", False),
        ("DELETE WHERE { GRAPH ex:g { ?s ?p ?o } }", False),
        ("DELETE WHERE { ?s ?p ?o }", True),
        ("INSERT { GRAPH ex:g { ex:a ex:p ?o } } WHERE { ex:a ex:p ?o }", True),
        ("INSERT { GRAPH ex:g { ex:a ex:p ?o } } WHERE { GRAPH ex:g { ex:a ex:p ?o } }", False),
        (
            "INSERT { GRAPH ex:g { ex:a ex:p ?o } } "
            "WHERE { GRAPH ex:g { ex:a ex:p ?o FILTER EXISTS { ?o ?p 1 } } FILTER (?o > 1) }",
            False,
        ),
        (
            "INSERT { GRAPH ex:g { ex:a ex:p ?o } } "
            "WHERE { GRAPH ex:g { ex:a ex:p ?o } FILTER EXISTS { ?o ex:p 1 } }",
            True,
        ),
        ("INSERT { GRAPH ex:g { ex:a ex:p ?o } } WHERE { GRAPH ?g { ex:a ex:p ?o } }", True),
        (
            f"INSERT {{ GRAPH ex:g {{ ?s ?p ?o }} }} WHERE {{ GRAPH {INFERRED} {{ ?s ?p ?o }} }}",
            True,
        ),
        ("WITH ex:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", False),
        (f"WITH ex:g INSERT {{ ?s ?p ?o }} USING {INFERRED} WHERE {{ ?s ?p ?o }}", True),
        ("INSERT { GRAPH ex:g { ?s ?p ?o } } USING ex:h WHERE { ?s ?p ?o }", False),
        ("INSERT { GRAPH ex:g { ?s ?p ?o } } USING NAMED ex:h WHERE { ?s ?p ?o }", True),
        ("COPY DEFAULT TO ex:g", True),
        (f"ADD {INFERRED} TO ex:g", True),
        ("ADD ex:h TO ex:g", False),
        ("WITH ex:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }", True),
    ],
)
def test_what_reads_the_merge_or_the_inferences(text: str, expected: bool) -> None:
    assert reads_derived(update(text)) is expected


def test_what_changes_a_graph_reads_none() -> None:
    assert not reads_derived(put(None, method="DELETE"))
    assert not reads_derived(insert("a"))


def test_a_put_of_broken_triples_spoils_the_store(store: Store, tmp_path) -> None:
    path = tmp_path / "broken.nt"
    path.write_text(f"<{EX}a> <{EX}p> <{EX}o> .\n<{EX}a> oops", encoding="utf-8")
    with pytest.raises(Spoiled) as caught:
        apply(store, put(path, ONE), tag="", max_merge=1)
    assert caught.value.cause.line == 2
    assert store.contains_named_graph(NamedNode(ONE))
