"""The catalogue of queries, and a data set to change."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from econsec.knowledge.catalogue import QueryFile, read_catalogue

Catalogue = dict[str, dict[str, QueryFile]]


@pytest.fixture(scope="session")
def catalogue(root: Path) -> Catalogue:
    """The queries by kind and name."""
    kinds = read_catalogue(root / "queries").items()
    return {kind: {query.name: query for query in queries} for kind, queries in kinds}


@pytest.fixture
def draft(dataset: Store) -> Store:
    """A copy of the packaged data set, for a test to change."""
    copy = Store()
    copy.extend(dataset)
    return copy
