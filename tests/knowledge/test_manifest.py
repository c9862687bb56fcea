"""The manifest: what it says, and where its errors point."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.manifest import INFERRED, ONTOLOGY, VOID_GRAPH, Manifest, Role
from econsec.paths import resources


@pytest.fixture
def manifest(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    shutil.copytree(root / "tests" / "cases" / "dataset", folder)
    return folder / "manifest.ttl"


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} must stand once in {path.name}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def refused(path: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        Manifest.read(path)
    assert caught.value.source == str(path)
    return caught.value


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_reads_the_data_set(manifest: Path) -> None:
    read = Manifest.read(manifest)
    assert read.tree is None
    assert read.iri == NamedNode("https://example.org/data")
    assert read.version == "0.1.0"
    assert read.modified == date(2026, 11, 23)
    assert (read.title_en, read.title_ja) == ("Ports", "港")
    assert read.licence == NamedNode("https://creativecommons.org/licenses/by/4.0/")


def test_reads_an_entry_of_every_role(manifest: Path) -> None:
    read = Manifest.read(manifest)
    one = next(entry for entry in read.graphs if entry.iri.value.endswith("section/one"))
    assert (one.title_en, one.title_ja) == ("Section one", "第一節")
    assert one.source == NamedNode("https://example.org/document")
    assert [dump.path for dump in one.files] == [manifest.with_name("one.ttl")]
    assert read.with_role(Role.NAMED_ONLY) == (
        NamedNode("https://example.org/graph/notes"),
        VOID_GRAPH,
    )
    assert ONTOLOGY in read.with_role(Role.MERGED)
    assert read.with_role(Role.GENERATED) == (INFERRED,)


def test_graphs_come_in_the_order_of_their_iris(manifest: Path) -> None:
    iris = [entry.iri.value for entry in Manifest.read(manifest).graphs]
    assert iris == sorted(iris)


def test_a_dump_below_the_base_iri_is_a_resource_of_the_package(manifest: Path) -> None:
    change(manifest, "<one.ttl>", "<https://w3id.org/econsec/ontology/core.ttl>")
    read = Manifest.read(manifest)
    files = [dump for entry in read.graphs for dump in entry.files]
    core = next(dump for dump in files if dump.iri == "https://w3id.org/econsec/ontology/core.ttl")
    assert core.path == resources() / "ontology" / "core.ttl"


@pytest.mark.parametrize("name", ["absent.ttl", "absent"])
def test_missing_manifest(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path / name)
    assert "No such file" in error.detail


def test_a_folder_is_no_manifest(manifest: Path) -> None:
    error = refused(manifest.parent)
    assert error.detail == "this is a folder, not a manifest"
    assert error.remedy is not None


def test_unreadable_turtle_has_its_place(manifest: Path) -> None:
    change(manifest, 'owl:versionInfo "0.1.0"', 'owk:versionInfo "0.1.0"')
    error = refused(manifest)
    assert (error.line, error.column) == (line_of(manifest, "owk:"), 5)
    assert "owk:" in error.detail


def test_missing_file(manifest: Path) -> None:
    manifest.with_name("two.ttl").unlink()
    error = refused(manifest)
    assert f"does not exist: {manifest.with_name('two.ttl')}" in error.detail
    assert error.line == line_of(manifest, "ex:section\\/two a void:Dataset")


def test_missing_evidence_has_its_remedy_and_may_be_asked_for(manifest: Path) -> None:
    change(manifest, "ex:notes ,", "ex:notes , <https://example.org/graph/evidence> ,")
    with manifest.open("a", encoding="utf-8") as file:
        file.write(
            "<https://example.org/graph/evidence>"
            " es:graphRole es:NamedOnlyGraph ; void:dataDump <evidence.ttl> .\n"
        )
    error = refused(manifest)
    assert f"does not exist: {manifest.with_name('evidence.ttl')}" in error.detail
    assert error.line == line_of(manifest, "<evidence.ttl>")
    assert error.column is not None
    assert error.remedy == "`econsec evidence build --source FILE` writes it"
    graphs = Manifest.read(manifest, without_evidence=True).graphs
    (evidence,) = (entry for entry in graphs if entry.is_evidence)
    assert [dump.path for dump in evidence.files] == [manifest.with_name("evidence.ttl")]
    manifest.with_name("two.ttl").unlink()
    with pytest.raises(InvalidInput, match=r"two\.ttl") as caught:
        Manifest.read(manifest, without_evidence=True)
    assert caught.value.remedy is None


@pytest.mark.parametrize(
    "dump",
    [
        "http://example.org/one.ttl",
        "https://example.org/one.ttl",
        "file://fileserver/one.ttl",
        "https://w3id.org/econsec/../../../../etc/hostname",
    ],
)
def test_a_dump_elsewhere_is_refused(manifest: Path, dump: str) -> None:
    change(manifest, "<one.ttl>", f"<{dump}>")
    error = refused(manifest)
    assert dump in error.detail
    assert "nothing is ever fetched" in error.detail
    assert error.line == line_of(manifest, dump)


def test_a_listed_graph_must_be_described(manifest: Path) -> None:
    change(manifest, "ex:notes ,", "ex:notes , ex:rumours ,")
    error = refused(manifest)
    assert "unknown graph <https://example.org/graph/rumours>" in error.detail
    assert error.line == line_of(manifest, "ex:rumours")


def test_a_described_graph_must_be_listed(manifest: Path) -> None:
    change(manifest, "ex:section\\/two , ex:notes", "ex:notes")
    error = refused(manifest)
    assert "unknown graph <https://example.org/graph/section/two>" in error.detail
    assert error.line == line_of(manifest, "ex:section\\/two a void:Dataset")


def test_a_graph_needs_a_role(manifest: Path) -> None:
    change(
        manifest,
        "    es:graphRole es:MergedGraph ;\n    void:dataDump <two.ttl>",
        "    void:dataDump <two.ttl>",
    )
    error = refused(manifest)
    assert "has no role" in error.detail
    assert error.line == line_of(manifest, "ex:section\\/two a void:Dataset")


def test_a_graph_has_one_role(manifest: Path) -> None:
    change(
        manifest,
        "es:NamedOnlyGraph ;\n    void:dataDump <notes.ttl>",
        "es:NamedOnlyGraph , es:MergedGraph ;\n    void:dataDump <notes.ttl>",
    )
    error = refused(manifest)
    assert "more than one" in error.detail
    assert error.line == line_of(manifest, "ex:notes a void:Dataset")


def test_an_unknown_role(manifest: Path) -> None:
    change(
        manifest,
        "es:NamedOnlyGraph ;\n    void:dataDump <notes.ttl>",
        "es:SecretGraph ;\n    void:dataDump <notes.ttl>",
    )
    assert "is not a role" in refused(manifest).detail


def test_the_same_graph_twice(manifest: Path) -> None:
    change(manifest, "ex:notes ,", "ex:notes , ex:section\\/one ,")
    error = refused(manifest)
    assert "twice" in error.detail
    assert error.line == line_of(manifest, "<https://example.org/graph/section/one> a")


def test_a_graph_described_in_two_places_with_two_titles(manifest: Path) -> None:
    with manifest.open("a", encoding="utf-8") as file:
        file.write('\nex:section\\/one dcterms:title "Another section"@en .\n')
    assert "more than one" in refused(manifest).detail


def test_a_graph_without_a_file(manifest: Path) -> None:
    change(manifest, "es:NamedOnlyGraph ;\n    void:dataDump <notes.ttl>", "es:NamedOnlyGraph")
    assert "has no file" in refused(manifest).detail


def test_the_inferred_graph_has_no_file(manifest: Path) -> None:
    change(manifest, "es:GeneratedGraph", "es:GeneratedGraph ; void:dataDump <notes.ttl>")
    error = refused(manifest)
    assert "is generated" in error.detail
    assert error.line == line_of(manifest, "graph:inferred a void:Dataset")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("es:NamedOnlyGraph ;\n    void:dataDump <notes.ttl>", "es:GeneratedGraph"),
        ("es:GeneratedGraph", "es:MergedGraph ; void:dataDump <notes.ttl>"),
    ],
)
def test_reasoning_writes_one_graph(manifest: Path, before: str, after: str) -> None:
    change(manifest, before, after)
    assert "is the graph that reasoning writes" in refused(manifest).detail


def test_a_version_is_needed(manifest: Path) -> None:
    change(manifest, '    owl:versionInfo "0.1.0" ;\n', "")
    error = refused(manifest)
    assert "owl:versionInfo" in error.detail
    assert error.line == line_of(manifest, "<https://example.org/data>")


def test_modified_is_a_date(manifest: Path) -> None:
    change(manifest, "2026-11-23", "23 November")
    assert "not a date" in refused(manifest).detail


def test_a_manifest_without_a_data_set(manifest: Path) -> None:
    manifest.write_text("<https://example.org/data> a <https://example.org/D> .", encoding="utf-8")
    assert "void:subset" in refused(manifest).detail


def test_a_manifest_of_two_data_sets(manifest: Path) -> None:
    with manifest.open("a", encoding="utf-8") as file:
        file.write("\n<https://example.org/other> void:subset ex:notes .\n")
    assert "<https://example.org/data> and <https://example.org/other>" in refused(manifest).detail


def test_a_link_is_an_iri(manifest: Path) -> None:
    change(manifest, "<https://example.org/document>", '"the document"')
    assert "not an IRI" in refused(manifest).detail


def test_a_manifest_in_its_tree_stands_for_that_tree(tmp_path: Path) -> None:
    for part in ("data", "ontology", "shapes"):
        shutil.copytree(resources() / part, tmp_path / part)
    manifest = Manifest.read(tmp_path / "data" / "manifest.ttl")
    assert manifest.tree == tmp_path.resolve()
    files = [dump.path for graph in manifest.graphs for dump in graph.files]
    assert files and all(path.is_relative_to(tmp_path.resolve()) for path in files)
    files[0].unlink()
    with pytest.raises(InvalidInput, match="does not exist"):
        Manifest.read(tmp_path / "data" / "manifest.ttl")
