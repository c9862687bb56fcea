"""A validation as a worker carries it out: documents and graphs of a store, against shapes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.engine.background import (
    background_of,
    graph_quads,
    is_background,
    judged_graphs,
)
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.upload import RatioTooHigh, Upload, UploadLimits
from econsec.engine.validation import Presentation, Validation, ValidationAnswer, validated
from econsec.engine.writing.failures import GraphNotFound
from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.reports import Severity
from econsec.knowledge.reports.formats import ReportFormat
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import GRAPH
from econsec.settings import Settings

EX = "http://example.org/"
HEAD = f"@prefix ex: <{EX}> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = """ex:PortShape a sh:NodeShape ; sh:targetClass ex:Port ;
    sh:property ex:port-name, ex:port-cranes .
ex:port-name sh:path ex:name ; sh:minCount 1 ; sh:message "a port has a name"@en .
ex:port-cranes sh:path ex:cranes ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "say how many cranes"@en .
"""
NAMELESS = "ex:yokohama a ex:Port .\n"
ONTOLOGY = GRAPH("ontology").value
DATA = f"""
PREFIX ex: <{EX}>
INSERT DATA {{
    GRAPH <{ONTOLOGY}> {{ ex:Dock <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:Port }}
    GRAPH <{GRAPH("law/jp").value}> {{ ex:law ex:name "a law" }}
    GRAPH ex:docks {{ ex:kobe a ex:Dock . ex:osaka a ex:Port ; ex:name "Osaka" ; ex:cranes 3 }}
    GRAPH <{GRAPH("inferred").value}> {{ ex:kobe a ex:Port }}
}}
"""

Write = Callable[..., Upload]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    contents = ox.Store()
    contents.update(DATA)
    return EmbeddedStore(contents, Settings())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Spools a Turtle document."""

    def write(text: str, *, name: str = "data.ttl", packed: bool = False) -> Upload:
        path = tmp_path / name
        content = (HEAD + text).encode()
        path.write_bytes(gzip.compress(content) if packed else content)
        return Upload(path, TURTLE.name, EX, packed, name, True)

    return write


def judged(task: Validation, store: EmbeddedStore, **limits: int) -> ValidationAnswer:
    return validated(task, store, UploadLimits(**limits))


def messages(answer: ValidationAnswer) -> set[str]:
    return {result.messages["en"] for result in answer.report.results}


def test_documents_are_judged_by_shapes_that_came_with_them(
    store: EmbeddedStore, write: Write
) -> None:
    task = Validation(documents=(write(NAMELESS),), shapes=(write(SHAPES, name="shapes.ttl"),))
    answer = judged(task, store)
    assert answer.truth() is False
    assert messages(answer) == {"a port has a name", "say how many cranes"}
    named = Validation(
        documents=(write('ex:yokohama a ex:Port ; ex:name "Yokohama" .'),), shapes=task.shapes
    )
    assert judged(named, store).truth() is True


def test_results_say_the_document_and_its_line(store: EmbeddedStore, write: Write) -> None:
    task = Validation(
        documents=(write("\n" + NAMELESS, packed=True),),
        shapes=(write(SHAPES, name="shapes.ttl"),),
    )
    places = {str(result.place) for result in judged(task, store).report.results}
    assert places == {"data.ttl:4"}


def test_graphs_are_judged_before_the_ontology_of_their_store(
    store: EmbeddedStore, write: Write
) -> None:
    task = Validation(graphs=(EX + "docks",), shapes=(write(SHAPES, name="shapes.ttl"),))
    results = judged(task, store).report.results
    # That a dock is a port follows from the ontology; nothing is said of the law.
    assert {str(result.focus) for result in results} == {f"<{EX}kobe>"}


def test_what_stands_behind_is_chosen_by_name(store: EmbeddedStore) -> None:
    assert is_background(GRAPH("law/jp/cabinet").value)
    assert not is_background(GRAPH("source/meti-2023-01/s01").value)
    assert not is_background(GRAPH("ontology-of-others").value)
    named = {str(quad.graph_name) for quad in background_of(store)}
    assert named == {f"<{ONTOLOGY}>", f"<{GRAPH('law/jp').value}>"}
    kept = {str(quad.graph_name) for quad in background_of(store, without=[ONTOLOGY])}
    assert kept == {f"<{GRAPH('law/jp').value}>"}


def test_a_store_without_an_ontology_is_judged_before_that_of_the_package() -> None:
    empty = EmbeddedStore(ox.Store(), Settings())
    named = {quad.graph_name for quad in background_of(empty)}
    assert {GRAPH("ontology"), GRAPH("vocab"), GRAPH("reference")} <= named
    assert not any(GRAPH + "source/" in str(name) for name in named)


