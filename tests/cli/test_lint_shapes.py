"""`econsec lint-shapes`: a line for each fault, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

HEAD = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
GOOD = HEAD + 'ex:S sh:targetClass ex:A ; sh:class ex:B ; sh:message "No." .\n'


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    file = tmp_path / "shapes.ttl"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_the_packaged_shapes_are_without_fault(econsec: Command) -> None:
    outcome = econsec("lint-shapes")
    assert (outcome.code, outcome.out) == (0, b"")
    assert outcome.err.endswith("errors: 0, advice: 0\n")


def test_each_fault_is_a_line_with_its_place(econsec: Command, shapes: Path) -> None:
    with shapes.open("a", encoding="utf-8") as file:
        file.write("ex:T a sh:NodeShape ;\n  sh:minCuont 1 .\n")
    outcome = econsec("lint-shapes", shapes)
    error, advice = outcome.out.decode().splitlines()
    assert outcome.code == 1
    assert error.startswith(f"{shapes}:4: error: <https://example.org/T> uses sh:minCuont")
    assert error.endswith("(did you mean sh:minCount?)")
    assert advice.startswith(f"{shapes}:4: advice: <https://example.org/T> has no target")
    assert outcome.err == "files: 1, errors: 1, advice: 1\n"


def test_advice_is_no_failure(econsec: Command, shapes: Path) -> None:
    shapes.write_text(GOOD.replace(' ; sh:message "No."', ""), encoding="utf-8")
    outcome = econsec("lint-shapes", shapes)
    assert (outcome.code, outcome.out.count(b"advice: ")) == (0, 1)


def test_files_are_taken_together(econsec: Command, shapes: Path, tmp_path: Path) -> None:
    user = tmp_path / "user.ttl"
    user.write_text(HEAD + 'ex:U sh:targetNode ex:u ; sh:node ex:S ; sh:message "No." .\n')
    assert econsec("lint-shapes", user).code == 1
    assert econsec("lint-shapes", user, shapes).code == 0


def test_a_file_that_is_no_rdf(econsec: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("ex:S a .")
    outcome = econsec("lint-shapes", broken)
    assert (outcome.code, outcome.out) == (3, b"")
    assert f"{broken}:1:" in outcome.err
