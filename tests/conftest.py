"""Fixtures of all tests: where the test data is, what a test may need, and the data set."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pyoxigraph import Store
from xdist.scheduler import LoadScopeScheduling

from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest

ROOT = Path(__file__).resolve().parent.parent


_TOGETHER = ("tests/conformance/", "tests/packaging/", "tests/web/writing/")
"""Folders whose tests share what takes long to make: each stays on one process."""

_BY_MODULE = "tests/e2e/"
"""The folder whose modules stay together, each with a browser of its own."""


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """What `xdist_group` is for, which pytest-xdist 3.8.0 does not see under pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_BY_MODULE):
            return nodeid.partition("::")[0]
        return next((folder for folder in _TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _Together(config, log)


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
