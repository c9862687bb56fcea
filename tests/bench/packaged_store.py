"""The packaged data set as a store that another process can load by name."""

from __future__ import annotations

from econsec.engine.embedded import EmbeddedStore
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.settings import Settings


def packaged() -> EmbeddedStore:
    return EmbeddedStore(build(Manifest.read(default_manifest())).store, Settings())
