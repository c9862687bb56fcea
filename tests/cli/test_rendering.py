"""How an answer becomes a table, at the width that there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store
from rich.cells import cell_len

from econsec.cli.rendering import TABLE, Rendering
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Query
from econsec.knowledge.catalogue import read_query
from econsec.rdf.formats import JSON
from econsec.service.parameters import bindings
from econsec.service.query import Result, answer
from econsec.settings import Settings

Show = Callable[[Result, int | None], str]
RENDERING = Rendering.of(TABLE, None, to_terminal=False)
SAVED = ("bans-in-force", "in-force", "statutory-list")


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Renders an answer as a table of a width, or of none."""

    def shown(result: Result, width: int | None) -> str:
        monkeypatch.delenv("COLUMNS", raising=False)
        if width is not None:
            monkeypatch.setenv("COLUMNS", str(width))
        stream = BytesIO()
        RENDERING.write(result, stream)
        return stream.getvalue().decode()

    return shown


@pytest.fixture(scope="module")
def answers(dataset: Store, root: Path) -> dict[str, Result]:
    """The answers to the saved queries that people read most."""
    store, found = EmbeddedStore(dataset, Settings()), {}
    for name in SAVED:
        query = read_query(root / "queries" / "saved" / f"{name}.rq", kind="saved")
        given = bindings(query.text, query.parameters, values=(), as_of=None)
        asked = Query(query.text, bindings=given)
        found[name] = answer(asked, RENDERING.choose, store=store, settings=Settings())
    return found


def result(names: str, *rows: dict[str, str]) -> Result:
    cells = [{k: {"type": "literal", "value": v} for k, v in row.items()} for row in rows]
    body = {"head": {"vars": names.split()}, "results": {"bindings": cells}}
    return Result(JSON, json.dumps(body).encode(), None)


def values(found: Result) -> list[dict[str, str]]:
    rows: list[dict[str, Any]] = json.loads(found.body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


@pytest.mark.parametrize("name", SAVED)
def test_without_a_terminal_a_row_is_a_line(
    name: str, answers: dict[str, Result], show: Show
) -> None:
    rows = values(answers[name])
    lines = [line for line in show(answers[name], None).splitlines() if line.startswith("│")]
    assert len(lines) == len(rows) > 0
    for row, line in zip(rows, lines, strict=True):
        for key, value in row.items():
            assert value.startswith("http") or value in line, key


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("name", SAVED)
def test_on_a_narrow_terminal_everything_can_be_read(
    name: str, width: int, answers: dict[str, Result], show: Show
) -> None:
    shown, rows = show(answers[name], width), values(answers[name])
    assert f"\n{len(rows)} rows\nasOf: {rows[0]['asOf']}\n" in shown
    grid = [line for line in shown.splitlines() if line.startswith(("│", "┃"))]
    for line in grid:
        assert cell_len(line) <= width
    if grid:
        varying = {key for row in rows for key in row if {r.get(key) for r in rows} != {row[key]}}
        assert varying <= set(re.findall(r"\w+", grid[0]))
    else:
        assert shown.count("\nnameEn: ") + shown.startswith("nameEn: ") == len(rows)
        assert len(re.findall(r"\n\n", shown)) == len(rows)
        for row in rows:
            assert f"nameJa: {row['nameJa']}" in shown


def test_what_does_not_differ_goes_below_where_there_is_no_room(show: Show) -> None:
    rows = [{"day": "2022-06-01", "word": "word " * 8, "n": str(n)} for n in range(2)]
    wide = show(result("day word n none", *rows), 80)
    assert re.search(r"┃ day +┃ word +┃ n ┃ none ┃\n", wide)
    narrow = show(result("day word n none", *rows), 40)
    assert re.search(r"┃ n +┃\n", narrow)
    assert narrow.endswith(f"2 rows\nday: 2022-06-01\nword: {'word ' * 8}\nno value: none\n")


def test_columns_that_cannot_be_read_become_records(show: Show) -> None:
    rows = [{name: f"{name}{n} {'long ' * 4}" for name in "abcd"} for n in range(2)]
    rows[0]["a"] = "first line\nb: no value of b"
    shown = show(result("a b c d", *rows), 40)
    assert shown.startswith("a: first line\n  b: no value of b\nb: b0 long")
    assert len(shown.split("\n\n")) == 3
    assert "│" not in shown
    assert "│" in show(result("a b c d", *rows), 60)


def test_one_row_keeps_its_columns_and_none_its_names(show: Show) -> None:
    shown = show(result("a b", {"a": "x" * 50}), 40)
    assert re.search(r"┃ a +┃\n", shown)
    assert "1 row\nno value: b\n" in shown
    names = "first second third fourth fifth"
    assert re.search(r"┃ first ┃[^0]*\n0 rows\n", show(result(names), 80))
    shown = show(result(names), 40)
    assert shown == f"0 rows\nno value: {names.replace(' ', ', ')}\n"
