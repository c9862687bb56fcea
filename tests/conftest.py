"""Fixtures of all tests: where the test data is, what a test may need, and the data set."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from pyoxigraph import Store

from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest

ROOT = Path(__file__).resolve().parent.parent


def _absent(reason: str) -> NoReturn:
    """Skip the test; fail it where `ECONSEC_TEST_REQUIRE_DATA=1` says that all must be there."""
    if os.environ.get("ECONSEC_TEST_REQUIRE_DATA") == "1":
        pytest.fail(f"{reason}, and ECONSEC_TEST_REQUIRE_DATA=1", pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("java") is not None and shutil.which("java") is None:
        _absent("there is no Java runtime on the PATH")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of test data that is not part of the project: `ECONSEC_TEST_DATA`, `../shared`."""
    folder = (ROOT / os.environ.get("ECONSEC_TEST_DATA", "../shared")).resolve()
    if not folder.is_dir():
        _absent(f"there is no test data in {folder} (set ECONSEC_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def dataset() -> Store:
    """The packaged data set with its inferences; no test may change it."""
    return build(Manifest.read(default_manifest())).store
