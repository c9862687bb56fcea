"""How long the data set takes: to build, to load into a location, to the first answer.

Everything is measured in turn within one run, so that the ratios hold whatever
else the machine does; the seconds are medians of this run.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from pyoxigraph import Store

from econsec.engine.loading import install, load
from econsec.engine.location import Location
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Dump, GraphEntry, Manifest, default_manifest
from econsec.knowledge.reading import document
from econsec.rdf.formats import TURTLE
from econsec.rdf.namespaces import BASE

ROUNDS = 7
TRIPLES = 30_000
BUILD_LIMIT, ANSWER_LIMIT = 2.0, 3.0
"""Seconds that the project promises: to load and infer, and from start to the first answer."""

COMMAND = (sys.executable, "-c", "from econsec.cli import main; main()")


@pytest.fixture
def manifest() -> Manifest:
    return Manifest.read(default_manifest())


def medians(tasks: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median seconds of each task; the tasks take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            started = perf_counter()
            task()
            seconds[name].append(perf_counter() - started)
    return {name: median(taken) for name, taken in seconds.items()}


def show(title: str, results: dict[str, float], *, unit: str) -> None:
    """Print a table of seconds and of ratios to the task `unit`."""
    print(f"\n{title} (median of {ROUNDS}, ratio to {unit!r})")
    for name, taken in results.items():
        print(f"  {name:<44} {taken:8.3f} s {taken / results[unit]:8.2f}")


def files(manifest: Manifest) -> Iterator[tuple[GraphEntry, Dump]]:
    return ((entry, dump) for entry in manifest.graphs for dump in entry.files)


def parse_only(manifest: Manifest) -> None:
    """The least that any build must do: the engine reads each file into a store."""
    store = Store()
    for entry, dump in files(manifest):
        store.load(path=dump.path, base_iri=dump.iri, to_graph=entry.iri)


def enlarged(manifest: Manifest, folder: Path, triples: int) -> Manifest:
    """The manifest with copies of its sections, about different things, up to `triples`."""
    sections = [(e, d) for e, d in files(manifest) if "/source/" in e.iri.value]
    built = build(manifest)
    size = sum(count.triples for count in built.graphs if "/source/" in count.entry.iri.value)
    copies = []
    for number in range(1, 1 + (triples - built.merged) // size):
        for entry, dump in sections:
            path = folder / f"{number}-{dump.path.name}"
            text = dump.path.read_text(encoding="utf-8")
            path.write_text(text.replace(f"{BASE}id/", f"{BASE}id/copy-{number}/"), "utf-8")
            iri = type(entry.iri)(f"{entry.iri.value}-{number}")
            copies.append(replace(entry, iri=iri, files=(Dump(path.as_uri(), path),)))
    return replace(manifest, graphs=(*manifest.graphs, *copies))


def bench(manifest: Manifest, title: str) -> None:
    built = build(manifest)
    results = medians(
        {
            "engine parses the files": lambda: parse_only(manifest),
            "build without inference": lambda: build(manifest, infer=False),
            "build": lambda: build(manifest),
        }
    )
    show(
        f"{title}: {built.merged:,} + {built.inferred:,} triples",
        results,
        unit="engine parses the files",
    )
    print("  of it", ", ".join(f"{step.name} {step.seconds:.3f} s" for step in built.steps))


def test_build(manifest: Manifest) -> None:
    bench(manifest, "The packaged data set")


def test_build_of_a_larger_data_set(manifest: Manifest, tmp_path: Path) -> None:
    bench(enlarged(manifest, tmp_path, TRIPLES), f"About {TRIPLES:,} triples")


def test_location(manifest: Manifest, tmp_path: Path) -> None:
    built = build(manifest)
    location = Location.create(tmp_path / "here")
    text = b"<https://example.org/a> <https://example.org/p> 1 ."
    given = document(text, name="given", format=TURTLE)
    results = medians(
        {
            "build in memory": lambda: build(manifest),
            "publish what was built": lambda: install(location, built, drop_others=True),
            "load one triple, infer anew and publish": lambda: load(
                location, [given], graph="https://example.org/graph"
            ),
        }
    )
    show("On disk", results, unit="build in memory")


@contextmanager
def served() -> Iterator[str]:
    """A server on a free port, and its address as soon as it says so."""
    command = [*COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+/sparql", process.stdout.readline())
            assert found is not None, "the server did not say where it listens"
            yield found[0]
        finally:
            process.terminate()


def first_answer() -> None:
    with served() as endpoint:
        query = quote("ASK { ?thing a <https://w3id.org/econsec/ontology#Good> }")
        with urlopen(f"{endpoint}?query={query}") as response:
            assert b"true" in response.read()


def test_processes() -> None:
    """Whole processes, with the start of the interpreter and all imports."""
    tasks: dict[str, Callable[[], object]] = {
        "python starts": lambda: run(sys.executable, "-c", ""),
        "econsec build --no-check": lambda: run(*COMMAND, "--quiet", "build", "--no-check"),
        "econsec serve, to the first answer": first_answer,
    }
    results = medians(tasks)
    show("Processes", results, unit="python starts")
    print(f"  load average {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    for name, limit in zip(list(tasks)[1:], (BUILD_LIMIT, ANSWER_LIMIT), strict=True):
        verdict = "kept" if results[name] < limit else "NOT KEPT"
        print(f"  {name}: {verdict}: the limit is {limit} s; {cpu(tasks[name]):.3f} s on the CPU")


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def cpu(task: Callable[[], object]) -> float:
    """The CPU seconds of the processes that `task` starts: what it takes on an idle machine."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    task()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
