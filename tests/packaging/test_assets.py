"""Scripts and styles of the pages: built when they must be, packed, and free to pass on."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

BUILT = "server/econsec/web/static"
PERMISSIVE = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Unlicense"}
ENTRIES = {"style.css", "search.js", "graph.js", "editor.js", "editor.css", "api.js"}
LARGE = {"cytoscape": "network", "vega": "chart"}
TITLE = re.compile(r"(\S+) (?:(\S+) \((.+)\)|\(within (\S+), as its makers publish it\))")


def contents(archive: Path) -> dict[str, bytes]:
    """The files of a package by their path in it."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as whole:
            return {name: whole.read(name) for name in whole.namelist()}
    with tarfile.open(archive) as packed:
        members = ((each.name, packed.extractfile(each)) for each in packed.getmembers())
        return {name: file.read() for name, file in members if file is not None}


def built(archive: Path) -> dict[str, bytes]:
    """The built files, by their path in their folder."""
    within = "web/static/"
    files = contents(archive).items()
    return {name.split(within)[1]: held for name, held in files if within in name}


@pytest.mark.parametrize("package", ["wheel", "sdist"])
def test_the_package_carries_what_the_pages_load(
    request: pytest.FixtureRequest, package: str
) -> None:
    archive: Path = request.getfixturevalue(package)
    held = built(archive)
    manifest: Mapping[str, str] = json.loads(held["manifest.json"])
    assert set(manifest) >= ENTRIES | {"swagger-ui-bundle.js", "swagger-ui.css"}
    assert set(manifest.values()) <= set(held)
    assert "THIRD_PARTY_LICENSES.txt" in held
    imported = re.findall(rb"\./(chunks/[\w-]+\.js)", held[manifest["editor.js"]])
    assert imported and {name.decode() for name in imported} <= set(held)
    assert [name for name in contents(archive) if "node_modules" in name] == []


def test_what_is_large_is_loaded_only_when_it_is_needed(root: Path) -> None:
    folder = root / BUILT
    manifest = json.loads((folder / "manifest.json").read_text())
    entries = [folder / manifest[name] for name in ENTRIES if name.endswith(".js")]
    for marker, chunk in LARGE.items():
        (holder,) = folder.glob(f"chunks/{chunk}-*.js")
        assert holder.stat().st_size > 300_000, marker
        static = re.compile(rf'from"\./(?:chunks/)?{re.escape(holder.name)}"')
        assert [entry.name for entry in entries if static.search(entry.read_text())] == []


@pytest.fixture(scope="module")
def licences(wheel: Path) -> dict[str, tuple[str | None, str]]:
    """Licence and text of each package in the bundle."""
    text = built(wheel)["THIRD_PARTY_LICENSES.txt"].decode()
    parts = [part.strip() for part in text.split(f"\n{'=' * 80}\n")]
    found = {}
    for part in parts:
        title, _, body = part.partition("\n")
        match = TITLE.fullmatch(title)
        assert match is not None, title
        found[match[1]] = (match[3], body.strip())
    return found


def test_each_third_party_package_has_its_licence(
    licences: Mapping[str, tuple[str | None, str]],
) -> None:
    known = {"@zazuko/yasqe", "codemirror", "cytoscape", "cytoscape-fcose", "cytoscape-dagre"}
    assert set(licences) >= known | {"n3", "vega", "vega-lite", "swagger-ui-dist", "react"}
    for name, (licence, text) in licences.items():
        says_where = re.search(r"its home is \S+|is at https://\S+", text, re.IGNORECASE)
        assert len(text) > 300 or says_where, name
        assert licence is not None or says_where, name


def test_all_licences_are_permissive(licences: Mapping[str, tuple[str | None, str]]) -> None:
    for name, (licence, _) in licences.items():
        choices = set(re.split(r" OR ", licence.strip("()"))) if licence else {"MIT"}
        assert choices & PERMISSIVE, f"{name}: {licence}"


@pytest.fixture
def hook(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build hook as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", root / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "hatch_build", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    """The sources of scripts and styles, with nothing built and nothing installed."""
    skip = shutil.ignore_patterns("node_modules")
    shutil.copytree(root / "server" / "web", tmp_path / "server" / "web", ignore=skip)
    shutil.copy(root / "hatch_build.py", tmp_path)
    return tmp_path


def test_what_is_built_is_current_until_a_source_is_newer(hook: ModuleType, checkout: Path) -> None:
    assert not hook.is_current(checkout)
    manifest = checkout / BUILT / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")
    assert hook.is_current(checkout)
    source = checkout / "server" / "web" / "src" / "lib" / "network.js"
    later = manifest.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert not hook.is_current(checkout)


def test_the_source_package_needs_no_node(hook: ModuleType, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    assert hook.is_current(unpacked)


def test_node_comes_from_pypi_where_there_is_none(
    hook: ModuleType, checkout: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = hook.AssetsHook(str(checkout), {}, None, None, "", "wheel")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    (needed,) = asked.dependencies()
    lock = (root / "server" / "web" / "node.lock").read_text()
    assert re.search(rf"^{re.escape(needed)} \\\n +--hash=sha256:", lock, re.MULTILINE)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/bin/npm")
    assert asked.dependencies() == []


def test_it_says_what_is_missing_and_what_helps(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", SHADOWED, str(checkout)],
        env={"PATH": str(checkout)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "There is no npm" in done.stderr
    assert "node.lock" in done.stderr
    assert "Traceback" not in done.stderr


# Without the packages of the environment, of which Node may be one.
SHADOWED = """
import pathlib, runpy, sys, types
name = "hatchling.builders.hooks.plugin.interface"
for at in range(len(name.split("."))):
    sys.modules[".".join(name.split(".")[: at + 1])] = types.ModuleType("x")
class Base:
    def __class_getitem__(cls, _):
        return cls
sys.modules[name].BuildHookInterface = Base
runpy.run_path(pathlib.Path(sys.argv[1], "hatch_build.py"), run_name="__main__")
"""
