"""Sections, cells and markup of a text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from econsec.errors import InvalidInput
from econsec.knowledge.evidence.text import SourceText, Span


def cells(text: str) -> list[str]:
    """What the cells of a text show."""
    source = SourceText(text)
    found = source.cells(Span(0, len(text)))
    return ["".join(source.text[offset] for offset in cell.shown) for cell in found]


def passages(text: str) -> list[str]:
    source = SourceText(text)
    spans = [cell.passage for cell in source.cells(Span(0, len(text)))]
    return [source.text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 見出し\n\n本文", ["見出し", "本文"]),
        ("一行目  \n二行目", ["一行目", "二行目"]),
        ("- ・ 項目\n  - ① 小項目", ["項目", "① 小項目"]),
        ("### ■ 題\n→ 続き\n- ✓ **件**", ["題", "続き", "件"]),
        ("- 📍 技術", ["📍 技術"]),
        ("※1 注", ["※1 注"]),
        ("a **b** <u>c</u> <b>d</b>", ["a b c d"]),
        ("<仏国>と<u>x</u>", ["<仏国>とx"]),
        ("品\t額\t—", ["品", "額", "—"]),
        ("題  本文", ["題", "本文"]),
        ("甲\u3000\u3000乙\u3000丙", ["甲", "乙\u3000丙"]),
        ("<ul> <li>・ 甲</li> <li>乙<br/>丙</li> </ul>", ["甲", "乙", "丙"]),
        ("| 甲 | **乙** |\n|---|:-:|\n| a|b |", ["甲", "乙", "a", "b"]),
        ("a|b", ["a|b"]),
        ("①甲、②乙(x、y)、③丙", ["①甲", "②乙(x、y)", "③丙"]),
        ("①～③のいずれか", ["①～③のいずれか"]),
        ("/甲<sup>1</sup>/乙・a/b", ["甲1", "乙・a/b"]),
        ("---\n**\n \t \n■ .....", ["....."]),
        ("1. 番号", ["1. 番号"]),
        ("", []),
    ],
)
def test_a_cell_is_a_line_an_item_or_a_table_cell(text: str, expected: list[str]) -> None:
    assert cells(text) == expected


def test_a_passage_begins_and_ends_with_a_counted_character() -> None:
    assert passages("- ・ **甲**は *乙* <u>丙</u>  ") == ["甲**は *乙* <u>丙"]


def test_offsets_are_code_points_of_the_whole_text() -> None:
    source = SourceText("前\n# 𠮷野\n📍 港\n# 次\n")
    assert source.sections == (Span(2, 11), Span(11, 15))
    first, second = source.cells(source.sections[0])
    assert (first.passage, second.passage) == (Span(4, 6), Span(7, 10))
    assert source.line(second.passage.start) == 3


def test_deeper_headings_begin_no_section() -> None:
    assert SourceText("## 前\n# 一\n## 中\n#二\n").sections == (Span(5, 17),)


def test_the_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("一\r\n二".encode())
    source = SourceText.read(file)
    assert source.text == "一\r\n二"
    assert source.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="this is a folder, not a text") as raised:
        SourceText.read(tmp_path)
    assert raised.value.source == str(tmp_path)


@pytest.mark.parametrize(("content", "words"), [(None, "No such file"), (b"\xff\xfe", "not UTF-8")])
def test_a_text_that_cannot_be_read(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInput, match=words) as raised:
        SourceText.read(file)
    assert raised.value.source == str(file)
