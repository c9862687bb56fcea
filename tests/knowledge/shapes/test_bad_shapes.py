"""Shapes that cannot be used are told apart from data that break them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from econsec.errors import EconSecError, InvalidInput, Refused, UsageError
from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.reading import read_document
from econsec.knowledge.shapes import validate
from econsec.knowledge.shapes.linting import check

HEAD = """\
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def load(folder: Path, text: str, *, name: str = "bad.ttl", head: str = HEAD) -> Path:
    """Read a file of shapes, and check them as a validation does."""
    file = folder / name
    file.write_text(head + dedent(text), encoding="utf-8")
    check(load_shapes(folder, profile=None, files=[file]), documents=[read_document(file)])
    return file


def failure(folder: Path, text: str, *, name: str = "bad.ttl", head: str = HEAD) -> EconSecError:
    with pytest.raises(EconSecError) as raised:
        load(folder, text, name=name, head=head)
    error = raised.value
    assert error.source == str(folder / name)
    return error


def test_sound_shapes_load(tmp_path: Path) -> None:
    load(tmp_path, "ex:S sh:targetClass ex:A ; sh:class ex:B .")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bad.ttl", "ex:S a sh:NodeShape ;; a .\n"),
        ("bad.ttl", "%PDF-1.7"),
        ("bad.nt", "<https://example.org/S> a <https://example.org/T> .\n"),
        ("bad.rdf", "<rdf:RDF\n<oops"),
        ("bad.jsonld", "[{"),
        ("bad.ttl", "ex:S\n  unknown:p 1 ."),
    ],
)
def test_what_is_no_rdf_has_a_place(tmp_path: Path, name: str, text: str) -> None:
    error = failure(tmp_path, text, name=name, head=HEAD if name == "bad.ttl" else "")
    assert isinstance(error, InvalidInput)
    assert error.line is not None and error.column is not None


@pytest.mark.parametrize("name", ["shapes.pdf", "shapes"])
def test_a_file_of_another_type(tmp_path: Path, name: str) -> None:
    error = failure(tmp_path, "", name=name)
    assert ".ttl" in str(error.remedy)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_shapes(tmp_path, profile=None, files=[tmp_path / "absent.ttl"])


def test_a_profile_that_does_not_exist(root: Path) -> None:
    with pytest.raises(UsageError, match="no profile 'hygeine'"):
        load_shapes(root / "shapes", profile="hygeine")


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        (
            """
            ex:S sh:targetClass ex:A ;
                sh:property [
                    sh:path ex:p ;
                    sh:minCuont 1 ] .
            """,
            6,
            "the property shape for <https://example.org/p> in <https://example.org/S> uses",
            "sh:minCount",
        ),
        ("\n\nex:S sh:targetNode 1 ; sh:property ex:P .", 6, "nothing is said", "describe it"),
        ("\nex:S sh:targetNode 1 ; sh:in [ ] .", 5, "no well-formed list", "RDF list"),
        (
            """
            ex:A sh:targetNode 1 ; sh:node ex:B .
            ex:B sh:not ex:A .
            """,
            5,
            "recurs: <https://example.org/A> uses <https://example.org/B>",
            "end it with a shape",
        ),
        ("ex:S sh:pattern 'a(?=b)' .", 4, "a look-ahead", "every engine"),
        ("ex:S sh:targetNode 1 ; sh:rule [] .", 4, "SHACL Advanced Features", "SHACL Core"),
        ("\nex:S sh:js [] .", 5, "SHACL-JS", "SHACL Core"),
        (
            "ex:S sh:targetNode 1 ;\n sh:sparql [ sh:select '''SELECT $this {\n ? }''' ] .",
            5,
            "cannot be read",
            "",
        ),
    ],
)
def test_broken_shapes(tmp_path: Path, text: str, line: int, problem: str, remedy: str) -> None:
    error = failure(tmp_path, text)
    assert (type(error), error.line) == (InvalidInput, line)
    assert error.detail.startswith("the shapes cannot be used: ")
    assert problem in error.detail
    assert remedy in (error.remedy or "")
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("\n<> owl:imports <https://elsewhere.org/shapes> .", 5, "imports <https://elsewhere"),
        ("ex:S sh:js [\n sh:jsLibrary [ sh:jsLibraryURL 'x' ] ] .", 4, "sh:jsLibrary"),
        (
            "ex:S sh:sparql [ sh:select 'SELECT $this { SERVICE <http://x/> { } }' ] .",
            4,
            "SERVICE",
        ),
        (
            "ex:S sh:sparql [ sh:select 'SELECT $this FROM <file:///etc/passwd> { }' ] .",
            4,
            "FROM",
        ),
    ],
)
def test_shapes_that_reach_out(tmp_path: Path, text: str, line: int, problem: str) -> None:
    error = failure(tmp_path, text)
    assert isinstance(error, Refused)
    assert error.line is not None and error.line >= line
    assert problem in error.detail


def test_broken_shapes_are_no_violations(tmp_path: Path) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text(HEAD + "ex:S sh:targetNode ex:a ; sh:minCuont 1 .", encoding="utf-8")
    with pytest.raises(EconSecError, match="sh:minCuont is no term"):
        validate([], shapes=read_document(file).quads())
