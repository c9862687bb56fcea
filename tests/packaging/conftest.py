"""The packages, built once for all tests of this folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    _done([*pip, "--wheel-dir", str(folder), str(root)], root)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def sdist(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source package."""
    folder = tmp_path_factory.mktemp("sdist")
    hatch = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    _done([*hatch, "--directory", str(folder)], root)
    (built,) = folder.glob("*.tar.gz")
    return built


def _done(command: list[str], root: Path) -> None:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
