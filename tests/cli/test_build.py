"""`econsec build`: what it reports, what it writes and when it does not."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from econsec.engine.location import Location
from econsec.knowledge.reports import Report

QUERY = """\
#+ title: {en: A port without cranes, ja: クレーンのない港}
#+ description: {en: Every port has cranes., ja: 港にはクレーンがある。}
PREFIX ex: <https://example.org/>
SELECT ?port WHERE { ?port a ex:Port FILTER NOT EXISTS { ?port ex:cranes ?n } }
"""


Command = Callable[..., Any]


@pytest.fixture
def manifest(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    shutil.copytree(root / "tests" / "cases" / "dataset", folder)
    return folder / "manifest.ttl"


@pytest.fixture
def query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with one hygiene query, and no shapes."""
    folder = tmp_path / "resources" / "queries" / "hygiene"
    folder.mkdir(parents=True)
    (folder / "crane-missing.rq").write_text(QUERY, encoding="utf-8")
    monkeypatch.setattr("econsec.service.checks.resources", lambda: tmp_path / "resources")
    monkeypatch.setattr("econsec.service.checks.validate", lambda _: Report((), ()))


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_it_reports_on_standard_error_and_writes_nothing(econsec: Command, manifest: Path) -> None:
    before = sorted(manifest.parent.parent.rglob("*"))
    outcome = econsec("build", "--no-check", "--manifest", manifest)
    assert (outcome.code, outcome.out) == (0, b"")
    assert "Version 0.1.0" in outcome.err
    assert "inferred" in outcome.err
    assert sorted(manifest.parent.parent.rglob("*")) == before


def test_the_report_as_json(econsec: Command, manifest: Path) -> None:
    outcome = econsec("build", "--no-check", "--manifest", manifest, "-f", "json")
    assert (outcome.code, outcome.err) == (0, "")
    report = json.loads(outcome.out)
    assert (report["version"], report["modified"]) == ("0.1.0", "2026-11-23")
    graphs = {graph["iri"]: graph for graph in report["graphs"]}
    one = graphs["https://example.org/graph/section/one"]
    assert one["title"] == {"en": "Section one", "ja": "第一節"}
    assert (one["role"], one["triples"]) == ("merged", 5)
    assert graphs["https://w3id.org/econsec/graph/inferred"]["triples"] == report["inferred"] > 0
    assert report["seconds"].keys() == {"read", "merge", "infer", "look for contradictions"}


def test_without_inference(econsec: Command, manifest: Path) -> None:
    outcome = econsec("build", "--no-check", "--no-infer", "--manifest", manifest, "-f", "json")
    assert json.loads(outcome.out)["inferred"] == 0


def test_two_builds_write_the_same_bytes(econsec: Command, manifest: Path, tmp_path: Path) -> None:
    for name in ("a.nq", "b.nq", "a.nq.gz", "b.nq.gz"):
        assert (
            econsec("build", "--no-check", "--manifest", manifest, "-o", tmp_path / name).code == 0
        )
    content = (tmp_path / "a.nq").read_bytes()
    assert content == (tmp_path / "b.nq").read_bytes()
    assert content.splitlines() == sorted(content.splitlines())
    packed = (tmp_path / "a.nq.gz").read_bytes()
    assert packed == (tmp_path / "b.nq.gz").read_bytes()
    assert gzip.decompress(packed) == content


@pytest.mark.parametrize("name", ["a.trig", "a.jsonld", "a.nq"])
def test_the_files_name_tells_the_format(
    econsec: Command, manifest: Path, tmp_path: Path, name: str
) -> None:
    assert econsec("build", "--no-check", "--manifest", manifest, "-o", tmp_path / name).code == 0
    store = Store()
    store.load((tmp_path / name).read_bytes(), RdfFormat.from_extension(name.partition(".")[2]))
    assert bool(
        store.query(
            "ASK { ?port ?cranes 7 GRAPH <https://example.org/graph/section/one> { ?port ?p 7 } }"
        )
    )


def test_a_format_without_graphs_is_refused(
    econsec: Command, manifest: Path, tmp_path: Path
) -> None:
    outcome = econsec("build", "--no-check", "--manifest", manifest, "-o", tmp_path / "a.ttl")
    assert outcome.code == 2
    assert ".nq" in outcome.err
    assert not (tmp_path / "a.ttl").exists()


