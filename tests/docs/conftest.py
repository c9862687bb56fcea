"""The pages that people wrote about the running service, and what the program says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def docs(root: Path) -> Path:
    """The folder of the pages."""
    return root / "docs"
