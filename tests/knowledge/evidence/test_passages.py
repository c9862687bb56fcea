"""Which passages a small document yields for its data."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from econsec.knowledge.evidence.checking import recheck
from econsec.knowledge.evidence.document import SourceDocument
from econsec.knowledge.evidence.mentions import Mention, Mentions, SectionMentions
from econsec.knowledge.evidence.passages import Evidence, Shows, collect
from econsec.knowledge.evidence.text import SourceText
from econsec.rdf.notation import short_iri

NAMES = {
    "actor:aozora": ["青空市"],
    "actor:guild": ["山里木材組合"],
    "amount:boats": ["１，２００万円", "1,200万円"],
    "amount:nets": ["200万円"],
    "count:wood": ["30本"],
    "facility:aozora-port": ["青空市港", "青空市港"],
    "good:nets": ["網", "網"],
    "good:wood": ["木材", "木材"],
    "post:head-of-the-guild": ["組合の長"],
    "service:cloud": ["クラウド"],
    "service:crowdfunding": ["クラウドファンディング"],
    "support:net-repair": ["網の修理"],
    "technology:ai": ["AI"],
    "technology:ais": ["AIS"],
    "technology:deep-sea-robots": ["深海**ロボット"],
}
STATEMENTS = {
    "goal:larger-port": ["青空市**は、港の拡張を進める。📍 青空市港の工事は来年に始まる。"],
    "support:net-storage": ["網の保管"],
    "technology:ais-station": ["②AIS受信局(新設※<sup>1</sup>等)"],
}


def shown(evidence: Evidence, source: SourceText, *, shows: str) -> dict[str, list[str]]:
    """By thing, the text of its passages."""
    found: dict[str, list[str]] = {}
    for annotation in evidence.annotations:
        if annotation.shows == shows:
            text = source.text[annotation.passage.start : annotation.passage.end]
            for body in annotation.bodies:
                found.setdefault(short_iri(body), []).append(text)
    return found


def test_each_thing_has_its_names_or_what_its_anchors_mark(
    mentions: Mentions, source: SourceText
) -> None:
    evidence = collect(mentions, source)
    assert evidence.faults == ()
    assert shown(evidence, source, shows="name") == NAMES
    assert shown(evidence, source, shows="statement") == STATEMENTS


def test_passages_lie_in_the_section_that_mentions_the_thing(
    mentions: Mentions, source: SourceText
) -> None:
    for annotation in collect(mentions, source).annotations:
        (section,) = (s for s in mentions.sections if s.section == annotation.section)
        assert annotation.passage.within(source.sections[section.number - 1])
        assert {*annotation.bodies} <= {mention.entity for mention in section.mentions}


def test_things_with_one_passage_share_an_annotation(
    mentions: Mentions, source: SourceText
) -> None:
    first, second = mentions.sections
    twin = NamedNode("https://w3id.org/econsec/id/good/timber")
    wood = Mention(twin, anchors=(), names=("木材",))
    changed = replace(second, mentions=(*second.mentions, wood))
    evidence = collect(replace(mentions, sections=(first, changed)), source)
    both = [a.bodies for a in evidence.annotations if twin in a.bodies]
    assert [[short_iri(body) for body in bodies] for bodies in both] == [
        ["good:timber", "good:wood"],
        ["good:timber", "good:wood"],
    ]


@pytest.mark.parametrize(
    ("anchor", "fault"),
    [
        (
            "存在しない",
            "does not stand in section 1 (line 2 onwards) (copy it from the text, markup included)",
        ),
        (
            "青空市",
            "stands more than once in section 1 (line 2 onwards), on lines 4, 4 "
            "(lengthen the anchor)",
        ),
        (
            "A",
            "stands more than once in section 1 (line 2 onwards), on lines 9, 9 "
            "(lengthen the anchor)",
        ),
        (
            "金額\t支援",
            "crosses an item's end in section 1 (line 2 onwards), on line 11 "
            "(choose words of one line, list item or table cell)",
        ),
        (
            "来年に始まる。  \n",
            "crosses an item's end in section 1 (line 2 onwards), on line 4 "
            "(choose words of one line, list item or table cell)",
        ),
        (
            "の",
            "stands more than once in section 1 (line 2 onwards), "
            "on lines 2, 4, 4, 5, 7, 12, 12 (lengthen the anchor)",
        ),
    ],
)
def test_an_anchor_that_marks_no_passage_is_a_fault(
    mentions: Mentions, source: SourceText, anchor: str, fault: str
) -> None:
    thing = NamedNode("https://w3id.org/econsec/id/goal/planted")
    first, second = mentions.sections
    lost = replace(first, mentions=(Mention(thing, anchors=(anchor,), names=()),))
    evidence = collect(replace(mentions, sections=(lost, second)), source)
    (message,) = evidence.faults
    assert message == f"goal:planted: the anchor {anchor!r} {fault}"
    assert thing not in evidence.shown()


PIECES = ["港", "市", "AI", "ロボ", "ット", "12", ",", ".", "（", "）", "📍", "𠮷", "、①", "②"]
BORDERS = ["\t", "\n", "\n- ・ ", "  ", "|", "<li>", "/"]
MARKUP = ["**", "<u>", "</u>", "<sup>", "</sup>", " ", *BORDERS]


def random_text(chance: random.Random) -> str:
    """Two sections of names, markup and cell borders in no order."""
    parts = ["".join(chance.choices([*PIECES, *MARKUP], k=60)) for _ in range(2)]
    return "".join(f"\n# {part}\n" for part in parts)


def random_mentions(chance: random.Random, source: SourceText) -> Mentions:
    def mention(number: int) -> Mention:
        thing = NamedNode(f"https://w3id.org/econsec/id/good/g{number}")
        names = tuple("".join(chance.choices(PIECES, k=chance.randint(1, 3))) for _ in range(3))
        start = chance.randrange(len(source.text) - 4)
        anchor = source.text[start : start + chance.randint(2, 4)]
        return Mention(thing, anchors=(anchor,) if chance.random() < 0.3 else (), names=names)

    sections = tuple(
        SectionMentions(
            NamedNode(f"https://w3id.org/econsec/id/section/x-s0{number}"),
            number=number,
            title="",
            mentions=tuple(mention(n) for n in range(12)),
        )
        for number in (1, 2)
    )
    document = NamedNode("https://w3id.org/econsec/id/document/x")
    numbers = {section.section: section.number for section in sections}
    described = SourceDocument(document, source.sha256, len(source.text), numbers)
    return Mentions(described, sections, {}, Path("evidence.ttl"))


@pytest.mark.parametrize("seed", range(60))
def test_every_passage_of_a_random_text_is_found_again(seed: int) -> None:
    chance = random.Random(seed)
    source = SourceText(random_text(chance))
    mentions = random_mentions(chance, source)
    evidence = collect(mentions, source)
    assert recheck(evidence.annotations, mentions, source=source) == []
    for annotation in evidence.annotations:
        text = source.text[annotation.passage.start : annotation.passage.end]
        assert text and text == text.strip() and not {"\n", "\t"} & {*text}


def test_random_texts_have_passages_of_both_kinds() -> None:
    kinds = []
    for seed in range(60):
        chance = random.Random(seed)
        source = SourceText(random_text(chance))
        evidence = collect(random_mentions(chance, source), source)
        kinds += [annotation.shows for annotation in evidence.annotations]
    assert kinds.count(Shows.NAME) > 100
    assert kinds.count(Shows.STATEMENT) > 20
