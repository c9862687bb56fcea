"""Who may import whom: the direction of the layers, and where each engine may be named.

The rule is read from the syntax tree of every module of the package, so that it
holds for imports inside functions and for modules that are written later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "econsec"
SOURCE = Path(__file__).resolve().parents[2] / "server" / PACKAGE

LAYERS = (
    {"__main__"},
    {"cli"},
    {"web", "mcp"},
    {"service"},
    {"engine"},
    {"knowledge"},
    {"rdf"},
    {"settings"},
    {"paths"},
    {"errors"},
)
"""From the top down. A module imports its own part, or parts of the layers below it."""

HOMES = {
    "fastapi": {"web"},
    "starlette": {"web"},
    "pyshacl": {"knowledge.shapes"},
    "shacl": {"knowledge.shapes"},
    "owlready2": {"knowledge.reasoning"},
    "pyoxigraph": {"rdf", "engine", "knowledge"},
    "SPARQLWrapper": {"engine.remote", "service.endpoint"},
    "owlrl": set(),
}
"""Foreign package → the modules (with all they contain) that alone may import it."""

RANK = {part: rank for rank, parts in enumerate(reversed(LAYERS)) for part in parts}

COMPUTED = "<computed>"

MODULES = sorted(SOURCE.rglob("*.py"))


def module_name(path: Path) -> str:
    """The dotted name of a module below the package: `rdf.turtle`; empty for the package."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, *, module: str, is_package: bool) -> Iterator[str]:
    """The absolute dotted names that a module imports, wherever in its text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(node, module=module, is_package=is_package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            yield literal(node.args[0]) if node.args else COMPUTED


def absolute(node: ast.ImportFrom, *, module: str, is_package: bool) -> str:
    if node.level == 0:
        return node.module or ""
    here = [PACKAGE, *module.split(".")] if module else [PACKAGE]
    above = here[: len(here) - node.level + is_package]
    return ".".join([*above, *([node.module] if node.module else [])])


def called(node: ast.Call) -> str | None:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def literal(node: ast.expr) -> str:
    """A module's name that is written out, or of `f"econsec.cli.{name}"` what is certain."""
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value).rpartition(".")[0] or COMPUTED
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else COMPUTED


def violations(source: str, *, module: str, is_package: bool = False) -> list[str]:
    """What the module imports against the rule, one sentence each."""
    names = imports(source, module=module, is_package=is_package)
    faults = {fault(name, module=module) for name in names}
    return sorted(sentence for sentence in faults if sentence is not None)


def fault(name: str, *, module: str) -> str | None:
    if name == COMPUTED:
        return f"{module} may not import by a computed name"
    top, _, rest = name.partition(".")
    if top == PACKAGE:
        return layer_fault(rest.partition(".")[0], module=module)
    homes = HOMES.get(top)
    if homes is None or any(module == home or module.startswith(f"{home}.") for home in homes):
        return None
    return f"{module} may not import {top}"


def layer_fault(target: str, *, module: str) -> str | None:
    part = module.partition(".")[0]
    # The package's own face may import anything; the version is no module.
    if part == "" or part == target or target == "__version__":
        return None
    if target in {"", "*"}:
        return f"{module} may not import the whole package"
    for name in (part, target):
        if name not in RANK:
            return f"{name} has no layer"
    return None if RANK[target] < RANK[part] else f"{module} may not import {target}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_what_it_may(path: Path) -> None:
    is_package = path.name == "__init__.py"
    found = violations(path.read_text("utf-8"), module=module_name(path), is_package=is_package)
    assert found == []


