"""The wheel: what is in it, and that it works alone, from an empty folder."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# One worker builds and installs once for all of these.
pytestmark = pytest.mark.wheel

RESOURCES = ("ontology", "shapes", "data", "queries")
PINNED = re.compile(r"^([\w.-]+==[^\s\\]+(?: ; [^\\\n]+)?)", re.MULTILINE)

SECTIONS = """
SELECT DISTINCT ?graph WHERE {
  GRAPH ?graph { ?s ?p ?o }
  FILTER(REGEX(STR(?graph), "^https://w3id.org/econsec/graph/source/meti-2023-01/s[0-9]+$"))
}
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment that holds the wheel and what it needs, and an empty folder to work in."""

    programs: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        """The standard output of a program of the environment; fails unless it exits with 0."""
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def pip(*arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installation(root: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    home = tmp_path_factory.mktemp("installation")
    venv.create(home / "venv", symlinks=True)
    programs = home / "venv" / "bin"
    # Constraints may carry no hashes: the wheel itself has none in the lock file.
    constraints = home / "constraints.txt"
    constraints.write_text("\n".join(PINNED.findall((root / "requirements.lock").read_text())))
    pip("--python", programs / "python", "install", "--constraint", constraints, wheel)
    folder = home / "empty"
    folder.mkdir()
    return Installation(programs, folder)


def kept(root: Path) -> Iterator[str]:
    """The files that the package must carry, by their path in the repository."""
    for folder in RESOURCES:
        for path in (root / folder).rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix()


def test_it_carries_ontology_shapes_data_and_queries(root: Path, wheel: Path) -> None:
    prefix = "econsec/resources/"
    names = zipfile.ZipFile(wheel).namelist()
    carried = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    assert carried == set(kept(root))
    assert {name.split("/")[0] for name in carried} == set(RESOURCES)


def test_it_carries_its_licences_and_its_types(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = {name.split("/", 1)[1]: name for name in archive.namelist()}
    assert "py.typed" in names
    assert b"Apache License" in archive.read(names["licenses/LICENSE"])
    assert b"by/4.0/" in archive.read(names["licenses/LICENSE-DATA"])


def test_it_carries_nothing_of_the_workshop(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert len(tops) == 2
    assert "econsec" in tops


def test_the_source_package_can_build_it_again(root: Path, sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert set(kept(root)) <= names
    needed = {"pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA", "Makefile"}
    assert needed | {"hatch_build.py", "server/web/package-lock.json"} <= names


def test_a_clean_environment_has_all_it_needs(installation: Installation, wheel: Path) -> None:
    home = installation.run("python", "-c", "import econsec; print(econsec.__file__)")
    assert Path(home.strip()).is_relative_to(installation.programs.parent)
    assert wheel.name.split("-")[1] in installation.run("econsec", "--version")


def test_it_tells_about_its_data_from_an_empty_folder(
    installation: Installation, wheel: Path
) -> None:
    told = json.loads(installation.run("econsec", "info", "--format", "json"))
    assert told["econsec"] == wheel.name.split("-")[1]
    graphs = {graph["iri"]: graph["triples"] for graph in told["dataset"]["graphs"]}
    assert graphs["https://w3id.org/econsec/graph/ontology"] > 0
    assert graphs["https://w3id.org/econsec/graph/inferred"] > 0
    assert list(installation.folder.iterdir()) == []


def test_it_answers_a_query_from_an_empty_folder(root: Path, installation: Installation) -> None:
    answer = installation.run("econsec", "query", "--query", SECTIONS, "--format", "csv")
    header, *rows = csv.reader(io.StringIO(answer))
    sections = {row[0].rpartition("/")[2] for row in rows}
    files = (root / "data" / "source" / "meti-2023-01").glob("s[0-9]*.ttl")
    assert header == ["graph"]
    assert len(sections) >= 8
    assert sections == {file.stem for file in files}
    assert list(installation.folder.iterdir()) == []
