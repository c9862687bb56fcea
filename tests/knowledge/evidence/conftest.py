"""A small document, and data that were read from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import Manifest


@pytest.fixture
def town(root: Path, tmp_path: Path) -> Path:
    """A copy of the small data set; `text.txt` is its source."""
    return Path(shutil.copytree(root / "tests" / "cases" / "evidence", tmp_path / "town"))


@pytest.fixture
def mentions(town: Path) -> Mentions:
    """What its data say."""
    return Mentions.read(Manifest.read(town / "manifest.ttl"))


@pytest.fixture
def source(town: Path) -> SourceText:
    """Its text."""
    return SourceText.read(town / "text.txt")
