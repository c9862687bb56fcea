"""Benchmarks are run when they are asked for (`make bench`), not with the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect `bench_*.py`, but only where this folder was named on the command line."""
    asked_for = any(Path(argument).resolve() == HERE for argument in parent.config.args)
    if asked_for and file_path.match("bench_*.py"):
        module: pytest.Module = pytest.Module.from_parent(parent, path=file_path)
        return module
    return None
