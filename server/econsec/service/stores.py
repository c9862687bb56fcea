"""The stores that a command works on: on disk, or the packaged data set in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from econsec.engine.embedded import EmbeddedStore
from econsec.engine.location import Location
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.settings import Settings

__all__ = ["opened"]


@contextmanager
def opened(location: Path | None, settings: Settings) -> Iterator[EmbeddedStore]:
    """The store at `location`, or without one the packaged data set, built afresh.

    Raises `NotAvailable` where the location holds no data set.
    """
    if location is None:
        contents = build(Manifest.read(default_manifest())).store
    else:
        contents = Location(location).open_current()
    store = EmbeddedStore(contents, settings)
    try:
        yield store
    finally:
        store.close()
