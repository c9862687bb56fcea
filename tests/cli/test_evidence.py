"""`econsec evidence` builds, checks and shows evidence, and reports what it covers."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from econsec.rdf.turtle import canonical

Econsec = Callable[..., Any]


@pytest.fixture
def town(root: Path, tmp_path: Path) -> Path:
    """A copy of a small data set; `text.txt` is its source."""
    return Path(shutil.copytree(root / "tests" / "cases" / "evidence", tmp_path / "town"))


@pytest.fixture
def run(econsec: Econsec, town: Path) -> Econsec:
    """Runs a part of `econsec evidence` on the small data set."""

    def run(*arguments: str | Path, source: str | None = "text.txt") -> Any:
        given = () if source is None else ("--source", town / source)
        return econsec("evidence", *arguments, *given, "--manifest", town / "manifest.ttl")

    return run


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def lines(run: Any) -> list[str]:
    out: bytes = run.out
    return out.decode().splitlines()


def test_build_writes_the_file_beside_the_sections_and_prints_the_shares(
    run: Econsec, town: Path
) -> None:
    built = run("build")
    assert (built.code, built.out) == (0, b"")
    assert built.err.splitlines() == [
        "section  1:  73.1 % of 130 characters, 16 passages, 14 entities",
        "section  2:  42.0 % of 50 characters, 6 passages, 5 entities",
    ]
    text = (town / "evidence.ttl").read_text("utf-8")
    assert canonical(text) == text
    assert sorted(path.name for path in town.iterdir() if path.name.startswith(".")) == []


def test_build_is_the_same_again_and_goes_where_it_is_told(run: Econsec, town: Path) -> None:
    run("build")
    assert run("build", "-o", town / "again.ttl").code == 0
    assert (town / "again.ttl").read_bytes() == (town / "evidence.ttl").read_bytes()
    assert run("build", "-o", "-").out == (town / "evidence.ttl").read_bytes()


def test_built_evidence_passes_the_check(run: Econsec) -> None:
    run("build")
    checked = run("check")
    assert (checked.code, checked.out) == (0, b"")
    assert checked.err == "annotations: 22, faults: 0\n"


@pytest.mark.parametrize("part", ["build", "check", "coverage"])
def test_another_text_is_refused_and_nothing_written(run: Econsec, town: Path, part: str) -> None:
    output = ("-o", town / "out") if part == "coverage" else ()
    before = sorted(town.iterdir())
    (town / "other.txt").write_text("# 別の文書\n", "utf-8")
    refused = run(part, *output, source="other.txt")
    assert (refused.code, refused.out) == (3, b"")
    assert "expected SHA-256 " in refused.err
    assert " found " in refused.err
    assert sorted(town.iterdir()) == sorted([*before, town / "other.txt"])


def test_without_a_source_nothing_can_be_built(run: Econsec) -> None:
    refused = run("build", source=None)
    assert refused.code == 2
    assert "--source" in refused.err


def test_a_lost_anchor_stops_the_build(run: Econsec, town: Path) -> None:
    edit(town / "s01.ttl", "港の拡張", "港の縮小")
    built = run("build")
    assert (built.code, built.out) == (1, b"")
    assert built.err == (
        "goal:larger-port: the anchor '港の縮小' does not stand in section 1 (line 2 onwards) "
        "(copy it from the text, markup included)\n"
    )
    assert not (town / "evidence.ttl").exists()


def test_a_lost_anchor_stops_the_report_but_not_the_gaps(run: Econsec, town: Path) -> None:
    edit(town / "s01.ttl", "港の拡張", "港の縮小")
    for check in ([], ["--check"]):
        refused = run("coverage", "-o", town / "report.md", *check)
        assert (refused.code, refused.out) == (1, b"")
        assert "港の縮小" in refused.err
        assert "out of date" not in refused.err
    assert not (town / "report.md").exists()
    shown = run("coverage", "--gaps")
    assert shown.code == 0
    assert "港の縮小" in shown.err
    assert "section 2: 21 of 50 characters covered" in lines(shown)


def test_a_lost_anchor_is_all_that_the_check_says(run: Econsec, town: Path) -> None:
    run("build")
    edit(town / "s02.ttl", "a es:Count ;", 'a es:Count ;\n    es:anchor "４０本" ;')
    checked = run("check")
    assert checked.code == 1
    assert lines(checked)[0].startswith("count:wood: the anchor '４０本' does not stand in ")
    assert "out of date" not in checked.out.decode()


def test_a_stale_file_fails_the_check(run: Econsec, town: Path) -> None:
    run("build")
    edit(town / "s01.ttl", '"網の修理"@ja', '"網の修理"@ja ; skos:altLabel "支援策"@ja')
    checked = run("check")
    assert checked.code == 1
    assert lines(checked) == [
        f"{town / 'evidence.ttl'} is out of date (run `econsec evidence build --source FILE`)"
    ]


def test_a_moved_passage_fails_the_check(run: Econsec, town: Path) -> None:
    run("build")
    text = (town / "evidence.ttl").read_text("utf-8")
    start = text.index("oa:start")
    (town / "evidence.ttl").write_text(text[:start] + text[start:].replace('"14"', '"15"', 1))
    checked = run("check")
    assert checked.code == 1
    assert "it shows no name of actor:aozora" in lines(checked)[0]
    assert lines(checked)[-1].endswith(
        "is out of date (run `econsec evidence build --source FILE`)"
    )
    assert checked.err == f"annotations: 22, faults: {len(lines(checked))}\n"


def test_a_thing_without_passage_or_reason_fails_the_check(run: Econsec, town: Path) -> None:
    edit(town / "s02.ttl", "es:noPassage", "skos:note")
    built = run("build")
    assert built.code == 0
    assert built.err.splitlines()[2].startswith("actor:villagers: no passage shows it ")
    checked = run("check")
    assert checked.code == 1
    assert lines(checked) == built.err.splitlines()[2:]


def test_evidence_that_was_never_built_fails_the_check(run: Econsec, town: Path) -> None:
    for part in (["check"], ["show", "good:wood"]):
        refused = run(*part)
        assert (refused.code, refused.out) == (3, b"")
        assert (
            "there is no evidence yet (run `econsec evidence build --source FILE`)" in refused.err
        )


def test_evidence_that_the_manifest_lists_is_written_anew(
    econsec: Econsec, run: Econsec, town: Path
) -> None:
    graph = "<https://w3id.org/econsec/graph/source/town/evidence>"
    edit(town / "manifest.ttl", "void:subset ", f"void:subset {graph}, ")
    with (town / "manifest.ttl").open("a") as file:
        file.write(f"{graph} es:graphRole es:NamedOnlyGraph ; void:dataDump <evidence.ttl> .\n")
    other = econsec("validate", "--manifest", town / "manifest.ttl")
    assert other.code == 3
    assert "does not exist" in other.err
    assert "`econsec evidence build --source FILE` writes it" in other.err
    assert run("check").code == 3
    assert run("build").code == 0
    assert (town / "evidence.ttl").is_file()
    assert run("check").code == 0


def test_evidence_of_another_document_fails_the_check(run: Econsec, town: Path) -> None:
    run("build")
    edit(town / "evidence.ttl", "oa:hasSource document:town", "oa:hasSource document:village")
    checked = run("check")
    assert checked.code == 3
    assert "needs one valid oa:hasSource" in checked.err


@pytest.mark.parametrize("part", ["build", "check", "coverage"])
def test_what_is_no_text_and_no_manifest_is_said(
    econsec: Econsec, run: Econsec, town: Path, part: str
) -> None:
    output = () if part == "check" else ("-o", town / "out")
    folder = run(part, *output, source=".")
    assert folder.code == 3
    assert "this is a folder, not a text" in folder.err
    for manifest, fault in ((town, "a folder, not a manifest"), (town / "none", "No such file")):
        source = ("--source", town / "text.txt")
        refused = econsec("evidence", part, *output, *source, "--manifest", manifest)
        assert refused.code == 3
        assert fault in refused.err


def test_the_text_may_come_on_standard_input(
    econsec: Econsec, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(content: bytes) -> Any:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return econsec("evidence", "build", "--source", "-", "--manifest", town / "manifest.ttl")

    assert given((town / "text.txt").read_bytes()).code == 0
    refused = given(b"another")
    assert refused.code == 3
    assert "standard input: this is not the text of document:town" in refused.err


@pytest.mark.parametrize(
    "thing",
    [
        "good:wood",
        "https://w3id.org/econsec/id/good/wood",
        "<https://w3id.org/econsec/id/good/wood>",
    ],
)
def test_show_prints_the_passages_of_a_thing(run: Econsec, thing: str) -> None:
    run("build")
    assert lines(run("show", thing, source=None)) == [
        "section 2\t256\t258\tname",
        "section 2\t306\t308\tname",
    ]
    assert lines(run("show", thing)) == [
        "section 2\t256\t258\tname\t木材",
        "section 2\t306\t308\tname\t木材",
    ]


def test_show_prints_the_reason_where_there_is_no_passage(run: Econsec) -> None:
    run("build")
    shown = run("show", "actor:villagers")
    assert (shown.code, shown.out) == (0, b"")
    assert shown.err.splitlines() == [
        "actor:villagers: no passage shows it",
        "Implied by the guild.",
        "組合から知られる。",
    ]


def test_show_says_that_nothing_was_found(run: Econsec, town: Path) -> None:
    edit(town / "s02.ttl", "es:noPassage", "skos:note")
    run("build")
    shown = run("show", "actor:villagers")
    assert (shown.code, shown.out) == (0, b"")
    assert shown.err == "actor:villagers: no passage shows it\n"


def test_show_of_an_empty_file_has_its_remedy(run: Econsec, town: Path) -> None:
    (town / "evidence.ttl").write_text("")
    shown = run("show", "good:wood")
    assert (shown.code, shown.out) == (3, b"")
    assert "the file holds no evidence (run `econsec evidence build --source FILE`)" in shown.err


def test_show_suggests_what_an_unknown_thing_may_be(run: Econsec) -> None:
    run("build")
    unknown = run("show", "good:woods")
    assert (unknown.code, unknown.out) == (2, b"")
    assert "no section of the source mentions good:woods" in unknown.err
    assert "did you mean good:wood" in unknown.err
    assert "did you mean" not in run("show", "夕空").err


def test_show_refuses_the_words_of_another_text(run: Econsec, town: Path) -> None:
    run("build")
    assert run("show", "good:wood", source="manifest.ttl").code == 3


def test_the_report_is_written_and_checked(run: Econsec, town: Path) -> None:
    report = town / "report.md"
    assert run("coverage", "-o", report).code == 0
    assert "| 2. 山里の産業 | 50 | 21 | 42.0 % | 6 | 5 |" in report.read_text("utf-8")
    assert run("coverage", "--check", "-o", report).code == 0
    before = os.stat(report)
    edit(report, "42.0", "92.0")
    checked = run("coverage", "--check", "-o", report)
    assert checked.code == 1
    assert (
        checked.err == f"{report} is out of date (run `econsec evidence coverage --source FILE`)\n"
    )
    assert os.stat(report).st_ino == before.st_ino
    assert run("coverage", "--check", "-o", town / "missing.md").code == 1


def test_the_report_of_a_tree_is_its_own(econsec: Econsec, town: Path) -> None:
    tree = town.parent / "tree"
    shutil.copytree(town, tree / "data")
    data = ("--source", town / "text.txt", "--manifest", tree / "data" / "manifest.ttl")
    refused = econsec("evidence", "coverage", *data)
    assert refused.code == 2
    assert "say with -o where the report is" in refused.err
    (tree / "docs").mkdir()
    assert econsec("evidence", "coverage", "--check", *data).code == 1
    assert econsec("evidence", "coverage", *data).code == 0
    assert "山里の産業" in (tree / "docs" / "evidence.md").read_text("utf-8")
    assert econsec("evidence", "coverage", "--check", *data).code == 0


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ([], "say with -o where the report is"),
        (["--check"], "say with -o where the report is"),
        (["--check", "-o", "-"], "--check compares a file"),
        (["--gaps", "--check"], "drop --check and -o"),
        (["--gaps", "-o", "-"], "drop --check and -o"),
    ],
)
def test_a_report_that_has_no_place(
    run: Econsec, root: Path, options: list[str], fault: str
) -> None:
    report = root / "docs" / "evidence.md"
    before = report.read_bytes()
    refused = run("coverage", *options)
    assert (refused.code, refused.out) == (2, b"")
    assert fault in refused.err
    assert report.read_bytes() == before


def test_the_words_left_out_are_shown_on_the_terminal_only(run: Econsec, town: Path) -> None:
    before = sorted(town.iterdir())
    shown = lines(run("coverage", "--gaps"))
    assert "section 2: 21 of 50 characters covered" in shown
    assert "  line 18, 258-260: は、" in shown
    assert sorted(town.iterdir()) == before