def test_all_graphs_but_the_inferred_are_to_be_judged(store: EmbeddedStore) -> None:
    assert judged_graphs(store) == [EX + "docks", GRAPH("law/jp").value, ONTOLOGY]


def test_the_default_graph_has_no_name(store: EmbeddedStore) -> None:
    assert graph_quads(store, None) == []
    assert len(graph_quads(store, EX + "docks")) == 4


@pytest.mark.parametrize(("graph", "error"), [(EX + "none", GraphNotFound), ("no", InvalidInput)])
def test_a_graph_that_is_not_there_is_an_error(
    store: EmbeddedStore, graph: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        judged(Validation(graphs=(graph,)), store)


def test_blank_nodes_of_two_documents_stay_apart(store: EmbeddedStore, write: Write) -> None:
    one = write("_:p a ex:Port .", name="one.ttl")
    other = write('_:p ex:name "Kobe" ; ex:cranes 1 .', name="other.ttl")
    shapes = (write(SHAPES, name="shapes.ttl"),)
    assert judged(Validation(documents=(one, other), shapes=shapes), store).truth() is False


def test_named_graphs_of_a_document_are_read_too(
    store: EmbeddedStore, write: Write, tmp_path: Path
) -> None:
    path = tmp_path / "data.trig"
    path.write_text(HEAD + "ex:g { ex:yokohama a ex:Port }")
    trig = Upload(path, "TriG", EX, False, "data.trig", True)
    task = Validation(documents=(trig,), shapes=(write(SHAPES, name="shapes.ttl"),))
    graphs = {str(result.graph) for result in judged(task, store).report.results}
    assert graphs == {f"<{EX}g>"}


def test_truncation_is_said_and_does_not_change_the_verdict(
    store: EmbeddedStore, write: Write
) -> None:
    shown = Presentation(limit=0, format=ReportFormat.JSON)
    task = Validation(
        documents=(write(NAMELESS),),
        shapes=(write(SHAPES, name="shapes.ttl"),),
        presentation=shown,
    )
    answer = judged(task, store)
    assert (answer.is_truncated, answer.truth(), answer.report.results) == (True, False, ())
    output = BytesIO()
    answer.write(output, TURTLE)
    written = json.loads(output.getvalue())
    assert (written["truncated"], written["conforms"]) == (True, False)


def test_what_is_less_grave_is_left_out(store: EmbeddedStore, write: Write) -> None:
    task = Validation(
        documents=(write(NAMELESS),),
        shapes=(write(SHAPES, name="shapes.ttl"),),
        presentation=Presentation(severity=Severity.VIOLATION),
    )
    answer = judged(task, store)
    assert messages(answer) == {"a port has a name"}
    assert not answer.is_truncated


def test_a_profile_counts_beside_shapes_of_ones_own(store: EmbeddedStore, write: Write) -> None:
    shapes = (write(SHAPES, name="shapes.ttl"),)
    alone = judged(Validation(documents=(write(NAMELESS),), shapes=shapes), store)
    both = judged(
        Validation(documents=(write(NAMELESS),), shapes=shapes, profile="document"), store
    )
    assert len(alone.report.audit) == 1
    assert len(both.report.audit) > 5


def test_an_unknown_profile_names_the_known(store: EmbeddedStore, write: Write) -> None:
    with pytest.raises(UsageError) as raised:
        judged(Validation(documents=(write(NAMELESS),), profile="documents"), store)
    assert "hygiene" in str(raised.value)


def test_broken_shapes_are_named_with_their_line(store: EmbeddedStore, write: Write) -> None:
    broken = write("ex:S sh:targetClass ex:Port ;; sh:minCount .", name="shapes.ttl")
    with pytest.raises(InvalidInput) as raised:
        judged(Validation(documents=(write(NAMELESS),), shapes=(broken,)), store)
    assert (raised.value.source, raised.value.line) == ("shapes.ttl", 3)


def test_a_document_that_unpacks_to_too_much_is_refused(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.ttl.gz"
    path.write_bytes(gzip.compress(b" " * (64 << 20)))
    for gzipped in (True, False):  # the second is not even Turtle, and is not unpacked
        bomb = Upload(path, TURTLE.name, EX, gzipped, "bomb", True)
        with pytest.raises(RatioTooHigh if gzipped else InvalidInput):
            judged(Validation(documents=(bomb,)), store)
