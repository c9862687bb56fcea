"""`econsec reason`: what is written where, and how it ends."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASES = Path(__file__).resolve().parents[1] / "cases" / "reasoning" / "consistency"
ONTOLOGY = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:State a owl:Class ; rdfs:subClassOf ex:Actor ; owl:disjointWith ex:Person .
ex:Actor a owl:Class . ex:Person a owl:Class .
"""
MANIFEST = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix es: <https://w3id.org/econsec/ontology#> .
@prefix graph: <https://w3id.org/econsec/graph/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix void: <http://rdfs.org/ns/void#> .
<> a void:Dataset , dcat:Dataset ; owl:versionInfo "1" ;
    void:subset graph:ontology , graph:facts .
graph:ontology a void:Dataset ; es:graphRole es:MergedGraph ; void:dataDump <ontology.ttl> .
graph:facts a void:Dataset ; es:graphRole es:MergedGraph ; void:dataDump <fact.ttl> .
"""
FACT = "<http://example.org/japan> a <http://example.org/State> ."
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CONCLUSION = f"<http://example.org/japan> {TYPE} <http://example.org/Actor> .\n".encode()

Command = Callable[..., Any]


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    path = tmp_path / "ontology.ttl"
    path.write_text(ONTOLOGY)
    return path


@pytest.fixture
def fact(tmp_path: Path) -> Path:
    path = tmp_path / "fact.ttl"
    path.write_text(FACT)
    return path


@pytest.fixture
def clash(tmp_path: Path) -> Path:
    path = tmp_path / "clash.ttl"
    path.write_text("<http://example.org/japan> a <http://example.org/Person> .")
    return path


@pytest.fixture
def manifest(tmp_path: Path, ontology: Path, fact: Path) -> Path:
    path = tmp_path / "manifest.ttl"
    path.write_text(MANIFEST)
    return path


def test_what_follows_goes_to_standard_output(econsec: Command, ontology: Path, fact: Path) -> None:
    run = econsec("reason", fact, "--ontology", ontology)
    assert (run.code, run.out, run.err) == (0, CONCLUSION, "1 triples inferred\n")


def test_the_data_set_of_a_manifest_is_reasoned_over(econsec: Command, manifest: Path) -> None:
    run = econsec("reason", "--manifest", manifest)
    assert (run.code, run.out) == (0, CONCLUSION)


def test_files_meet_the_ontology_of_the_manifest(
    econsec: Command, manifest: Path, clash: Path
) -> None:
    run = econsec("reason", clash, "--manifest", manifest)
    assert (run.code, run.out) == (0, b"")


def test_files_meet_the_packaged_ontology(econsec: Command) -> None:
    run = econsec("reason", CASES / "broken-data.ttl")
    utopia = "<https://w3id.org/econsec/id/actor/utopia>"
    actor = "<https://w3id.org/econsec/ontology#Actor>"
    assert run.code == 1
    assert f"{utopia} {TYPE} {actor} .\n".encode() in run.out
    assert "cax-adc: actor:utopia is both es:State and es:Person, which owl:AllDis" in run.err


def test_the_packaged_data_set_contradicts_nothing(econsec: Command) -> None:
    run = econsec("reason")
    lines = run.out.splitlines()
    assert run.code == 0
    assert lines == sorted(lines)
    assert len(lines) > 1000
    assert run.err == f"{len(lines):,} triples inferred\n"


def test_an_ontology_alone_can_be_reasoned_over(econsec: Command, ontology: Path) -> None:
    run = econsec("reason", "--ontology", ontology)
    assert (run.code, run.out) == (0, b"")


def test_a_contradiction_is_named_and_the_conclusions_are_written_all_the_same(
    econsec: Command, ontology: Path, fact: Path, clash: Path
) -> None:
    run = econsec("reason", fact, clash, "--ontology", ontology)
    assert (run.code, run.out) == (1, CONCLUSION)
    assert run.err.splitlines()[1] == (
        "cax-dw: <http://example.org/japan> is both <http://example.org/State> and"
        " <http://example.org/Person>, which <http://example.org/State> owl:disjointWith"
        " <http://example.org/Person> forbids"
    )


@pytest.mark.parametrize(
    ("options", "name"),
    [((), "out.ttl"), (("-f", "ttl"), "out"), (("--format", "text/turtle"), "out.nt")],
)
def test_the_format_is_named_or_seen_from_the_file(
    econsec: Command,
    tmp_path: Path,
    ontology: Path,
    fact: Path,
    options: tuple[str, ...],
    name: str,
) -> None:
    run = econsec("reason", fact, "--ontology", ontology, "-o", tmp_path / name, *options)
    assert (run.code, run.out) == (0, b"")
    text = (tmp_path / name).read_text()
    assert "<http://example.org/japan> a <http://example.org/Actor> ." in text


def test_data_come_on_standard_input_and_compressed(
    econsec: Command, tmp_path: Path, ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = io.BytesIO(FACT.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert econsec("reason", "-", "--ontology", ontology).out == CONCLUSION
    (tmp_path / "fact.nt.gz").write_bytes(gzip.compress(FACT.replace(" a ", f" {TYPE} ").encode()))
    assert econsec("reason", tmp_path / "fact.nt.gz", "--ontology", ontology).out == CONCLUSION


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ex:x a ex:Y .", "broken.ttl:1:1: The prefix ex: has not been declared"),
        ("<http://e/p> a <http://www.w3.org/2002/07/owl#FunctionalProperty> .", "merges values"),
    ],
)
def test_an_ontology_that_cannot_be_used_writes_nothing(
    econsec: Command, tmp_path: Path, text: str, said: str
) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(text)
    run = econsec("reason", "--ontology", broken, "-o", tmp_path / "out.nt")
    assert run.code == 3
    assert said in run.err
    assert not (tmp_path / "out.nt").exists()


def test_a_file_that_is_not_there_and_a_format_that_is_not_written(
    econsec: Command, tmp_path: Path, ontology: Path
) -> None:
    assert econsec("reason", tmp_path / "gone.ttl", "--ontology", ontology).code == 3
    assert econsec("reason", "--ontology", ontology, "-f", "csv").code == 2
    assert econsec("reason", "--ontology", ontology, "-o", tmp_path / "out.csv").code == 2


def test_without_java_the_verdict_is_missing(
    econsec: Command, tmp_path: Path, ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = econsec("reason", "--ontology", ontology, "--consistency")
    assert (run.code, run.out) == (4, b"")
    assert "HermiT needs Java 17 or newer on the PATH" in run.err


@pytest.mark.java
def test_the_verdict_is_printed_instead_of_the_triples(
    econsec: Command, tmp_path: Path, ontology: Path, fact: Path, clash: Path
) -> None:
    run = econsec("reason", fact, "--ontology", ontology, "--consistency")
    assert run.code == 0
    assert run.out.startswith(b"consistent (HermiT, ")
    out = tmp_path / "out.nt"
    broken = econsec("reason", fact, clash, "--ontology", ontology, "--consistency", "-o", out)
    assert broken.code == 1
    assert broken.out.startswith(b"inconsistent (HermiT, ")
    assert "owl:disjointWith" in broken.err
    assert out.read_bytes() == CONCLUSION


@pytest.mark.java
def test_the_packaged_data_set_is_consistent(econsec: Command) -> None:
    run = econsec("reason", "--consistency")
    assert run.code == 0
    assert run.out.startswith(b"consistent (HermiT, ")


@pytest.mark.java
def test_a_verdict_that_takes_too_long_is_none(econsec: Command, ontology: Path) -> None:
    run = econsec("reason", "--ontology", ontology, "--consistency", "--timeout", "0.01")
    assert (run.code, run.out) == (4, b"")
    assert "HermiT did not answer in time (give it more with --timeout)" in run.err
