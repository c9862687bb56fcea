"""Dumps of a data set, packed from the N-Triples of its graphs.

`python -m econsec.knowledge.packing pack|canonical FOLDER` is run as a process of its
own: sorting and hashing millions of lines would keep the service from answering. Its
order lies in the folder, and it prints what came of it as JSON.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse, serialize

from econsec.rdf.namespaces import PREFIXES

__all__ = ["ORDER", "Packed", "canonical_hash", "pack"]

ORDER = "order.json"
"""In the folder: `graphs`, pairs of a file of N-Triples and the IRI of its graph (`null` for
the default graph), and `name`, what the names of the dumps begin with."""

_QUADS = "all.nq"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the dump, its bytes, the SHA-256 of them in hexadecimal."""

    name: str
    size: int
    sha256: str


def pack(folder: Path, name: str, graphs: Mapping[str, str | None]) -> dict[str, Any]:
    """Write `name.nq.gz` and `name.trig.gz`: the same bytes for the same triples.

    `graphs` has the IRI for each file of N-Triples as the engine writes them, a line for
    each. The lines of each graph are sorted, and of equal ones there is one.
    """
    every = folder / _QUADS
    lines = 0
    with every.open("wb") as output:
        for file, graph in graphs.items():
            for line in _sorted(folder / file):
                output.write(_in_graph(line, graph))
                lines += 1
    with _compressed(folder / f"{name}.nq.gz") as output, every.open("rb") as quads:
        while block := quads.read(_BLOCK):
            output.write(block)
    with _compressed(folder / f"{name}.trig.gz") as output:
        serialize(
            parse(path=every, format=RdfFormat.N_QUADS), output, RdfFormat.TRIG, prefixes=PREFIXES
        )
    files = [_packed(folder / f"{name}.{suffix}.gz") for suffix in ("nq", "trig")]
    return {"quads": lines, "files": [asdict(each) for each in files]}


def canonical_hash(quads: Path) -> str:
    """The SHA-256 of the canonical N-Quads (RDFC-1.0): equal for equal data sets.

    Blank nodes that are made to be alike take for ever: end the process at a deadline.
    """
    dataset = Dataset(parse(path=quads, format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = cast(bytes, serialize(dataset, format=RdfFormat.N_QUADS)).splitlines(keepends=True)
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line)
    return digest.hexdigest()


def _sorted(path: Path) -> Iterable[bytes]:
    with path.open("rb") as lines:
        return dict.fromkeys(sorted(lines))


def _in_graph(line: bytes, graph: str | None) -> bytes:
    if graph is None:
        return line
    return line.removesuffix(b".\n") + f"{NamedNode(graph)} .\n".encode()


@contextmanager
def _compressed(path: Path) -> Iterator[IO[bytes]]:
    """A compressed file without a name and a date in it."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as file,
    ):
        yield cast(IO[bytes], file)


def _packed(path: Path) -> Packed:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Packed(path.name, path.stat().st_size, digest.hexdigest())


def _main(work: str, folder: Path) -> None:
    if work == "canonical":
        told: object = canonical_hash(folder / _QUADS)
    else:
        order = json.loads((folder / ORDER).read_text("utf-8"))
        told = pack(folder, order["name"], dict(order["graphs"]))
    print(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
