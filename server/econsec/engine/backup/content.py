"""What a store holds, in numbers that do not depend on how the engine keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from econsec.knowledge.merge import graph_sizes, triples_in_default_graph

__all__ = ["Content", "content_of"]

_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class Content:
    """The quads of a store: how many, in which graphs, and a hash of all.

    `graphs` counts the triples of each named graph, and under the empty name
    those of the default graph. The hash is the sum of the SHA-256 hashes of all
    lines of N-Quads, so that their order makes no difference.
    """

    quads: int
    graphs: Mapping[str, int]
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in a backup."""
        return {"quads": self.quads, "graphs": dict(self.graphs), "sha256": self.sha256}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Content:
        """Raises `KeyError`, `TypeError`, `ValueError` on what is none."""
        graphs = {str(graph): int(triples) for graph, triples in fields["graphs"].items()}
        return cls(int(fields["quads"]), graphs, str(fields["sha256"]))


def content_of(store: ox.Store) -> Content:
    """Read the whole store once. Raises `OSError` and `RuntimeError` where it is broken."""
    lines = _Lines()
    store.dump(cast("IO[bytes]", lines), RdfFormat.N_QUADS)
    named = {graph.value: triples for graph, triples in graph_sizes(store).items()}
    graphs = {"": triples_in_default_graph(store), **named}
    return Content(lines.count, graphs, f"{lines.sum:064x}")


class _Lines:
    """A file that keeps nothing but the number of its lines, and the sum of their hashes."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0
        self._rest = b""

    def write(self, data: bytes) -> int:
        *lines, self._rest = (self._rest + data).split(b"\n")
        hashes = (hashlib.sha256(line).digest() for line in lines)
        self.sum = (self.sum + sum(int.from_bytes(each) for each in hashes)) % _MODULUS
        self.count += len(lines)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: N-Quads end with a line break."""
