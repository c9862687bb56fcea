"""The stores that a command works on: on disk, or the packaged data set in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from econsec import __version__
from econsec.engine.backends import Fixed
from econsec.engine.backends.on_disk import OnDisk
from econsec.engine.backends.pools import Pools
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.location import Location
from econsec.engine.publication import Publication
from econsec.engine.remotes import AllowList
from econsec.engine.upload import UploadLimits
from econsec.engine.validation import prepare
from econsec.engine.workers import Limits, Source
from econsec.engine.writing.limits import DefaultGraphMode, WriteLimits
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.paths import resources
from econsec.settings import Settings

__all__ = ["location_backend", "opened", "packaged", "packaged_backend"]

_READ = frozenset({".ttl", ".rq"})
_Kind = TypeVar("_Kind", Limits, UploadLimits, WriteLimits)


def packaged(settings: Settings) -> EmbeddedStore:
    """The packaged data set, built afresh in memory."""
    return EmbeddedStore(build(Manifest.read(default_manifest())).store, settings)


@contextmanager
def opened(location: Path | None, settings: Settings) -> Iterator[EmbeddedStore]:
    """The store at `location`, or without one the packaged data set.

    Raises `NotAvailable` where the location holds no data set.
    """
    if location is None:
        store = packaged(settings)
    else:
        store = EmbeddedStore(Location(location).open_current(), settings)
    try:
        yield store
    finally:
        store.close()


def packaged_backend(settings: Settings) -> Fixed:
    """Workers over the packaged data set, which they share in memory; it is loading already."""
    source = Source(partial(_prepared, settings))
    pools = Pools(source, _worker_limits(settings), remote=_remote_limits(settings))
    pools.launch()
    return Fixed(pools, Publication(digest=_digest()))


def location_backend(path: Path, settings: Settings, *, is_writable: bool) -> OnDisk:
    """Workers over a location, and its writer where `is_writable`."""
    location = Location.create(path) if is_writable else Location(path)
    write_limits = _write_limits(settings) if is_writable else None
    return OnDisk(
        location,
        settings,
        _worker_limits(settings),
        remote_limits=_remote_limits(settings),
        write_limits=write_limits,
    )


def _write_limits(settings: Settings) -> WriteLimits:
    mode = DefaultGraphMode(settings.default_graph)
    return _limits(settings, WriteLimits, default_graph=mode)


def _worker_limits(settings: Settings) -> Limits:
    uploads = _limits(settings, UploadLimits)
    renice_seconds = settings.renice_milliseconds / 1_000
    return _limits(settings, Limits, uploads=uploads, renice_seconds=renice_seconds, network=False)


def _remote_limits(settings: Settings) -> Limits | None:
    """The limits of the workers that may ask other endpoints, where there are any to ask.

    Raises `UsageError` where the setting names something else.
    """
    if not AllowList(settings.service_allowed):
        return None
    workers = settings.service_workers
    return replace(_worker_limits(settings), workers=workers, network=True)


def _limits(settings: Settings, kind: type[_Kind], **others: object) -> _Kind:
    """Limits of which each, the `others` aside, is a setting of the same name."""
    names = {field.name for field in fields(kind)} - others.keys()
    return kind(**{name: getattr(settings, name) for name in names}, **others)  # type: ignore[arg-type]


def _prepared(settings: Settings) -> EmbeddedStore:
    store = packaged(settings)
    store.prepare()
    prepare()
    return store


def _digest() -> str:
    """Tells one state of the packaged files, and of the program that reads them, from another."""
    digest = hashlib.sha256(__version__.encode())
    for folder in ("data", "ontology", "shapes", "queries/examples"):
        files = (path for path in (resources() / folder).rglob("*") if path.suffix in _READ)
        for path in sorted(files):
            digest.update(path.read_bytes())
    return digest.hexdigest()
