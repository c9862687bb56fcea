"""`import econsec`: what a Python program sees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import econsec
from econsec.engine.location import Location
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.reports import Report

TEXT = "@prefix ex: <http://example.org/> .\nex:kobe a ex:Port .\n"
SHAPES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S sh:targetClass ex:Port ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .
"""
FOCUS = {"<http://example.org/kobe>"}


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.ttl"
    path.write_text(TEXT)
    return path


def focus(report: Report) -> set[str]:
    return {str(result.focus) for result in report.results}


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, econsec; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pyoxigraph", "rdflib", "pyshacl", "fastapi", "rich", "typer"}
    assert heavy.isdisjoint(found.stdout.split())


def test_a_file_is_validated(data: Path, shapes: Path) -> None:
    report = econsec.validate(data, shapes=shapes)
    assert focus(report) == FOCUS
    assert [str(result.place) for result in report.results] == [f"{data}:2"]
    assert econsec.validate(str(data), shapes=str(shapes)).conforms is False


def test_several_documents_are_judged_together(data: Path, shapes: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.ttl"
    more.write_text('<http://example.org/kobe> <http://example.org/name> "Kobe" .')
    assert econsec.validate([data, more], shapes=shapes).conforms


def test_bytes_have_a_format(shapes: Path) -> None:
    for format in ("ttl", "text/turtle"):
        assert focus(econsec.validate(TEXT.encode(), format=format, shapes=shapes)) == FOCUS
    with pytest.raises(UsageError, match="format="):
        econsec.validate(TEXT.encode(), shapes=shapes)


def test_an_rdflib_graph_or_data_set_is_validated() -> None:
    graph = rdflib.Graph().parse(data=TEXT, format="turtle")
    dataset = rdflib.Dataset()
    dataset.graph(rdflib.URIRef("http://example.org/g")).parse(data=TEXT, format="turtle")
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    assert focus(econsec.validate(graph, shapes=shapes)) == FOCUS
    report = econsec.validate(dataset, shapes=shapes)
    assert {str(result.graph) for result in report.results} == {"<http://example.org/g>"}


def test_a_store_or_its_statements_are_validated() -> None:
    store = ox.Store()
    store.load(TEXT.encode(), ox.RdfFormat.TURTLE)
    shapes = ox.parse(SHAPES.encode(), ox.RdfFormat.TURTLE)
    assert focus(econsec.validate(store, shapes=shapes)) == FOCUS
    triples = (quad.triple for quad in store)
    assert focus(econsec.validate(triples, shapes=SHAPES.encode())) == FOCUS
    assert econsec.validate([], shapes=SHAPES.encode()).conforms


def test_a_data_set_on_disk_is_validated(tmp_path: Path, shapes: Path) -> None:
    def fill(store: ox.Store) -> None:
        store.load(TEXT.encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:ports"))

    root = tmp_path / "location"
    Location.create(root).publish(fill)
    assert focus(econsec.validate(root, shapes=shapes)) == FOCUS
    assert focus(econsec.validate(root, graphs=["urn:ports"], shapes=shapes)) == FOCUS


def test_a_graph_of_the_packaged_data_set_is_validated(shapes: Path) -> None:
    graph = "https://w3id.org/econsec/graph/reference"
    assert econsec.validate(None, graphs=[graph], shapes=shapes).conforms
    with pytest.raises(InvalidInput, match="there is no graph"):
        econsec.validate(None, graphs=["urn:none"], shapes=shapes)


def test_what_is_not_known_is_a_usage_error(data: Path, shapes: Path) -> None:
    with pytest.raises(UsageError, match="fastest"):
        econsec.validate(data, engine="fastest")
    with pytest.raises(UsageError, match="profile"):
        econsec.validate(data, profile="documents")
    with pytest.raises(UsageError, match="no statement"):
        econsec.validate([1, 2], shapes=shapes)
    with pytest.raises(UsageError, match="data set"):
        econsec.validate(data, graphs=["urn:g"], shapes=shapes)


def test_both_engines_say_the_same(data: Path, shapes: Path) -> None:
    reports = [econsec.validate(data, shapes=shapes, engine=e) for e in ("fast", "reference")]
    assert focus(reports[0]) == focus(reports[1]) == FOCUS


def test_what_cannot_be_read_says_where(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(TEXT + "ex:a ex:b")
    with pytest.raises(InvalidInput) as raised:
        econsec.validate(broken)
    assert (raised.value.source, raised.value.line) == (str(broken), 3)
