"""Where a name stands, and where it does not."""

from __future__ import annotations

import pytest

from econsec.knowledge.evidence.matching import Projection, fold, free_standing
from econsec.knowledge.evidence.text import SourceText, Span


def found(name: str, text: str) -> list[str]:
    """The text of each occurrence, the markup inside it included."""
    source = SourceText(text)
    projection = Projection(source, source.cells(Span(0, len(text))))
    return [text[span.start : span.end] for span in projection.occurrences(name)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("AI", "AIS受信局", []),
        ("AI", "次世代AI、AI技術", ["AI", "AI"]),
        ("AI", "HAI", []),
        ("AI", "AI2", []),
        ("5G", "5G・6G", ["5G"]),
        ("クラウド", "クラウドファンディング", []),
        ("クラウド", "クラウド事業・クラウド", ["クラウド", "クラウド"]),
        ("サーバ", "サーバー", []),
        ("ログ", "ブログとログ", ["ログ"]),
        ("200万円", "1,200万円", []),
        ("200万円", "3.200万円", []),
        ("200万円", "、200万円", ["200万円"]),
        ("4月1日", "14月1日", []),
        ("第1", "第1.5", []),
        ("第1", "第1. 次", ["第1"]),
        ("工事", "工事工事", ["工事", "工事"]),
        ("深海ロボット", "**深海**ロボット", ["深海**ロボット"]),
        ("深海ロボット", "<u>深海</u>ロボット", ["深海</u>ロボット"]),
        ("深海ロボット", "深海\nロボット", []),
        ("深海ロボット", "深海\tロボット", []),
        ("R&D", "R&D<sup>1</sup>", ["R&D"]),
        ("R&D", "R&D1", []),
        ("※1", "甲※<sup>1</sup>等", ["※<sup>1"]),
        ("1,200万円", "１，２００万円", ["１，２００万円"]),
        ("（新設）", "(新設)", ["(新設)"]),
        ("Open RAN", "Open RAN", ["Open RAN"]),
        ("港", "📍 港 𠮷港", ["港", "港"]),
        ("", "空", []),
        ("甲\n乙", "甲\n乙", []),
        ("甲", "", []),
    ],
)
def test_a_name_stands_as_a_whole_word_in_one_cell(
    name: str, text: str, expected: list[str]
) -> None:
    assert found(name, text) == expected


def test_folding_keeps_every_offset() -> None:
    text = "（ＡＢ１）　①ガ㈱"
    assert fold(text) == "(AB1) ①ガ㈱"
    assert len(fold(text)) == len(text)


LONG, SHORT, TAIL, APART = Span(0, 9), Span(6, 9), Span(7, 12), Span(20, 23)


@pytest.mark.parametrize(
    ("occurrences", "expected"),
    [
        ({"act": [LONG], "short": [SHORT, APART]}, {"act": (LONG,), "short": (APART,)}),
        ({"act": [LONG], "short": [SHORT]}, {"act": (LONG,), "short": (SHORT,)}),
        ({"act": [LONG, SHORT]}, {"act": (LONG,)}),
        ({"one": [LONG], "other": [LONG]}, {"one": (LONG,), "other": (LONG,)}),
        ({"one": [LONG], "other": [TAIL]}, {"one": (LONG,), "other": (TAIL,)}),
        ({"a": [Span(0, 20)], "b": [LONG, SHORT]}, {"a": (Span(0, 20),), "b": (LONG,)}),
        ({"none": []}, {"none": ()}),
    ],
)
def test_the_longest_name_wins(
    occurrences: dict[str, list[Span]], expected: dict[str, tuple[Span, ...]]
) -> None:
    assert free_standing(occurrences) == expected
