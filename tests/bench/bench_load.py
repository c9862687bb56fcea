"""Loading many triples: by `econsec load`, through the graph store, and by the native server.

ECONSEC_TEST_BENCH_SCALE    triples; the first of several sizes counts
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx
import pytest

sys.path.append(str(Path(__file__).parent))

from service.data import Shape, write

from service import servers

TRIPLES = int(os.environ.get("ECONSEC_TEST_BENCH_SCALE", "200000").split(",")[0])
TOKEN = "a-token-of-the-benchmark"
GRAPH = "urn:bench"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    path = tmp_path_factory.mktemp("load") / "data.nt"
    return path, write(path, Shape(TRIPLES))


@contextmanager
def writable(folder: Path) -> Iterator[httpx.Client]:
    """A server over a new location, which takes `TOKEN`."""
    tokens = folder / "tokens"
    tokens.write_text(f"bench {TOKEN}\n")
    tokens.chmod(0o600)
    arguments = ("--token-file", str(tokens))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with servers.econsec(folder / "location", *arguments) as address:
        root = f"http://{address.host}:{address.port}"
        with httpx.Client(base_url=root, headers=headers, timeout=600) as client:
            yield client


def put(folder: Path, data: Path) -> float:
    """Seconds of a PUT of the file, until it is durable and visible."""
    with writable(folder) as client, data.open("rb") as body:
        started = perf_counter()
        answer = client.put(
            "/store",
            params={"graph": GRAPH},
            content=body,
            headers={"Content-Type": "application/n-triples"},
        )
        seconds = perf_counter() - started
        assert answer.status_code == 201, answer.text
        count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
        counted = client.get("/sparql", params={"query": count, "format": "csv", "timeout": "120"})
        assert counted.text.split()[0] == "n", counted.text
    return seconds


def test_loading(data: tuple[Path, int], tmp_path: Path) -> None:
    file, triples = data
    native = servers.load_oxigraph(file, tmp_path / "native")
    seconds = {
        "oxigraph load": native,
        "econsec load --no-infer": servers.load_econsec(file, tmp_path / "loaded"),
        "PUT to the graph store": put(tmp_path, file),
    }
    print(f"\n{triples:,} triples, {file.stat().st_size / 1e6:.0f} MB of N-Triples")
    for name, taken in seconds.items():
        rate = triples / taken
        print(f"  {name:26} {taken:7.2f} s {rate:10,.0f} triples/s {taken / native:6.2f} × native")
