"""The suites' harness, one run of all suites, and a server for clients."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from w3c.run import Known, Run, known_failures, run  # noqa: E402
from w3c.server import Server, running  # noqa: E402


@pytest.fixture(scope="session")
def suites(test_data: Path) -> Path:
    """The folder of the W3C's suites."""
    return test_data / "w3c"


@pytest.fixture(scope="session")
def outcome(suites: Path) -> Run:
    """Every test of every suite, carried out."""
    return run(suites)


@pytest.fixture(scope="session")
def known() -> tuple[Known, ...]:
    """The failures that are known."""
    return known_failures(HERE / "known_failures.toml")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server whose data each test chooses."""
    with running() as server:
        yield server
