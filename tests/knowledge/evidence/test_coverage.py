"""How much is covered, and what the report says of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from econsec.knowledge.evidence.coverage import Coverage, measure, report
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.passages import collect
from econsec.knowledge.evidence.text import SourceText
from econsec.rdf.notation import short_iri


@pytest.fixture
def coverage(mentions: Mentions, source: SourceText) -> Coverage:
    return measure(mentions, source, collect(mentions, source))


def counted(text: str) -> int:
    return sum(not character.isspace() for character in text)


def test_what_is_counted_is_covered_or_a_gap(coverage: Coverage) -> None:
    for section in coverage.sections:
        assert section.counted == section.covered + sum(gap.characters for gap in section.gaps)


def test_markup_and_spaces_are_not_counted(coverage: Coverage) -> None:
    text = (
        "山里の産業 青空市港と山里を結ぶ道。 山里の木材は、山里木材組合が扱う。 組合の長は未定。"
        "品目 数 木材 30本"
    )
    assert coverage.sections[1].counted == counted(text)


def test_the_gaps_are_what_no_passage_covers(coverage: Coverage, source: SourceText) -> None:
    gaps = coverage.sections[1].gaps
    assert [(gap.line, source.text[gap.span.start : gap.span.end]) for gap in gaps] == [
        (15, "山里の産業"),
        (17, "と山里を結ぶ道。"),
        (18, "山里の"),
        (18, "は、"),
        (18, "が扱う。"),
        (19, "は未定。"),
        (21, "品目"),
        (21, "数"),
    ]
    assert [gap.characters for gap in gaps] == [5, 8, 3, 2, 4, 4, 2, 1]


def test_overlapping_passages_cover_once(mentions: Mentions, source: SourceText) -> None:
    evidence = collect(mentions, source)
    twice = replace(evidence, annotations=(*evidence.annotations, *evidence.annotations))
    once = measure(mentions, source, evidence)
    assert measure(mentions, source, twice).sections == once.sections


def test_the_numbers_of_a_section(coverage: Coverage) -> None:
    second = coverage.sections[1]
    assert (second.passages, second.entities) == (6, 5)
    assert second.covered == len("青空市港木材山里木材組合組合の長木材30本")
    assert [short_iri(entity) for entity in coverage.missing] == ["actor:villagers"]
    assert coverage.unexcused == ()


def test_the_report_gives_numbers_places_and_reasons(coverage: Coverage) -> None:
    text = report(coverage)
    assert "| 2. 山里の産業 | 50 | 21 | 42.0 % | 6 | 5 |" in text
    assert "### Section 2\n\n| Line | Start | End | Characters |" in text
    assert "- `actor:villagers`: Implied by the guild. / 組合から知られる。" in text
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_the_report_copies_no_words_of_the_source(coverage: Coverage, source: SourceText) -> None:
    text = report(coverage)
    for section in coverage.sections:
        text = text.replace(section.section.title, "")
    for section in coverage.sections:
        for gap in section.gaps:
            words = source.text[gap.span.start : gap.span.end]
            assert len(words) < 3 or words not in text


def test_a_thing_without_a_reason_stands_out(coverage: Coverage) -> None:
    bare = replace(coverage, mentions=replace(coverage.mentions, excuses={}))
    assert "- `actor:villagers`: **no reason stated**" in report(bare)
    assert [short_iri(entity) for entity in bare.unexcused] == ["actor:villagers"]


def test_a_report_without_gaps(coverage: Coverage) -> None:
    whole = replace(
        coverage,
        sections=tuple(replace(s, gaps=(), covered=s.counted) for s in coverage.sections),
        missing=(),
    )
    text = report(whole)
    assert "100.0 %" in text
    assert "Section 2\n" not in text
    assert text.endswith("None.\n")
