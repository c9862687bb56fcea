"""A data set as one document, the same bytes for the same data set."""

from __future__ import annotations

from typing import cast

from pyoxigraph import Quad, RdfFormat, Store, serialize

from econsec.rdf.formats import Format
from econsec.rdf.namespaces import PREFIXES

__all__ = ["dump"]


def dump(store: Store, format: Format) -> bytes:
    """The whole data set, default graph included, sorted.

    `format` is one that datasets are written in (`Form.DATASET`).
    """
    syntax = cast(RdfFormat, format.engine)
    if syntax == RdfFormat.N_QUADS:
        lines = cast(bytes, store.dump(format=syntax)).splitlines(keepends=True)
        return b"".join(sorted(lines))
    return cast(bytes, serialize(sorted(store, key=_order), format=syntax, prefixes=PREFIXES))


def _order(quad: Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)
