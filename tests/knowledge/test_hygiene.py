"""Hygiene queries: every row is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from econsec.errors import InvalidInput
from econsec.knowledge.catalogue import QueryFile, read_query
from econsec.knowledge.hygiene import run

HEAD = "#+ title: {en: No label, ja: ラベルなし}\n#+ description: {en: D, ja: 説}\n"
UNLABELLED = """\
SELECT ?thing ?other WHERE {
  ?thing a ?type
  FILTER NOT EXISTS { ?thing skos:prefLabel ?label }
} ORDER BY ?thing
"""
EX = "https://example.org/"


@pytest.fixture
def store() -> Store:
    store = Store()
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for name in ("a", "b", "c"):
        store.add(Quad(NamedNode(EX + name), rdf_type, NamedNode(EX + "Thing")))
    store.add(Quad(NamedNode(EX + "b"), label, Literal("b", language="en")))
    return store


def query(folder: Path, text: str, name: str = "label-missing") -> QueryFile:
    path = folder / f"{name}.rq"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_query(path, kind="hygiene")


def test_every_row_is_a_finding(store: Store, tmp_path: Path) -> None:
    findings = run(store, [query(tmp_path, UNLABELLED)])
    assert [finding.row for finding in findings] == [
        {"thing": f"<{EX}a>"},
        {"thing": f"<{EX}c>"},
    ]
    assert str(findings[0]) == f"label-missing: No label: thing=<{EX}a>"


def test_clean_data_has_no_findings(tmp_path: Path) -> None:
    assert run(Store(), [query(tmp_path, UNLABELLED)]) == ()


def test_findings_come_in_the_order_of_the_queries(store: Store, tmp_path: Path) -> None:
    queries = [query(tmp_path, UNLABELLED, name) for name in ("z", "a")]
    assert [finding.query.name for finding in run(store, queries)] == ["z", "z", "a", "a"]


def test_a_malformed_query_points_into_its_file(store: Store, tmp_path: Path) -> None:
    broken = query(tmp_path, "SELECT * WHERE {\n  ?s ?p ?o } LIMIT few\n")
    with pytest.raises(InvalidInput) as caught:
        run(store, [broken])
    assert (caught.value.source, caught.value.line) == (str(broken.path), 4)


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_a_hygiene_query_is_a_select(store: Store, tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="is a SELECT"):
        run(store, [query(tmp_path, text)])


def test_an_unknown_function_is_an_error(store: Store, tmp_path: Path) -> None:
    broken = query(tmp_path, f"SELECT (<{EX}f>(1) AS ?x) WHERE {{ ?s ?p ?o }}")
    with pytest.raises(InvalidInput, match="custom function"):
        run(store, [broken])