def test_there_is_something_to_read() -> None:
    assert {"errors", "rdf.namespaces"} <= {module_name(path) for path in MODULES}


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("rdf.new", "import econsec.knowledge.build", ["rdf.new may not import knowledge"]),
        ("rdf.new", "from econsec.engine.store import Store", ["rdf.new may not import engine"]),
        ("rdf.new", "from econsec import service", ["rdf.new may not import service"]),
        ("rdf.new", "from ..web import app", ["rdf.new may not import web"]),
        ("rdf.new", "from .. import web", ["rdf.new may not import web"]),
        (
            "knowledge.new",
            "def f():\n  import econsec.engine",
            ["knowledge.new may not import engine"],
        ),
        ("web.new", "from econsec.cli import main", ["web.new may not import cli"]),
        ("settings", "from econsec.rdf import formats", ["settings may not import rdf"]),
        ("errors", "from econsec import paths", ["errors may not import paths"]),
        (
            "rdf.new",
            "if TYPE_CHECKING:\n  from econsec.service.query import run",
            ["rdf.new may not import service"],
        ),
        (
            "rdf.new",
            "import importlib\nimportlib.import_module('econsec.web')",
            ["rdf.new may not import web"],
        ),
        ("rdf.new", "import_module(f'econsec.web.{x}')", ["rdf.new may not import web"]),
        ("cli.new", "import_module(f'econsec.{x}')", ["cli.new may not import the whole package"]),
        ("rdf.new", "import_module(f'{x}.y')", ["rdf.new may not import by a computed name"]),
        ("rdf.new", "__import__(name)", ["rdf.new may not import by a computed name"]),
        ("new", "import econsec.rdf", ["new has no layer"]),
        ("rdf.new", "import econsec.novelty", ["novelty has no layer"]),
        ("rdf.new", "import econsec", ["rdf.new may not import the whole package"]),
        ("rdf.new", "from econsec import *", ["rdf.new may not import the whole package"]),
        ("service.new", "import pyoxigraph", ["service.new may not import pyoxigraph"]),
        ("cli.new", "from pyoxigraph import Store", ["cli.new may not import pyoxigraph"]),
        ("service.new", "import fastapi.responses", ["service.new may not import fastapi"]),
        (
            "engine.new",
            "from starlette.types import ASGIApp",
            ["engine.new may not import starlette"],
        ),
        ("knowledge.reports", "import pyshacl", ["knowledge.reports may not import pyshacl"]),
        ("knowledge.shapeshift", "import pyshacl", ["knowledge.shapeshift may not import pyshacl"]),
        ("knowledge.build", "import owlready2", ["knowledge.build may not import owlready2"]),
        ("engine.store", "import SPARQLWrapper", ["engine.store may not import SPARQLWrapper"]),
        ("knowledge.reasoning", "import owlrl", ["knowledge.reasoning may not import owlrl"]),
        (
            "rdf.new",
            "import fastapi, econsec.web",
            ["rdf.new may not import fastapi", "rdf.new may not import web"],
        ),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str, expected: list[str]) -> None:
    assert violations(source, module=module) == expected


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("cli.new", "import econsec.web, econsec.service, econsec.errors"),
        ("web.new", "import fastapi, starlette\nfrom econsec.service.query import run"),
        ("engine.new", "import pyoxigraph\nfrom . import store\nfrom ..knowledge import build"),
        ("knowledge.shapes", "import pyshacl"),
        ("knowledge.shapes.reference", "import pyshacl"),
        ("knowledge.reasoning.consistency", "import owlready2"),
        ("cli", "import_module(f'econsec.cli.{name}')"),
        ("engine.remote", "import SPARQLWrapper"),
        ("paths", "from econsec import errors\nfrom econsec import __version__"),
        ("rdf.new", "import re, pyoxigraph\nfrom importlib import import_module"),
        ("__main__", "from econsec.cli import main"),
        ("", "from econsec.service.query import run"),
    ],
)
def test_an_allowed_import_is_not(module: str, source: str) -> None:
    assert violations(source, module=module) == []


def test_relative_imports_start_in_the_package_that_holds_the_module() -> None:
    assert violations("from .web import x", module="rdf", is_package=True) == []
    assert violations("from ..web import x", module="rdf", is_package=True) != []
    assert violations("from .web import x", module="rdf.web") == []
    assert violations("from ..web import x", module="rdf.new") != []
