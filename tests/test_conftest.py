"""The conditions of the shared fixtures, tried on a small test suite of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest

@pytest.mark.java
def test_with_java():
    pass

def test_with_data(test_data):
    assert (test_data / "README.md").is_file()
"""


def outcome(folder: Path, **environment: str) -> tuple[int, str]:
    """Exit code and last line of a pytest run on `SUITE` under the project's conftest."""
    tests = folder / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_bytes((Path(__file__).parent / "conftest.py").read_bytes())
    (tests / "test_suite.py").write_text(SUITE)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = java\n")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("ECONSEC_", "PYTEST_"))}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return run.returncode, run.stdout.splitlines()[-1]


@pytest.fixture
def java(tmp_path: Path) -> str:
    """A PATH on which the only program is a `java`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "java").write_text("#!/bin/sh\n")
    (folder / "java").chmod(0o755)
    return str(folder)


@pytest.fixture
def data(tmp_path: Path) -> str:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "README.md").touch()
    return str(folder)


def test_everything_runs_where_everything_is_there(tmp_path: Path, java: str, data: str) -> None:
    code, line = outcome(tmp_path, PATH=java, ECONSEC_TEST_DATA=data, ECONSEC_TEST_REQUIRE_DATA="1")
    assert (code, line.split(" in ")[0]) == (0, "2 passed")


def test_the_default_folder_lies_beside_the_project(tmp_path: Path, java: str) -> None:
    project, shared = tmp_path / "project", tmp_path / "shared"
    project.mkdir()
    shared.mkdir()
    (shared / "README.md").touch()
    code, line = outcome(project, PATH=java)
    assert (code, line.split(" in ")[0]) == (0, "2 passed")


def test_what_is_missing_is_skipped(tmp_path: Path) -> None:
    code, line = outcome(tmp_path, PATH="", ECONSEC_TEST_DATA=str(tmp_path / "none"))
    assert (code, line.split(" in ")[0]) == (0, "2 skipped")


def test_what_is_missing_fails_where_it_is_required(tmp_path: Path) -> None:
    code, line = outcome(
        tmp_path, PATH="", ECONSEC_TEST_DATA=str(tmp_path / "none"), ECONSEC_TEST_REQUIRE_DATA="1"
    )
    assert code == 1
    assert "passed" not in line
    assert "skipped" not in line
