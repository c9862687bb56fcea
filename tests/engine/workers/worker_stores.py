"""Stores that a zygote can load by name; on `sys.path` through conftest.py."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Store
from econsec.errors import InvalidInput, NotAvailable
from econsec.settings import Settings

EX = "https://example.org/"
THINGS = 3_000


def things(count: int = THINGS) -> EmbeddedStore:
    """`count` things with a number each, and the first ten in two graphs as well."""
    store = ox.Store()
    number = NamedNode(f"{EX}number")
    quads = [Quad(NamedNode(f"{EX}{n}"), number, Literal(n)) for n in range(count)]
    store.bulk_extend(quads)
    for graph in ("one", "two"):
        name = NamedNode(EX + graph)
        store.extend(Quad(q.subject, q.predicate, q.object, name) for q in quads[:10])
    return EmbeddedStore(store, Settings())


def refused() -> Store:
    raise InvalidInput("the file is broken", source="here.ttl", line=3)


def broken() -> Store:
    raise KeyError("a fault of our own")


def with_reluctant_fork(marker: Path, failures: int) -> EmbeddedStore:
    """The system refuses the first forks; `marker` counts them."""
    fork = os.fork

    def reluctant() -> int:
        if marker.stat().st_size < failures:
            with marker.open("ab") as stream:
                stream.write(b".")
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return fork()

    os.fork = reluctant
    return things(10)


def at_commit(folder: Path, commit: int) -> EmbeddedStore:
    path = folder / str(commit)
    if not path.is_dir():
        raise NotAvailable(f"commit {commit} is not there")
    return EmbeddedStore(ox.Store.read_only(str(path)), Settings())
