"""The threat model: every threat has a test, and every test that is named exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ACCEPTED = "Accepted risks"
_HEADING = re.compile(r"^(##) (.+)$|^(###) (.+)$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[^`]+)`")
_ASPECTS = (
    "runs for ever",
    "memory",
    "SERVICE",
    "FROM",
    "JSON-LD contexts",
    "Entities of XML",
    "gzip bomb",
    "Nesting",
    "regular expression",
    "Slow-loris",
    "Slow readers",
    "headers",
    "connections",
    "all workers",
    "passes for many",
    "Poisoning a cache",
    "smuggling",
    "Methods in disguise",
    "Guessing a token",
    "leaks",
    "Forged lines",
    "Lost updates",
    "Half a write",
    "crash",
    "full disk",
    "Tampering with the log",
    "backup",
    "keeps for itself",
    "blank nodes",
    "looks whole",
    "taken over",
    "Metrics",
    "inside",
    "supply chain",
)
"""Words of which each has to stand in the heading of a threat."""


def threats(page: str) -> dict[str, str]:
    """The threats of a page by their headings, with what is said of each."""
    found: dict[str, str] = {}
    headings = [*_HEADING.finditer(page)]
    for heading, after in zip(headings, [*headings[1:], None], strict=True):
        if heading[3] is not None:
            found[heading[4]] = page[heading.end() : len(page) if after is None else after.start()]
    return found


def risks(page: str) -> list[str]:
    """The accepted risks of a page, each with its reason."""
    _, _, section = page.partition(f"\n## {ACCEPTED}\n")
    return [item.replace("\n", " ") for item in re.split(r"^- ", section, flags=re.MULTILINE)[1:]]


def names_in(root: Path, file: str) -> Iterator[str]:
    """The tests of a file as pytest names them, found by parsing it."""
    for node in ast.parse((root / file).read_text("utf-8")).body:
        functions = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{file}::{node.name}::" if isinstance(node, ast.ClassDef) else f"{file}::"
        for function in functions:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield prefix + function.name


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    """The text of the threat model."""
    return (docs / "threat-model.md").read_text("utf-8")


def test_every_test_that_is_named_exists(page: str, root: Path) -> None:
    named = {*_TEST.findall(page)}
    files = {name.partition("::")[0] for name in named}
    assert [file for file in files if not (root / file).is_file()] == []
    existing = {name for file in files for name in names_in(root, file)}
    assert sorted(named - existing) == []


def test_every_threat_has_an_answer_and_a_test(page: str) -> None:
    found = threats(page)
    assert len(found) > 50
    for threat, text in found.items():
        answer, _, tests = text.partition("\nTests:")
        assert len(answer.split()) >= 8, threat
        assert _TEST.search(tests), threat


def test_every_accepted_risk_is_named_and_explained(page: str) -> None:
    found = risks(page)
    assert len(found) > 10
    for risk in found:
        assert re.match(r"\*\*[^*]+\*\*", risk), risk
        assert len(risk.split()) >= 12, risk


@pytest.mark.parametrize("aspect", _ASPECTS)
def test_no_aspect_is_left_out(page: str, aspect: str) -> None:
    assert any(aspect.lower() in threat.lower() for threat in threats(page))


def test_the_check_sees_what_is_missing(tmp_path: Path) -> None:
    text = "## One\n\n### A\n\nIt is.\n\nTests: `tests/a.py::test_b`\n\n### B\n\nIt is not.\n"
    page = f"{text}\n## {ACCEPTED}\n\n- **C.** So\n  it is.\n- **D.**\n"
    assert [*threats(page)] == ["A", "B"]
    assert "Tests:" not in threats(page)["B"]
    assert risks(page) == ["**C.** So   it is. ", "**D.** "]
    (tmp_path / "a.py").write_text("def test_a(): ...\nclass TestB:\n    async def test_c(): ...\n")
    assert [*names_in(tmp_path, "a.py")] == ["a.py::test_a", "a.py::TestB::test_c"]
