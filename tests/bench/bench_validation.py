"""How long validation takes: the packaged data, and generated designations by the engine.

Each size and engine has a process of its own, so that its peak of memory is its own. It
reads N-Triples and judges them by the full profile, aggregates included: by themselves,
and as a document that somebody brings.

ECONSEC_TEST_BENCH_VALIDATION    sizes in triples, by commas
ECONSEC_TEST_BENCH_REFERENCE     the largest of them that pySHACL judges too
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from econsec.knowledge.conformance import (
    conformance_of_data,
    conformance_of_documents,
    load_shapes,
)
from econsec.knowledge.graph_texts import texts_of_document
from econsec.knowledge.locating import UNNAMED
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.reading import read_document
from econsec.knowledge.shapes import Engine
from econsec.knowledge.shapes.data import Data
from econsec.knowledge.shapes.validation import judge
from econsec.paths import resources

SIZES = [
    int(size)
    for size in os.environ.get("ECONSEC_TEST_BENCH_VALIDATION", "10000,100000,1000000").split(",")
]
REFERENCE_UP_TO = int(os.environ.get("ECONSEC_TEST_BENCH_REFERENCE", "100000"))
ROUNDS = 5
PACKAGED_LIMIT, LARGE_LIMIT, TIMES_FASTER, PEAK_LIMIT = 1.0, 10.0, 20.0, 1500.0
"""What the project promises: seconds, seconds of a million, times pySHACL's, megabytes."""

BEFORE_BACKGROUND = "documents"
"""As `econsec validate FILE` does: before the ontology and the law, with all inferences."""

GENERATED = Path(__file__).resolve().parents[1] / "shapes"


@dataclass(frozen=True)
class Run:
    """One validation in a process of its own."""

    way: str
    triples: int
    results: int
    seconds: float
    cpu: float
    peak: float
    """Megabytes of the process."""


def test_packaged_data() -> None:
    manifest = Manifest.read(default_manifest())
    shapes = load_shapes(resources() / "shapes", profile="all")
    judging: list[float] = []
    whole: list[float] = []
    for _ in range(ROUNDS):
        started = perf_counter()
        report = conformance_of_data(manifest, shapes=shapes)
        whole.append(perf_counter() - started)
        assert report.seconds is not None
        judging.append(report.seconds)
    nodes = sum(audit.focus_nodes for audit in report.audit)
    print(f"\nThe packaged data, full profile: {nodes:,} focus nodes (median of {ROUNDS})")
    print(
        f"  judged                      {median(judging):8.3f} s",
        kept(median(judging), PACKAGED_LIMIT),
    )
    print(f"  read, inferred and judged   {median(whole):8.3f} s")


def test_generated_designations(tmp_path: Path) -> None:
    sys.path.append(str(GENERATED))
    from generated import generate  # type: ignore[import-not-found]

    runs: list[Run] = []
    for size in SIZES:
        file = tmp_path / f"{size}.nt"
        file.write_text(generate(size).text, encoding="utf-8")
        engines = [e for e in Engine if e is Engine.FAST or size <= REFERENCE_UP_TO]
        runs += (measured(file, way) for way in (*engines, BEFORE_BACKGROUND))
    print(f"\nGenerated designations, full profile (load average {os.getloadavg()[0]:.1f})")
    print("  way            triples   results  seconds      CPU  µs/triple  peak MB")
    for run in runs:
        each = run.cpu / run.triples * 1e6
        print(
            f"  {run.way:11} {run.triples:10,} {run.results:9,} {run.seconds:8.2f} "
            f"{run.cpu:8.2f} {each:10.1f} {run.peak:8.0f}"
        )
    compare(runs)


def compare(runs: list[Run]) -> None:
    """Print the aims, and whether they are kept."""
    fast = [run for run in runs if run.way == Engine.FAST]
    slow = [run for run in runs if run.way == Engine.REFERENCE]
    if slow:
        at = slow[-1]
        same = next(run for run in fast if run.triples == at.triples)
        assert same.results == at.results
        ratio = at.cpu / same.cpu
        verdict = "kept" if ratio >= TIMES_FASTER else "NOT KEPT"
        print(
            f"  pySHACL takes {ratio:.1f} times the CPU time at {at.triples:,} triples: {verdict}"
        )
    growth = (fast[-1].cpu / fast[-1].triples) / (fast[0].cpu / fast[0].triples)
    print(f"  time per triple at {fast[-1].triples:,} : at {fast[0].triples:,} = {growth:.2f}")
    print(f"  seconds at the largest size: {kept(fast[-1].seconds, LARGE_LIMIT)}")
    print(f"  peak of memory: {kept(fast[-1].peak, PEAK_LIMIT)}")


def kept(measured: float, limit: float) -> str:
    """Whether a figure keeps to its limit."""
    return f"{'kept' if measured < limit else 'NOT KEPT'}: the limit is {limit:g}"


def measured(file: Path, way: str) -> Run:
    """A validation by this file as a program."""
    command = (sys.executable, __file__, str(file), way)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout))


def peak() -> float:
    """The most memory that this program had; `ru_maxrss` would count what started it, too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found is not None
    return int(found[1]) / 1000


def main() -> None:
    """Validate a file, and say how that went."""
    file, way = Path(sys.argv[1]), sys.argv[2]
    shapes = load_shapes(resources() / "shapes", profile="all")
    started, cpu = perf_counter(), process_time()
    read = read_document(file)
    if way == BEFORE_BACKGROUND:
        report = conformance_of_documents(
            [read], manifest=Manifest.read(default_manifest()), shapes=shapes
        )
    else:
        (text,) = texts_of_document(read, graph=UNNAMED)
        report = judge(Data(text.text), shapes=shapes, engine=Engine(way))
    run = Run(
        way=way,
        seconds=perf_counter() - started,
        cpu=process_time() - cpu,
        triples=file.read_bytes().count(b"\n"),
        results=len(report.results),
        peak=peak(),
    )
    print(json.dumps(asdict(run)))


if __name__ == "__main__":
    main()
