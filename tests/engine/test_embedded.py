"""The embedded store: the data set of a query, its answers and its errors."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pyoxigraph as ox
import pytest

from econsec.engine import embedded
from econsec.engine.embedded import EmbeddedStore, MergeTooLarge
from econsec.engine.store import GraphSize, Query
from econsec.errors import InvalidInput, NotAvailable, UsageError
from econsec.rdf.formats import JSON, N_TRIPLES, TURTLE, Form
from econsec.settings import Settings

EX = "https://example.org/"
INFERRED = "https://w3id.org/econsec/graph/inferred"
ONE, TWO, NOTES = f"{EX}one", f"{EX}two", f"{EX}notes"

# The statement about `a` stands in both sections; that `a` is a Place is inferred.
DATA = f"""
PREFIX ex: <{EX}>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA {{
  GRAPH ex:one {{ ex:a ex:cost 10 . ex:b ex:cost 5 . }}
  GRAPH ex:two {{ ex:a ex:cost 10 . }}
  GRAPH ex:notes {{ ex:a ex:note "to be checked" . }}
  GRAPH <{INFERRED}> {{ ex:a a ex:Place . }}
  ex:a ex:cost 10 ; a ex:Place .
  ex:b ex:cost 5 .
}}
"""
TOTAL = f"SELECT (COUNT(*) AS ?n) (SUM(?cost) AS ?sum) WHERE {{ ?s <{EX}cost> ?cost }}"
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


@pytest.fixture
def data() -> ox.Store:
    store = ox.Store()
    store.update(DATA)
    return store


@pytest.fixture
def store(data: ox.Store) -> EmbeddedStore:
    return EmbeddedStore(data, Settings())


def written(store: EmbeddedStore, query: Query) -> Any:
    output = BytesIO()
    store.query(query).write(output, JSON)
    return json.loads(output.getvalue())


def rows(
    store: EmbeddedStore,
    text: str,
    *,
    default: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    infer: bool = True,
) -> list[tuple[str, ...]]:
    answer = written(store, Query(text, default_graphs=default, named_graphs=named, infer=infer))
    names = answer["head"]["vars"]
    return [
        tuple(row[name]["value"] for name in names if name in row)
        for row in answer["results"]["bindings"]
    ]


class TestMultiplicity:
    """A triple that stands in two graphs counts once, however the graphs are named."""

    def test_in_the_default_graph(self, store: EmbeddedStore) -> None:
        assert rows(store, TOTAL) == [("2", "15")]

    def test_in_two_default_graphs_of_the_request(self, store: EmbeddedStore) -> None:
        assert rows(store, TOTAL, default=(ONE, TWO)) == [("2", "15")]

    def test_in_two_from_clauses(self, store: EmbeddedStore) -> None:
        text = TOTAL.replace("WHERE", f"FROM <{ONE}> FROM <{TWO}> WHERE")
        assert rows(store, text) == [("2", "15")]

    def test_in_two_from_clauses_with_prefixes(self, store: EmbeddedStore) -> None:
        text = f"PREFIX x: <{EX}> " + TOTAL.replace("WHERE", "from x:one FROM\nx:two WHERE")
        assert rows(store, text) == [("2", "15")]

    def test_in_one_graph_named_twice(self, store: EmbeddedStore) -> None:
        assert rows(store, TOTAL, default=(ONE, ONE)) == [("2", "15")]
        text = TOTAL.replace("WHERE", f"FROM <{ONE}> FROM <{ONE}> WHERE")
        assert rows(store, text) == [("2", "15")]

    def test_in_a_subquery_of_an_ask(self, store: EmbeddedStore) -> None:
        text = f"ASK {{ {{ {TOTAL} }} FILTER(?n = 2) }}"
        assert store.query(Query(text, default_graphs=(ONE, TWO))).truth() is True

    def test_optional_rows(self, store: EmbeddedStore) -> None:
        text = f"SELECT ?s ?c WHERE {{ ?s <{EX}cost> 10 OPTIONAL {{ ?s <{EX}cost> ?c }} }}"
        assert len(rows(store, text, default=(ONE, TWO))) == 1

    def test_blank_nodes_are_shared_between_merged_graphs(self, data: ox.Store) -> None:
        data.update(f"INSERT {{ GRAPH <{ONE}> {{ _:x <{EX}q> 1 }} }} WHERE {{}}")
        data.update(
            f"INSERT {{ GRAPH <{TWO}> {{ ?x <{EX}r> 2 }} }} "
            f"WHERE {{ GRAPH <{ONE}> {{ ?x <{EX}q> 1 }} }}"
        )
        text = f"SELECT ?one ?two WHERE {{ ?x <{EX}q> ?one ; <{EX}r> ?two }}"
        assert rows(EmbeddedStore(data, Settings()), text, default=(ONE, TWO)) == [("1", "2")]


class TestDataset:
    """SPARQL 1.1 Query, 13.2, and Protocol, 2.1.4."""

    def test_without_names_it_is_the_store(self, store: EmbeddedStore) -> None:
        assert rows(store, GRAPHS) == [(NOTES,), (ONE,), (TWO,), (INFERRED,)]

    def test_one_default_graph_leaves_no_named_graphs(self, store: EmbeddedStore) -> None:
        assert rows(store, TOTAL, default=(TWO,)) == [("1", "10")]
        assert rows(store, GRAPHS, default=(TWO,)) == []

    def test_several_default_graphs_leave_no_named_graphs(self, store: EmbeddedStore) -> None:
        assert rows(store, GRAPHS, default=(ONE, TWO)) == []

    def test_named_graphs_alone_leave_the_default_graph_empty(self, store: EmbeddedStore) -> None:
        assert rows(store, TOTAL, named=(ONE,)) == [("0", "0")]
        assert rows(store, GRAPHS, named=(ONE, NOTES)) == [(NOTES,), (ONE,)]

    def test_several_default_graphs_beside_named_ones(self, store: EmbeddedStore) -> None:
        text = f"SELECT ?s ?note WHERE {{ ?s <{EX}cost> ?c GRAPH ?g {{ ?s <{EX}note> ?note }} }}"
        found = rows(store, text, default=(ONE, TWO), named=(NOTES,))
        assert found == [(f"{EX}a", "to be checked")]
        assert rows(store, GRAPHS, default=(ONE, TWO), named=(NOTES,)) == [(NOTES,)]

    def test_the_request_overrides_from(self, store: EmbeddedStore) -> None:
        text = TOTAL.replace("WHERE", f"FROM <{TWO}> FROM NAMED <{NOTES}> WHERE")
        assert rows(store, text, default=(ONE,)) == [("2", "15")]
        text = GRAPHS.replace("WHERE", f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{ONE}> WHERE")
        assert rows(store, text, default=(ONE,), named=(NOTES,)) == [(NOTES,)]

    def test_from_named_in_the_text(self, store: EmbeddedStore) -> None:
        text = GRAPHS.replace("WHERE", f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{NOTES}> WHERE")
        assert rows(store, text) == [(NOTES,)]

    @pytest.mark.parametrize("graphs", [(f"{EX}none",), (f"{EX}none", f"{EX}neither")])
    def test_unknown_graphs_are_empty(self, store: EmbeddedStore, graphs: tuple[str, ...]) -> None:
        assert rows(store, TOTAL, default=graphs) == [("0", "0")]
        assert rows(store, GRAPHS, named=graphs) == []

    def test_the_word_from_in_a_string_is_no_clause(self, store: EmbeddedStore) -> None:
        assert rows(store, 'SELECT ("FROM <x>" AS ?x) WHERE {}') == [("FROM <x>",)]

    def test_a_name_that_is_no_iri(self, store: EmbeddedStore) -> None:
        with pytest.raises(InvalidInput, match="not the IRI of a graph"):
            store.query(Query(TOTAL, default_graphs=("not an iri",)))

    def test_the_merge_has_a_limit(self, data: ox.Store) -> None:
        small = EmbeddedStore(data, Settings(max_merge_triples=3))
        assert rows(small, TOTAL, default=(ONE, TWO)) == [("2", "15")]
        with pytest.raises(MergeTooLarge, match=r"4 triples; the limit max_merge_triples is 3"):
            small.query(Query(TOTAL, default_graphs=(ONE, TWO), named_graphs=(NOTES,)))

    def test_one_graph_needs_no_merge(self, data: ox.Store) -> None:
        assert rows(EmbeddedStore(data, Settings(max_merge_triples=1)), TOTAL, default=(ONE,))


class TestWithoutInference:
    TYPES = "SELECT ?s ?type WHERE { ?s a ?type }"

    def test_inferred_triples_are_not_seen(self, store: EmbeddedStore) -> None:
        assert rows(store, self.TYPES) == [(f"{EX}a", f"{EX}Place")]
        assert rows(store, self.TYPES, infer=False) == []
        assert rows(store, TOTAL, infer=False) == [("2", "15")]

    def test_the_graph_that_holds_them_is_hidden(self, store: EmbeddedStore) -> None:
        assert rows(store, GRAPHS, infer=False) == [(NOTES,), (ONE,), (TWO,)]
        assert rows(store, self.TYPES, default=(INFERRED,), infer=False) == []
        assert rows(store, self.TYPES, default=(INFERRED, ONE), infer=False) == []

    def test_empty_graphs_stay(self, data: ox.Store) -> None:
        data.add_graph(ox.NamedNode(f"{EX}empty"))
        text = f"ASK {{ GRAPH <{EX}empty> {{}} }}"
        store = EmbeddedStore(data, Settings())
        assert store.query(Query(text, infer=False)).truth() is True

    def test_a_store_without_inference_is_its_own_view(self) -> None:
        data = ox.Store()
        data.update(f"INSERT DATA {{ <{EX}a> a <{EX}Place> }}")
        store = EmbeddedStore(data, Settings(max_merge_triples=1))
        assert rows(store, self.TYPES, infer=False) == [(f"{EX}a", f"{EX}Place")]

    def test_the_view_has_a_limit(self, data: ox.Store) -> None:
        store = EmbeddedStore(data, Settings(max_merge_triples=2))
        with pytest.raises(MergeTooLarge):
            store.query(Query(TOTAL, infer=False))

    def test_many_threads_share_one_view(
        self, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[ox.Store] = []

        def counting(store: ox.Store) -> ox.Store:
            made.append(store)
            return original(store)

        original = embedded.asserted
        monkeypatch.setattr(embedded, "asserted", counting)
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: rows(store, TOTAL, infer=False), range(32)))
        assert found == [[("2", "15")]] * 32
        assert len(made) == 1


class TestAnswer:
    def test_forms(self, store: EmbeddedStore) -> None:
        assert store.query(Query("SELECT * { ?s ?p ?o }")).form is Form.SOLUTIONS
        assert store.query(Query("ASK {}")).form is Form.BOOLEAN
        assert store.query(Query("CONSTRUCT WHERE { ?s ?p ?o }")).form is Form.GRAPH
        assert store.query(Query(f"DESCRIBE <{EX}a>")).form is Form.GRAPH

    def test_truth(self, store: EmbeddedStore) -> None:
        assert store.query(Query("ASK {}")).truth() is True
        assert store.query(Query("ASK { ?s ?s ?s }")).truth() is False
        assert store.query(Query("SELECT * {}")).truth() is None

    @pytest.mark.parametrize("graphs", [(ONE,), (ONE, TWO)])
    def test_describe_and_construct(self, store: EmbeddedStore, graphs: tuple[str, ...]) -> None:
        for text in (f"DESCRIBE <{EX}a>", f"CONSTRUCT WHERE {{ <{EX}a> ?p ?o }}"):
            output = BytesIO()
            store.query(Query(text, default_graphs=graphs)).write(output, N_TRIPLES)
            number = '"10"^^<http://www.w3.org/2001/XMLSchema#integer>'
            assert output.getvalue().decode() == f"<{EX}a> <{EX}cost> {number} .\n"

    def test_an_ask_is_written_as_a_boolean(self, store: EmbeddedStore) -> None:
        assert written(store, Query("ASK {}"))["boolean"] is True

    def test_solutions_are_no_graph(self, store: EmbeddedStore) -> None:
        with pytest.raises(UsageError, match="Turtle"):
            store.query(Query("SELECT * {}")).write(BytesIO(), TURTLE)

    def test_what_the_output_raises_passes_through(self, store: EmbeddedStore) -> None:
        class Closed(BytesIO):
            def write(self, _: Any) -> int:
                raise BrokenPipeError

        with pytest.raises(BrokenPipeError):
            store.query(Query("SELECT * { ?s ?p ?o }")).write(Closed(), JSON)


class TestPrefixes:
    def test_the_projects_prefixes_are_predefined(self, store: EmbeddedStore) -> None:
        found = rows(store, "SELECT (STR(es:Actor) AS ?x) {}")
        assert found == [("https://w3id.org/econsec/ontology#Actor",)]

    def test_a_querys_own_prefixes_win(self, store: EmbeddedStore) -> None:
        text = f"PREFIX es: <{EX}> SELECT (STR(es:Actor) AS ?x) {{}}"
        assert rows(store, text) == [(f"{EX}Actor",)]


class TestErrors:
    def test_a_syntax_error_has_its_place(self, store: EmbeddedStore) -> None:
        with pytest.raises(InvalidInput) as caught:
            store.query(Query("SELECT *\nWHERE { ?s ?p ?o } LIMIT many"))
        assert (caught.value.line, caught.value.column) == (2, 26)
        assert "'many'" in caught.value.detail

    def test_an_update_is_no_query(self, store: EmbeddedStore) -> None:
        with pytest.raises(InvalidInput):
            store.query(Query("INSERT DATA { <https://e/a> <https://e/p> 1 }"))

    def test_an_unknown_function(self, store: EmbeddedStore) -> None:
        with pytest.raises(InvalidInput, match=f"{EX}f"):
            store.query(Query(f"SELECT (<{EX}f>(?o) AS ?x) {{ ?s ?p ?o }}"))

    def test_a_lone_surrogate(self, store: EmbeddedStore) -> None:
        with pytest.raises(InvalidInput, match="Unicode"):
            store.query(Query('SELECT ("\ud800" AS ?x) {}'))


def test_graphs_are_counted(store: EmbeddedStore) -> None:
    assert store.graphs() == (
        GraphSize(None, 3),
        GraphSize(NOTES, 1),
        GraphSize(ONE, 2),
        GraphSize(TWO, 1),
        GraphSize(INFERRED, 1),
    )


def test_a_closed_store(store: EmbeddedStore) -> None:
    store.close()
    store.close()
    with pytest.raises(NotAvailable, match="closed"):
        store.query(Query("ASK {}"))
