"""The committed evidence against the text it points into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from econsec.knowledge.evidence.annotations import read_annotations, write_annotations
from econsec.knowledge.evidence.checking import recheck, unexplained
from econsec.knowledge.evidence.coverage import Coverage, measure, report
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.passages import Annotation, Evidence, Shows, collect
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.paths import resources

LEAST_SHARE = 0.9
ONE_WORD = re.compile(r"[0-9A-Za-z]{2}|[ァ-ヺー]{2}")


@pytest.fixture(scope="module")
def source(test_data: Path) -> SourceText:
    (path,) = (test_data / "source").glob("*.txt")
    return SourceText.read(path)


@pytest.fixture(scope="module")
def mentions() -> Mentions:
    return Mentions.read(Manifest.read(default_manifest()))


@pytest.fixture(scope="module")
def evidence(mentions: Mentions, source: SourceText) -> Evidence:
    mentions.refuse_other(source, name="the source")
    return collect(mentions, source)


@pytest.fixture(scope="module")
def coverage(mentions: Mentions, source: SourceText, evidence: Evidence) -> Coverage:
    return measure(mentions, source, evidence)


@pytest.fixture(scope="module")
def committed(mentions: Mentions) -> tuple[Annotation, ...]:
    return read_annotations(mentions.target)


def test_every_passage_is_found_again(
    committed: tuple[Annotation, ...], mentions: Mentions, source: SourceText
) -> None:
    assert len(committed) > 900
    assert recheck(committed, mentions, source=source) == []


def test_every_anchor_marks_a_passage(evidence: Evidence) -> None:
    assert evidence.faults == ()


def test_every_thing_has_a_passage_or_a_reason(coverage: Coverage) -> None:
    assert unexplained(coverage) == []


def test_the_committed_evidence_is_up_to_date(mentions: Mentions, evidence: Evidence) -> None:
    fresh = write_annotations(evidence.annotations, document=mentions.document)
    assert mentions.target.read_text("utf-8") == fresh, "run `econsec evidence build`"


def test_the_committed_report_is_up_to_date(coverage: Coverage) -> None:
    page = resources() / "docs" / "evidence.md"
    assert page.read_text("utf-8") == report(coverage), "run `econsec evidence coverage`"


def test_every_section_is_covered(coverage: Coverage) -> None:
    shares = {s.section.number: s.covered / s.counted for s in coverage.sections}
    assert len(shares) == 21
    assert {number: share for number, share in shares.items() if share < LEAST_SHARE} == {}


def test_no_passage_leaves_its_line_or_table_cell(
    committed: tuple[Annotation, ...], source: SourceText
) -> None:
    words = [source.text[a.passage.start : a.passage.end] for a in committed]
    assert [text for text in words if re.search(r"[\n\t]|<li>|^\s|\s$|^$", text)] == []


def test_no_name_is_part_of_a_longer_word(
    committed: tuple[Annotation, ...], source: SourceText
) -> None:
    names = [a.passage for a in committed if a.shows is Shows.NAME]
    edges = {source.text[edge - 1 : edge + 1] for span in names for edge in (span.start, span.end)}
    assert {edge for edge in edges if ONE_WORD.fullmatch(edge) is not None} == set()


def test_the_file_holds_no_words_of_the_source(mentions: Mentions) -> None:
    assert mentions.target.read_bytes().isascii()
