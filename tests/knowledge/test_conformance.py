"""A data set, or documents of somebody's own, held against shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.conformance import (
    conformance_of_data,
    conformance_of_documents,
    load_shapes,
)
from econsec.knowledge.manifest import Manifest
from econsec.knowledge.reading import document, read_document
from econsec.knowledge.reports import Report
from econsec.rdf.formats import TRIG, TURTLE
from econsec.rdf.namespaces import BASE, PREFIXES

EX = "https://example.org/"
HEAD = f"@prefix ex: <{EX}> .\n" + "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("es", "good", "graph", "owl", "rdfs", "sh", "void", "xsd")
)
MANIFEST = f"""
ex:data void:subset graph:ontology , graph:reference , graph:source\\/d\\/s1 , graph:inferred ;
    owl:versionInfo "1" .
graph:ontology es:graphRole es:MergedGraph ; void:dataDump <ontology.ttl> .
graph:reference es:graphRole es:MergedGraph ; void:dataDump <reference.ttl> .
graph:source\\/d\\/s1 es:graphRole es:MergedGraph ; void:dataDump <s1.ttl> .
graph:inferred es:graphRole es:GeneratedGraph .
<{BASE}data> a void:Dataset .
"""
FILES = {
    "ontology.ttl": """
        ex:Port a owl:Class . ex:Harbour a owl:Class . ex:Harbour rdfs:subClassOf ex:Port .
        ex:cranes a owl:DatatypeProperty ; rdfs:domain ex:Port .
        ex:near a owl:ObjectProperty .""",
    "reference.ttl": "ex:kobe a ex:Port ; ex:cranes 4 .",
    "s1.ttl": "ex:oki a ex:Harbour ; ex:cranes -1 . ex:sado ex:cranes -2 .",
}
SHAPES = f'''
ex:PortShape a sh:NodeShape ; sh:targetClass ex:Port ;
    sh:property [
        sh:path ex:cranes ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 0
    ] .
ex:ClosureShape a sh:NodeShape ; sh:targetNode <{BASE}data> ; sh:sparql ex:closure .
ex:closure sh:select """SELECT $this ?value WHERE {{
    ?port <{EX}near> ?value . FILTER NOT EXISTS {{ ?value a ?type }} }}""" .
'''


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    for name, text in {**FILES, "manifest.ttl": MANIFEST}.items():
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
    return Manifest.read(tmp_path / "manifest.ttl")


@pytest.fixture
def shapes() -> list[Quad]:
    return list(parse((HEAD + SHAPES).encode(), RdfFormat.TURTLE))


def found(report: Report) -> list[tuple[str, str, str]]:
    """Focus node, component and value, without their namespaces."""
    return [
        (str(r.focus).rpartition("/")[2][:-1], r.component.value.rpartition("#")[2], str(r.value))
        for r in report.results
    ]


def test_inferred_members_of_a_class_are_judged(manifest: Manifest, shapes: list[Quad]) -> None:
    results = conformance_of_data(manifest, shapes=shapes).results
    assert [str(result.focus) for result in results] == [f"<{EX}oki>", f"<{EX}sado>"]


def test_a_result_names_the_graph_that_describes_its_focus_node(
    manifest: Manifest, shapes: list[Quad]
) -> None:
    graphs = {str(r.graph) for r in conformance_of_data(manifest, shapes=shapes).results}
    assert graphs == {f"<{BASE}graph/source/d/s1>"}


def test_literals_are_judged_as_they_were_written(
    manifest: Manifest, shapes: list[Quad], tmp_path: Path
) -> None:
    text = HEAD + 'ex:kobe a ex:Port ; ex:cranes "four"^^xsd:integer .'
    (tmp_path / "reference.ttl").write_text(text)
    components = {
        c for f, c, _ in found(conformance_of_data(manifest, shapes=shapes)) if f == "kobe"
    }
    assert "DatatypeConstraintComponent" in components


def test_only_what_a_document_describes_is_reported(
    manifest: Manifest, shapes: list[Quad], tmp_path: Path
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(HEAD + "ex:naha a ex:Harbour ; ex:cranes -3 ; ex:near ex:kobe .")
    report = conformance_of_documents([read_document(own)], manifest=manifest, shapes=shapes)
    assert [focus for focus, _, _ in found(report)] == ["naha"]
    assert [str(result.graph) for result in report.results] == [f"<{own.as_uri()}>"]
    assert {str(a.shape): a.focus_nodes for a in report.audit}[f"<{EX}PortShape>"] == 1


def test_terms_that_a_document_uses_wrongly_are_reported_of_the_data_set(
    manifest: Manifest, shapes: list[Quad], tmp_path: Path
) -> None:
    (tmp_path / "reference.ttl").write_text(HEAD + "ex:kobe a ex:Port ; ex:near ex:unknown .")
    own = document((HEAD + "ex:naha ex:near ex:typo .").encode(), name="-", format=TURTLE)
    report = conformance_of_documents([own], manifest=manifest, shapes=shapes)
    assert [str(result.value) for result in report.results] == [f"<{EX}typo>"]
    assert [str(result.graph) for result in report.results] == [f"<{BASE}graph/unnamed>"]


def test_a_corrected_source_is_not_held_against_its_older_text(
    manifest: Manifest, shapes: list[Quad], tmp_path: Path
) -> None:
    own = tmp_path / "corrected.ttl"
    own.write_text(HEAD + "ex:oki a ex:Harbour ; ex:cranes 1 . ex:sado ex:cranes 2 .")
    report = conformance_of_documents([read_document(own)], manifest=manifest, shapes=shapes)
    assert report.results == ()


def test_a_file_of_the_background_is_not_held_against_itself(
    manifest: Manifest, shapes: list[Quad], tmp_path: Path
) -> None:
    text = HEAD + "[] a ex:Port ; ex:cranes -1 ."
    (tmp_path / "reference.ttl").write_text(text)
    own = read_document(tmp_path / "reference.ttl")
    report = conformance_of_documents([own], manifest=manifest, shapes=shapes)
    assert len(report.results) == 1


def test_documents_may_name_graphs(manifest: Manifest, shapes: list[Quad]) -> None:
    text = HEAD + "ex:a { ex:naha a ex:Port } ex:b { ex:naha ex:cranes -1 }"
    own = document(text.encode(), name="-", format=TRIG)
    report = conformance_of_documents([own], manifest=manifest, shapes=shapes)
    assert [(str(r.focus), r.graph) for r in report.results] == [
        (f"<{EX}naha>", NamedNode(f"{EX}a"))
    ]


def test_several_documents_are_judged_together(manifest: Manifest, shapes: list[Quad]) -> None:
    texts = ("ex:naha a ex:Port ; ex:cranes 1 .", "ex:naha ex:cranes 2 .")
    own = [
        document((HEAD + text).encode(), name=str(number), format=TURTLE)
        for number, text in enumerate(texts)
    ]
    report = conformance_of_documents(own, manifest=manifest, shapes=shapes)
    assert found(report) == [("naha", "MaxCountConstraintComponent", "None")]


def test_ones_own_shapes_stand_alone_or_beside_a_profile(root: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(HEAD + SHAPES)
    alone = load_shapes(root / "shapes", profile=None, files=[own])
    hygiene = load_shapes(root / "shapes", profile="hygiene")
    assert len(alone) == len(list(parse((HEAD + SHAPES).encode(), RdfFormat.TURTLE)))
    both = load_shapes(root / "shapes", profile="hygiene", files=[own])
    assert len(both) == len(alone) + len(hygiene)


def test_shapes_that_cannot_be_read_are_an_error(root: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("ex:S a sh:NodeShape .")
    with pytest.raises(InvalidInput) as refusal:
        load_shapes(root / "shapes", profile=None, files=[broken])
    assert (refusal.value.source, refusal.value.line) == (str(broken), 1)
    with pytest.raises(UsageError, match="no profile"):
        load_shapes(root / "shapes", profile="hygeine")
