"""Dumps: the same bytes for the same triples, and the same hash for the same data."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from econsec.knowledge.packing import ORDER, canonical_hash, pack

ONE = '<x:a> <x:p> "二" .\n<x:a> <x:p> _:b .\n_:b <x:p> "line\\nbreak" .\n<x:a> <x:p> "二" .\n'
TWO = "<x:c> <x:p> <x:d> .\n"


def folder(tmp_path: Path, one: str = ONE) -> Path:
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "1").write_text(one, "utf-8")
    (tmp_path / "2").write_text(TWO, "utf-8")
    return tmp_path


GRAPHS = {"1": "http://example.org/g", "2": None}


def test_both_files_have_every_statement_in_its_graph(tmp_path: Path) -> None:
    told = pack(folder(tmp_path), "d-1", GRAPHS)
    assert told["quads"] == 4
    syntaxes = (RdfFormat.N_QUADS, RdfFormat.TRIG)
    found = []
    for each, syntax in zip(told["files"], syntaxes, strict=True):
        packed = (tmp_path / each["name"]).read_bytes()
        assert (each["size"], each["sha256"]) == (len(packed), hashlib.sha256(packed).hexdigest())
        found.append({str(quad) for quad in parse(gzip.decompress(packed), syntax)})
    assert found[0] == found[1]
    assert sum("example.org/g" in quad for quad in found[0]) == 3
    lines = gzip.decompress((tmp_path / "d-1.nq.gz").read_bytes()).splitlines()
    assert lines[:3] == sorted(lines[:3])


def test_the_order_of_the_triples_and_the_time_leave_no_trace(tmp_path: Path) -> None:
    shuffled = "".join(reversed(ONE.splitlines(keepends=True)))
    one = pack(folder(tmp_path / "one"), "d-1", GRAPHS)
    two = pack(folder(tmp_path / "two", shuffled), "d-1", GRAPHS)
    assert one == two
    assert (tmp_path / "one" / "d-1.nq.gz").read_bytes()[4:8] == bytes(4)


def test_the_canonical_hash_depends_on_no_name_of_a_blank_node(tmp_path: Path) -> None:
    pack(folder(tmp_path / "one"), "d", GRAPHS)
    pack(folder(tmp_path / "two", ONE.replace("_:b", "_:other")), "d", GRAPHS)
    pack(folder(tmp_path / "three", ONE.replace("二", "三")), "d", GRAPHS)
    hashes = [canonical_hash(tmp_path / each / "all.nq") for each in ("one", "two", "three")]
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_canonical_hash_is_the_one_of_the_recommendation(tmp_path: Path) -> None:
    """Canonical N-Quads (https://www.w3.org/TR/rdf-canon/, 5 and B) written by hand."""
    pack(folder(tmp_path), "d", GRAPHS)
    expected = (
        '<x:a> <x:p> "二" <http://example.org/g> .\n'
        "<x:a> <x:p> _:c14n0 <http://example.org/g> .\n"
        "<x:c> <x:p> <x:d> .\n"
        '_:c14n0 <x:p> "line\\nbreak" <http://example.org/g> .\n'
    )
    lines = sorted(expected.encode().splitlines(keepends=True))
    assert canonical_hash(tmp_path / "all.nq") == hashlib.sha256(b"".join(lines)).hexdigest()


@pytest.mark.parametrize("work", ["pack", "canonical"])
def test_it_runs_as_a_process(tmp_path: Path, work: str) -> None:
    order = {"name": "d", "graphs": [*GRAPHS.items()]}
    (folder(tmp_path) / ORDER).write_text(json.dumps(order))
    pack(tmp_path, "d", GRAPHS)
    run = subprocess.run(
        [sys.executable, "-m", "econsec.knowledge.packing", work, str(tmp_path)],
        capture_output=True,
        check=True,
    )
    told = json.loads(run.stdout)
    assert told == canonical_hash(tmp_path / "all.nq") if work == "canonical" else told["quads"]
