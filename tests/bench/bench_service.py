"""The service against the native Oxigraph server: same machine, same data, same queries, in turn.

ECONSEC_TEST_BENCH_SECONDS  of measuring each cell (a query, a server, a number of clients)
ECONSEC_TEST_BENCH_ROUNDS   that these seconds are divided into
ECONSEC_TEST_BENCH_SCALE    triples; several sizes with commas between
ECONSEC_TEST_BENCH_PEERS    further servers: rdflib-endpoint
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from service.data import Shape, write
from service.load import ask, request
from service.measuring import Contender, compare
from service.mix import the_mix
from service.peers import NotInstalled, rdflib_endpoint_python
from service.report import disturbance_section, results_section
from service.runaway import disturb
from service.servers import Start

from service import servers

BUILD = Path(__file__).resolve().parents[2] / "build"
CLIENTS = (1, 16)
IN_MEMORY = 100_000
"""Triples up to which the slow and the memory-bound servers take part."""
SLOW_ROUNDS = 1
DISTURBED_ROUNDS = 3
LIGHT = ("ASK", "point lookup", "3-hop path")

SECONDS = float(os.environ.get("ECONSEC_TEST_BENCH_SECONDS", "0.5"))
ROUNDS = int(os.environ.get("ECONSEC_TEST_BENCH_ROUNDS", "3"))
SCALES = [int(n) for n in os.environ.get("ECONSEC_TEST_BENCH_SCALE", "50000").split(",")]
PEERS = os.environ.get("ECONSEC_TEST_BENCH_PEERS", "").split(",")


@dataclass(frozen=True, slots=True)
class Data:
    """The same triples as a file and in the two servers' own formats."""

    shape: Shape
    folder: Path
    triples: int
    loading: str

    @property
    def file(self) -> Path:
        return self.folder / "data.nt"

    @property
    def native(self) -> Start:
        return partial(servers.oxigraph, self.folder / "oxigraph")

    @property
    def econsec(self) -> Start:
        return partial(servers.econsec, self.folder / "econsec")

    @property
    def econsec_in_memory(self) -> Start:
        return partial(servers.econsec_in_memory, self.file, self.folder / "package")


@pytest.fixture(scope="module", params=SCALES, ids="{:,} triples".format)
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Data:
    shape, folder = Shape(request.param), tmp_path_factory.mktemp("bench")
    triples = write(folder / "data.nt", shape)
    own = servers.load_econsec(folder / "data.nt", folder / "econsec")
    native = servers.load_oxigraph(folder / "data.nt", folder / "oxigraph")
    loading = (
        f"Loading into a new folder, process start included: econsec load {own:.1f} s, "
        f"oxigraph load {native:.1f} s, ratio {own / native:.1f}."
    )
    return Data(shape, folder, triples, loading)


@pytest.fixture(scope="module")
def page() -> Iterator[list[str]]:
    """The lines of the report, written as far as the run came."""
    lines = ["# The service against other servers", "", *conditions()]
    yield lines
    (BUILD / "bench").mkdir(parents=True, exist_ok=True)
    (BUILD / "bench" / "service.md").write_text("\n".join(lines), encoding="utf-8")


def conditions() -> list[str]:
    names = ("econsec", "pyoxigraph", "oxigraph", "fastapi", "starlette", "uvicorn")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; {versions}. Load average before: {os.getloadavg()[0]:.1f}.",
        "",
        f"{SECONDS:g} s for each cell in {ROUNDS} rounds, in which the servers take turns query by "
        "query. The clients are one process with raw sockets that are kept open, on the same "
        "machine. First-time texts differ in a constant and in a comment.",
        "",
    ]


def show(page: list[str], lines: list[str]) -> None:
    page += lines
    print("", *lines, sep="\n")


def test_queries(data: Data, page: list[str]) -> None:
    title = f"## {data.triples:,} triples"
    notes = [data.loading, ""]
    with ExitStack() as running:
        contenders = list(entered(data, running, notes))
        results = compare(
            contenders, the_mix(data.shape), clients=CLIENTS, rounds=ROUNDS, seconds=SECONDS
        )
    show(page, [title, "", *notes, *results_section(results, CLIENTS)])


def entered(data: Data, running: ExitStack, notes: list[str]) -> Iterator[Contender]:
    """The servers, the native one first; those that give an ETag are also asked with it."""
    yield Contender("oxigraph", running.enter_context(data.native()))
    own = {"econsec": data.econsec}
    if data.shape.triples <= IN_MEMORY:
        own["econsec (memory)"] = data.econsec_in_memory
    for name, start in own.items():
        contender = Contender(name, running.enter_context(start()))
        yield contender
        if offers_tags(contender):
            yield replace(contender, name=f"{name}, 304", revalidates=True)
    if "rdflib-endpoint" in PEERS and data.shape.triples <= IN_MEMORY:
        try:
            python = rdflib_endpoint_python(BUILD / "bench-venv")
        except NotInstalled as error:
            notes += [f"Without rdflib-endpoint: {error}.", ""]
            return
        peer = servers.rdflib_endpoint(python, data.file)
        yield Contender("rdflib-endpoint", running.enter_context(peer), rounds=SLOW_ROUNDS)


def offers_tags(contender: Contender) -> bool:
    message = request(contender.address, "ASK {}", "application/sparql-results+json")
    return ask(contender.address, message).header("etag") != ""


def test_runaway(data: Data, page: list[str]) -> None:
    probes = [probe for probe in the_mix(data.shape) if probe.name in LIGHT]
    results = disturb(
        {"oxigraph": data.native, "econsec": data.econsec},
        probes,
        clients=CLIENTS[-1],
        rounds=DISTURBED_ROUNDS,
        seconds=4 * SECONDS,
    )
    title = f"### Light queries of {CLIENTS[-1]} clients beside a runaway query"
    show(page, [title, "", *disturbance_section(results)])
