"""`econsec hygiene`: a line for each defect, and the exit code."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from econsec.engine.loading import install
from econsec.engine.location import Location
from econsec.knowledge.build import build
from econsec.knowledge.manifest import Manifest

QUERY = """\
#+ title: {en: A port without cranes, ja: クレーンのない港}
#+ description: {en: Every port has cranes., ja: 港にはクレーンがある。}
PREFIX ex: <https://example.org/>
SELECT ?port WHERE { ?port a ex:Port FILTER NOT EXISTS { ?port ex:cranes ?n } } ORDER BY ?port
"""


Command = Callable[..., Any]


@pytest.fixture
def manifest(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small data set, and a catalogue with one hygiene query for it."""
    folder = tmp_path / "resources" / "queries" / "hygiene"
    folder.mkdir(parents=True)
    (folder / "crane-missing.rq").write_text(QUERY, encoding="utf-8")
    monkeypatch.setattr("econsec.cli.hygiene.resources", lambda: tmp_path / "resources")
    shutil.copytree(root / "tests" / "cases" / "dataset", tmp_path / "dataset")
    return tmp_path / "dataset" / "manifest.ttl"


@pytest.fixture
def unclean(manifest: Path) -> Path:
    with manifest.with_name("two.ttl").open("a", encoding="utf-8") as file:
        file.write("ex:naha a ex:Seaport . ex:hakata a ex:Seaport .\n")
    return manifest


EXPECTED = """\
crane-missing: A port without cranes: port=<https://example.org/hakata>
crane-missing: A port without cranes: port=<https://example.org/naha>
"""


def test_each_defect_is_a_line(econsec: Command, unclean: Path) -> None:
    outcome = econsec("hygiene", "--manifest", unclean)
    assert (outcome.code, outcome.out) == (1, EXPECTED.encode())
    assert outcome.err == "queries: 1, defects: 2\n"


def test_a_location_is_looked_at_in_the_same_way(
    econsec: Command, unclean: Path, tmp_path: Path
) -> None:
    install(Location.create(tmp_path / "here"), build(Manifest.read(unclean)))
    outcome = econsec("hygiene", "--location", tmp_path / "here")
    assert (outcome.code, outcome.out) == (1, EXPECTED.encode())


def test_data_without_defects(econsec: Command, manifest: Path) -> None:
    outcome = econsec("hygiene", "--manifest", manifest)
    assert (outcome.code, outcome.out, outcome.err) == (0, b"", "queries: 1, defects: 0\n")


def test_two_data_sets_at_once(econsec: Command, manifest: Path, tmp_path: Path) -> None:
    assert econsec("hygiene", "--manifest", manifest, "--location", tmp_path).code == 2
