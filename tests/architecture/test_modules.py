"""What each module says about itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "server" / "econsec"
MODULES = sorted(SOURCE.rglob("*.py"))


def bindings(tree: ast.Module) -> Iterator[str]:
    """The names that the statements at the top of a module bind."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                name.id for t in targets for name in ast.walk(t) if isinstance(name, ast.Name)
            )
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def faults(source: str, *, name: str) -> list[str]:
    """What is wrong with the module's docstring and its `__all__`."""
    tree = ast.parse(source)
    bound = set(bindings(tree))
    offers = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and "__all__" in bindings(ast.Module([node], []))
    ]
    found = [] if ast.get_docstring(tree) is not None or not tree.body else ["no docstring"]
    needs_all = name != "__main__.py" and not (name == "__init__.py" and bound <= {"__version__"})
    if needs_all and len(offers) != 1:
        found.append("no __all__")
    found += [f"{missing} is not there" for offer in offers for missing in set(offer) - bound]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_says_what_it_is_and_what_it_offers(path: Path) -> None:
    assert faults(path.read_text("utf-8"), name=path.name) == []


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ('"""x"""\n__all__ = ["a"]\ndef a(): ...', "a.py", []),
        ('"""x"""\nfrom b import a\n__all__ = ["a"]', "__init__.py", []),
        ('"""x"""\n__version__ = "1"', "__init__.py", []),
        ("", "__init__.py", []),
        ('"""x"""\nfrom b import a\na()', "__main__.py", []),
        ('"""x"""\ndef a(): ...', "a.py", ["no __all__"]),
        ('"""x"""\nfrom b import a', "__init__.py", ["no __all__"]),
        ('"""x"""\n__all__ = ["b"]\na: int = 1', "a.py", ["b is not there"]),
        ("__all__ = []", "a.py", ["no docstring"]),
    ],
)
def test_the_check_sees_what_is_missing(source: str, name: str, expected: list[str]) -> None:
    assert faults(source, name=name) == expected
