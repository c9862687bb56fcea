"""The clients that people write with, unmodified, against a real server."""

from __future__ import annotations

from urllib.error import HTTPError

import httpx
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import JSON, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

A, B = URIRef("http://e.org/a"), URIRef("http://e.org/b")


@pytest.fixture
def store(writer: httpx.Client) -> SPARQLUpdateStore:
    """rdflib's store for updates; the token goes along as a header."""
    return SPARQLUpdateStore(
        query_endpoint=str(writer.base_url.join("/sparql")),
        update_endpoint=str(writer.base_url.join("/update")),
        headers={"Authorization": writer.headers["authorization"]},
    )


def wrapper(client: httpx.Client, path: str, *, how: str = URLENCODED) -> SPARQLWrapper:
    made = SPARQLWrapper(str(client.base_url.join(path)))
    made.setMethod(POST)
    made.setRequestMethod(how)
    if "authorization" in client.headers:
        made.addCustomHttpHeader("Authorization", client.headers["authorization"])
    return made


def test_rdflib_adds_and_removes_triples(store: SPARQLUpdateStore, graph: str) -> None:
    mine = Graph(store, identifier=URIRef(graph))
    mine.add((A, B, Literal(1)))
    mine.add((A, B, Literal("輸出禁止", lang="ja")))
    assert set(mine.objects(A, B)) == {Literal(1), Literal("輸出禁止", lang="ja")}
    mine.remove((A, B, Literal(1)))
    assert len(mine) == 1
    assert (A, B, Literal(1)) not in mine


def test_rdflib_adds_many_at_once(store: SPARQLUpdateStore, graph: str) -> None:
    mine = Graph(store, identifier=URIRef(graph))
    mine.addN((A, B, Literal(number), mine) for number in range(100))
    assert len(mine) == 100


def test_rdflib_updates_by_text(store: SPARQLUpdateStore, graph: str) -> None:
    mine = Graph(store, identifier=URIRef(graph))
    mine.add((A, B, Literal(1)))
    mine.update("DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }")
    assert set(mine.objects(A, B)) == {Literal(2)}


def test_rdflib_keeps_changes_back_until_they_are_committed(
    writer: httpx.Client, graph: str
) -> None:
    store = SPARQLUpdateStore(
        query_endpoint=str(writer.base_url.join("/sparql")),
        update_endpoint=str(writer.base_url.join("/update")),
        headers={"Authorization": writer.headers["authorization"]},
        autocommit=False,
        dirty_reads=True,
    )
    mine = Graph(store, identifier=URIRef(graph))
    mine.add((A, B, Literal(1)))
    assert len(mine) == 0
    store.commit()
    assert len(mine) == 1


def test_rdflib_drops_graphs(store: SPARQLUpdateStore, graph: str) -> None:
    data = Dataset(store, default_union=False)
    mine = data.graph(URIRef(graph))
    mine.add((A, B, Literal(1)))
    data.remove_graph(mine)
    assert URIRef(graph) not in {each.identifier for each in data.graphs()}


def test_rdflib_hears_that_the_merge_is_not_written(store: SPARQLUpdateStore) -> None:
    with pytest.raises(HTTPError, match="403"):
        store.update("INSERT DATA { <http://e.org/a> <http://e.org/b> 1 }")


@pytest.mark.parametrize("path", ["/sparql", "/update"])
@pytest.mark.parametrize("how", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_updates(writer: httpx.Client, graph: str, path: str, how: str) -> None:
    update = wrapper(writer, path, how=how)
    update.setQuery(f"INSERT DATA {{ GRAPH <{graph}> {{ <{A}> <{B}> 1 }} }}")
    assert update.isSparqlUpdateRequest()
    assert update.query().response.status == 204
    query = wrapper(writer, "/sparql")
    query.setReturnFormat(JSON)
    query.setQuery(f"ASK {{ GRAPH <{graph}> {{ <{A}> <{B}> 1 }} }}")
    assert query.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_names_the_graphs_that_an_update_sees(
    writer: httpx.Client, graph: str
) -> None:
    first = wrapper(writer, "/update")
    first.setQuery(f"INSERT DATA {{ GRAPH <{graph}/1> {{ <{A}> <{B}> 1 }} }}")
    first.query()
    second = wrapper(writer, "/update")
    second.addParameter("using-graph-uri", f"{graph}/1")
    second.setQuery(f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}")
    second.query()
    query = wrapper(writer, "/sparql")
    query.setReturnFormat(JSON)
    query.setQuery(f"ASK {{ GRAPH <{graph}> {{ <{A}> <{B}> 1 }} }}")
    assert query.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_hears_what_is_wrong(
    writer: httpx.Client, anonymous: httpx.Client, graph: str
) -> None:
    broken = wrapper(writer, "/update")
    broken.setQuery(f"INSERT DATA {{ GRAPH <{graph}> {{ <{A}> <{B}> }} }}")
    with pytest.raises(QueryBadFormed, match='"line": 1'):
        broken.query()
    stranger = wrapper(anonymous, "/update")
    stranger.setQuery("CLEAR NAMED")
    with pytest.raises(Unauthorized):
        stranger.query()