def test_it_publishes_into_a_location(econsec: Command, manifest: Path, tmp_path: Path) -> None:
    assert econsec("build", "--no-check", "--manifest", manifest, "-l", tmp_path / "here").code == 0
    store = Location(tmp_path / "here").open_current()
    assert bool(store.query("ASK { <https://example.org/kobe> a <https://example.org/Port> }"))


@pytest.mark.usefixtures("query")
def test_what_passes_the_checks_is_written(
    econsec: Command, manifest: Path, tmp_path: Path
) -> None:
    assert econsec("build", "--manifest", manifest, "-o", tmp_path / "a.nq").code == 0
    assert (tmp_path / "a.nq").exists()


@pytest.mark.usefixtures("query")
def test_defects_are_named_and_nothing_is_written(
    econsec: Command, manifest: Path, tmp_path: Path
) -> None:
    append(manifest.with_name("two.ttl"), "ex:naha a ex:Seaport .\n")
    arguments = ("--manifest", manifest, "-l", tmp_path / "here", "-o", tmp_path / "a.nq")
    outcome = econsec("build", *arguments)
    assert outcome.code == 1
    assert "crane-missing: A port without cranes: port=<https://example.org/naha>" in outcome.err
    assert "defects: 1; nothing is written" in outcome.err
    assert not (tmp_path / "here").exists()
    assert not (tmp_path / "a.nq").exists()


@pytest.mark.usefixtures("query")
def test_defects_as_json(econsec: Command, manifest: Path) -> None:
    append(manifest.with_name("two.ttl"), "ex:naha a ex:Seaport .\n")
    outcome = econsec("build", "--manifest", manifest, "-f", "json")
    assert outcome.code == 1
    (defect,) = json.loads(outcome.out)["defects"]
    assert "naha" in defect


def test_the_shapes_are_held_against_the_data(econsec: Command, manifest: Path) -> None:
    thing = "<https://w3id.org/econsec/id/actor/nameless>"
    append(
        manifest.with_name("two.ttl"), f"{thing} a <https://w3id.org/econsec/ontology#Actor> .\n"
    )
    outcome = econsec("build", "--manifest", manifest, "-f", "json")
    assert outcome.code == 1
    found = [defect for defect in json.loads(outcome.out)["defects"] if defect.startswith("esh:")]
    assert any("actor:nameless" in defect for defect in found)


def test_a_contradiction(econsec: Command, manifest: Path, tmp_path: Path) -> None:
    append(manifest.with_name("two.ttl"), "ex:kobe a ex:Airport .\n")
    outcome = econsec("build", "--no-check", "--manifest", manifest, "-o", tmp_path / "a.nq")
    assert outcome.code == 1
    assert "kobe" in outcome.err
    assert not (tmp_path / "a.nq").exists()


def test_unreadable_turtle(econsec: Command, manifest: Path, tmp_path: Path) -> None:
    broken = manifest.with_name("two.ttl")
    append(broken, "ex:kobe ex:cranes .\n")
    (tmp_path / "a.nq").write_text("as it was", encoding="utf-8")
    outcome = econsec(
        "build", "--manifest", manifest, "-o", tmp_path / "a.nq", "-l", tmp_path / "new"
    )
    assert outcome.code == 3
    assert f"{broken}:8:19: " in outcome.err.replace("\n", "")
    assert "Traceback" not in outcome.err
    assert (tmp_path / "a.nq").read_text(encoding="utf-8") == "as it was"
    assert not (tmp_path / "new").exists()


def test_an_unknown_graph_in_the_manifest(econsec: Command, manifest: Path) -> None:
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("ex:notes ,", "ex:notes , ex:other ,"), encoding="utf-8")
    outcome = econsec("build", "--manifest", manifest)
    assert outcome.code == 3
    assert f"{manifest}:14:" in outcome.err.replace("\n", "")
    assert "unknown graph" in outcome.err


def test_a_missing_manifest(econsec: Command, tmp_path: Path) -> None:
    assert econsec("build", "--manifest", tmp_path / "absent.ttl").code == 3


def test_an_unknown_report_format(econsec: Command, manifest: Path) -> None:
    outcome = econsec("build", "--manifest", manifest, "-f", "yaml")
    assert outcome.code == 2
    assert "yaml" in outcome.err
