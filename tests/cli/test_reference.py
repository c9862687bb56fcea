"""`econsec reference` writes the pages, and `--check` tells when they are out of date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from econsec.paths import resources

Econsec = Callable[..., Any]


def test_written_pages_pass_the_check(econsec: Econsec, tmp_path: Path) -> None:
    assert econsec("reference", "-o", tmp_path).code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "ontology.md",
        "queries.md",
        "settings.md",
    }
    assert econsec("reference", "--check", "-o", tmp_path).code == 0


def test_a_changed_page_fails_the_check_and_is_left_as_it_is(
    econsec: Econsec, tmp_path: Path
) -> None:
    econsec("reference", "-o", tmp_path)
    page = tmp_path / "queries.md"
    page.write_text(page.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    run = econsec("reference", "--check", "-o", tmp_path)
    assert run.code == 1
    assert "queries.md is out of date" in run.err
    assert page.read_text(encoding="utf-8").endswith("More.\n")


def test_the_committed_pages_are_up_to_date(econsec: Econsec) -> None:
    assert econsec("reference", "--check", "-o", resources() / "docs").code == 0
