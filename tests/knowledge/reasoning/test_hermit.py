"""HermiT's program: what it answers, and what becomes of everything that is no answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, Triple

from econsec.errors import InvalidInput, NotAvailable
from econsec.knowledge.reasoning.hermit import Hermit, find_hermit
from econsec.knowledge.reasoning.rdfxml import write_rdfxml
from econsec.knowledge.reasoning.view import View
from econsec.rdf.namespaces import OWL, RDF, XSD, Namespace

EX = Namespace("http://example.org/")

Pretend = Callable[..., Hermit]


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretend:
    """HermiT on a `java` that says what the test wants."""

    def make(
        *, output: str = "", errors: str = "", sleep: float = 0, timeout: float = 20
    ) -> Hermit:
        (tmp_path / "output").write_text(output)
        (tmp_path / "errors").write_text(errors)
        java = tmp_path / "java"
        java.write_text(f'#!/bin/sh\ncd "{tmp_path}"\ncat output\ncat errors >&2\nsleep {sleep}\n')
        java.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        return find_hermit(timeout=timeout)

    return make


def test_without_java_nothing_is_judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotAvailable, match="HermiT needs Java 17 or newer on the PATH") as caught:
        find_hermit(timeout=1)
    assert caught.value.exit_code == 4


def test_a_java_that_does_not_start_is_no_java(tmp_path: Path) -> None:
    hermit = Hermit(str(tmp_path / "gone"), deadline=float("inf"), memory=64)
    with pytest.raises(NotAvailable, match="HermiT needs Java 17"):
        hermit.is_consistent(tmp_path / "x.rdf")


@pytest.mark.parametrize(
    "errors",
    [
        'Exception in thread "main" java.lang.UnsupportedClassVersionError: x has been compiled',
        "The operation couldn’t be completed. Unable to locate a Java Runtime.",
    ],
)
def test_a_java_that_is_too_old_is_no_java(pretend: Pretend, tmp_path: Path, errors: str) -> None:
    with pytest.raises(NotAvailable, match="HermiT needs Java 17"):
        pretend(errors=errors).is_consistent(tmp_path / "x.rdf")


def test_the_deadline_holds_for_all_questions_together(pretend: Pretend, tmp_path: Path) -> None:
    hermit = pretend(output="x", sleep=60, timeout=0.2)
    for ask in (hermit.is_consistent, hermit.empty_classes):
        with pytest.raises(NotAvailable, match="did not answer in time"):
            ask(tmp_path / "x.rdf")


def test_too_little_memory_is_no_verdict(pretend: Pretend, tmp_path: Path) -> None:
    errors = 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat a.b(C)'
    with pytest.raises(NotAvailable, match="ran out of memory"):
        pretend(errors=errors).is_consistent(tmp_path / "x.rdf")


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        ("", "it said nothing"),
        ("Segmentation fault", "Segmentation fault"),
        (
            'Exception in thread "main" java.lang.IllegalArgumentException: The given property'
            " hierarchy is\n not regular.\n\tat org.semanticweb.HermiT(Unknown Source)",
            "The given property hierarchy is not regular.$",
        ),
        ('Exception in thread "main" java.lang.NullPointerException\n\tat a.b', "NullPointer"),
    ],
)
def test_what_is_no_answer_is_an_error_and_no_verdict(
    pretend: Pretend, tmp_path: Path, errors: str, reason: str
) -> None:
    for ask in (pretend(errors=errors).is_consistent, pretend(errors=errors).empty_classes):
        with pytest.raises(InvalidInput, match=f"HermiT cannot judge the ontology: .*{reason}"):
            ask(tmp_path / "x.rdf")


def test_both_ways_of_saying_no_are_understood(pretend: Pretend, tmp_path: Path) -> None:
    thrown = 'Exception in thread "main" x.y.InconsistentOntologyException: Inconsistent ontology'
    path = tmp_path / "x.rdf"
    assert not pretend(errors=thrown).is_consistent(path)
    assert not pretend(output=f"{OWL('Thing').value} is not satisfiable.\n").is_consistent(path)
    assert pretend(output=f"{OWL('Thing').value} is satisfiable.\n").is_consistent(path)


@pytest.mark.java
def test_a_datatype_that_hermit_does_not_know_is_an_error(tmp_path: Path) -> None:
    on = Triple(EX("on"), RDF("type"), OWL("DatatypeProperty"))
    day = Triple(EX("x"), EX("on"), Literal("2022-04-01", datatype=XSD("date")))
    path = write_rdfxml(View((on, day)), tmp_path / "dated.rdf")
    with pytest.raises(InvalidInput, match="not part of the OWL 2 datatype map"):
        find_hermit(timeout=60).is_consistent(path)
