"""The servers under test: each a process of its own, over the same default graph."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from pathlib import Path
from shutil import copytree
from time import perf_counter, sleep

from service.data import NAMESPACE
from service.load import Address

from econsec.rdf.namespaces import BASE
from econsec.settings import Settings

__all__ = [
    "Start",
    "econsec",
    "econsec_in_memory",
    "load_econsec",
    "load_oxigraph",
    "oxigraph",
    "rdflib_endpoint",
]

Start = Callable[[], AbstractContextManager[Address]]

_ROOT = Path(__file__).resolve().parents[3]
_ECONSEC = (sys.executable, "-c", "from econsec.cli import main; main()")
_OXIGRAPH = str(Path(sys.executable).with_name("oxigraph"))
_LOG = _ROOT / "build" / "bench" / "servers.log"
"""What the servers say, the log of each request included."""
_GRAPH = f"{NAMESPACE}graph"
_WAIT = 120.0
"""Seconds that a server has to start."""
_LEAVE = 5.0
"""Seconds that a server has to end, which one with a runaway query may never do."""

_LIFTED = ("quota", "per_client")
"""Settings with these words hold back a single client, and all requests here come from one."""

_MANIFEST = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix es: <{base}ontology#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{base}data> a dcat:Dataset, void:Dataset ;
    <http://www.w3.org/2002/07/owl#versionInfo> "0" ;
    dcterms:title "Benchmark"@en, "ベンチマーク"@ja ;
    dcterms:modified "2023-01-01"^^xsd:date ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    void:subset <{graph}> .
<{graph}> a dcat:Dataset, void:Dataset ;
    dcterms:title "Benchmark"@en, "ベンチマーク"@ja ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    es:graphRole es:MergedGraph ;
    void:dataDump <{base}data/bench.nt> .
"""


def load_econsec(data: Path, location: Path) -> float:
    """Seconds of `econsec load`: one named graph, and the default graph as the merge of all."""
    return _timed(
        [*_ECONSEC, "load", str(data), "-l", str(location), "--graph", _GRAPH, "--no-infer"]
    )


def load_oxigraph(data: Path, location: Path) -> float:
    """Seconds of `oxigraph load`, into the default graph."""
    return _timed([_OXIGRAPH, "load", "--location", str(location), "--file", str(data)])


@contextmanager
def econsec(location: Path, *more: str) -> Iterator[Address]:
    """`econsec serve` over a location on disk."""
    with _econsec("--location", str(location), *more) as address:
        yield address


@contextmanager
def econsec_in_memory(data: Path, folder: Path) -> Iterator[Address]:
    """`econsec serve` over its packaged data: a copy of the package that carries `data`."""
    copytree(_ROOT / "server" / "econsec", folder / "econsec", dirs_exist_ok=True)
    packaged = folder / "econsec" / "resources" / "data"
    packaged.mkdir(parents=True, exist_ok=True)
    (packaged / "bench.nt").write_bytes(data.read_bytes())
    manifest = _MANIFEST.format(base=BASE, graph=_GRAPH)
    (packaged / "manifest.ttl").write_text(manifest, encoding="utf-8")
    with _econsec(PYTHONPATH=str(folder)) as address:
        yield address


@contextmanager
def oxigraph(location: Path) -> Iterator[Address]:
    """The native server."""
    port = _free_port()
    command = [_OXIGRAPH, "serve-read-only", "--location", str(location)]
    with _running([*command, "--bind", f"127.0.0.1:{port}"], _environment()) as process:
        yield _listening(process, Address(port, "/query"))


@contextmanager
def rdflib_endpoint(python: Path, data: Path) -> Iterator[Address]:
    """rdflib-endpoint by the interpreter of its own environment."""
    port = _free_port()
    program = Path(__file__).with_name("rdflib_server.py")
    with _running([str(python), str(program), str(data), str(port)], _environment()) as process:
        yield _listening(process, Address(port, "/sparql"))


@contextmanager
def _econsec(*arguments: str, **environment: str) -> Iterator[Address]:
    command = [*_ECONSEC, "serve", "--port", "0", *arguments]
    with _running(command, _environment(**environment)) as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/sparql", process.stdout.readline())
        assert found is not None, "econsec did not say where it listens"
        yield Address(int(found[1]), "/sparql")


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    with (
        _LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_LEAVE)
            except subprocess.TimeoutExpired:
                process.kill()


def _environment(**more: str) -> dict[str, str]:
    """Nobody's settings but the defaults, without what holds back a single client."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ECONSEC_")}
    for known in fields(Settings):
        if any(word in known.name for word in _LIFTED):
            most = known.metadata.get("most")
            kept[f"ECONSEC_{known.name.upper()}"] = str(10**9 if most is None else most)
    return {**kept, **more}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _listening(process: subprocess.Popen[str], address: Address) -> Address:
    deadline = perf_counter() + _WAIT
    while perf_counter() < deadline:
        assert process.poll() is None, "the server did not start"
        try:
            socket.create_connection((address.host, address.port)).close()
        except ConnectionRefusedError:
            sleep(0.05)
        else:
            return address
    raise AssertionError("the server does not listen")


def _timed(command: Sequence[str]) -> float:
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=_environment())
    return perf_counter() - started
