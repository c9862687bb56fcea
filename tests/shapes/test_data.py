"""The packaged data set keeps to its own shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Quad

from econsec.knowledge.conformance import conformance_of_data
from econsec.knowledge.manifest import Dump, Manifest, default_manifest
from econsec.knowledge.reports import spelt


def test_the_packaged_data_conform(shapes: list[Quad]) -> None:
    report = conformance_of_data(Manifest.read(default_manifest()), shapes=shapes)
    assert [(spelt(r.focus), spelt(r.shape), spelt(r.value)) for r in report.results] == []
    assert sum(audit.focus_nodes for audit in report.audit) > 1000


@pytest.fixture
def with_evidence(tmp_path: Path) -> Callable[[str, str], Manifest]:
    """The manifest of the packaged data, one text of whose evidence is another."""
    manifest = Manifest.read(default_manifest())
    (entry,) = (entry for entry in manifest.graphs if entry.is_evidence)

    def with_evidence(text: str, other: str) -> Manifest:
        (dump,) = entry.files
        evidence = dump.path.read_text(encoding="utf-8")
        assert text in evidence
        path = tmp_path / dump.path.name
        path.write_text(evidence.replace(text, other, 1), encoding="utf-8")
        faulty = replace(entry, files=(Dump(dump.iri, path),))
        return replace(manifest, graphs=tuple(faulty if e is entry else e for e in manifest.graphs))

    return with_evidence


@pytest.mark.parametrize(
    ("text", "other", "shape"),
    [
        ('oa:end "10"^^xsd:', 'oa:end "99999999"^^xsd:', "esh:PassageBoundsShape"),
        ('oa:end "10"^^xsd:', 'oa:end "010"^^xsd:', "esh:selector-end"),
        ("oa:motivatedBy oa:identifying", "oa:motivatedBy oa:liking", "esh:annotation-motivation"),
        (
            "oa:hasBody security-domain:economic-security ;",
            "oa:hasBody security-domain:economic-securty ;",
            "esh:ClosureShape",
        ),
    ],
)
def test_a_fault_in_the_evidence_is_found(
    with_evidence: Callable[[str, str], Manifest],
    shapes: list[Quad],
    text: str,
    other: str,
    shape: str,
) -> None:
    report = conformance_of_data(with_evidence(text, other), shapes=shapes)
    assert shape in {spelt(result.shape) for result in report.results}
    graphs = {result.graph.value.rpartition("/")[2] for result in report.results if result.graph}
    assert "evidence" in graphs
    assert {audit.engine for audit in report.audit} <= {"shacl", "shacl + sparql"}


def test_every_shape_of_evidence_has_something_to_judge(shapes: list[Quad]) -> None:
    report = conformance_of_data(Manifest.read(default_manifest()), shapes=shapes)
    seen = {spelt(audit.shape): audit.focus_nodes for audit in report.audit}
    for shape in ("AnnotationShape", "PassageShape", "TextSelectorShape"):
        assert seen[f"esh:{shape}"] > 1000
