"""What is read from the data: the document, its sections, names and anchors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from econsec.errors import InvalidInput, UsageError
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.text import SourceText
from econsec.knowledge.manifest import Manifest
from econsec.rdf.notation import short_iri


def read(town: Path) -> Mentions:
    return Mentions.read(Manifest.read(town / "manifest.ttl"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_section_mentions_what_its_graph_describes_or_points_to(mentions: Mentions) -> None:
    second = mentions.sections[1]
    assert (short_iri(second.section), second.number) == ("section:town-s02", 2)
    assert [short_iri(mention.entity) for mention in second.mentions] == [
        "actor:guild",
        "actor:villagers",
        "count:wood",
        "facility:aozora-port",
        "good:wood",
        "post:head-of-the-guild",
    ]


def test_names_come_from_the_whole_data_set_and_anchors_from_the_section(
    mentions: Mentions,
) -> None:
    first, second = (
        {short_iri(mention.entity): mention for mention in section.mentions}
        for section in mentions.sections
    )
    assert first["facility:aozora-port"].names == ("青空市港",)
    assert second["facility:aozora-port"].names == ("青空市港",)
    assert second["actor:guild"].names == ("山里木材組合", "組合")
    assert second["count:wood"].names == ("３０本",)
    assert first["goal:larger-port"].anchors == ("港の拡張",)


def test_a_thing_of_two_sections_has_the_anchor_only_where_it_stands(town: Path) -> None:
    edit(town / "s02.ttl", "a es:Count ;", 'a es:Count ;\n    es:anchor "30本 |" ;')
    wood = "<https://w3id.org/econsec/id/count/wood>"
    edit(town / "s01.ttl", "es:concerns actor:aozora", f"es:concerns actor:aozora, {wood}")
    first, second = read(town).sections
    anchors = [
        mention.anchors
        for section in (first, second)
        for mention in section.mentions
        if short_iri(mention.entity) == "count:wood"
    ]
    assert anchors == [(), ("30本 |",)]


def test_reasons_are_by_language(mentions: Mentions) -> None:
    assert {short_iri(entity): dict(text) for entity, text in mentions.excuses.items()} == {
        "actor:villagers": {"en": "Implied by the guild.", "ja": "組合から知られる。"}
    }


def test_the_evidence_lies_beside_the_sections_unless_the_manifest_lists_it(town: Path) -> None:
    assert read(town).target == town.resolve() / "evidence.ttl"
    (town / "deep").mkdir()
    (town / "deep" / "evidence.ttl").write_text("this is broken", "utf-8")
    graph = "<https://w3id.org/econsec/graph/source/town/evidence>"
    edit(town / "manifest.ttl", "void:subset ", f"void:subset {graph}, ")
    with (town / "manifest.ttl").open("a") as file:
        file.write(
            f"{graph} es:graphRole es:NamedOnlyGraph ; void:dataDump <deep/evidence.ttl> .\n"
        )
    assert read(town).target == town.resolve() / "deep" / "evidence.ttl"


def test_another_text_is_refused_with_both_checksums(
    mentions: Mentions, source: SourceText
) -> None:
    mentions.refuse_other(source, name="text.txt")
    other = SourceText(source.text.replace("青空市", "夕空市", 1))
    with pytest.raises(InvalidInput) as raised:
        mentions.refuse_other(other, name="other.txt")
    message = str(raised.value)
    assert message.startswith("other.txt: this is not the text of document:town: expected SHA-256 ")
    assert source.sha256 in message
    assert other.sha256 in message
    assert raised.value.remedy is not None


def test_a_wrong_length_is_refused(mentions: Mentions, source: SourceText) -> None:
    with pytest.raises(InvalidInput) as raised:
        replace(mentions.described, length=3).refuse_other(source, name="text.txt")
    assert str(raised.value) == (
        "text.txt: the text has 317 code points, and the data say 3 "
        "(correct es:textLength of document:town)"
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("\n", "\r\n"), "its line ends were changed"),
        (lambda text: text.replace("\n", "\r"), "its line ends were changed"),
        (lambda text: "\ufeff" + text.replace("\n", "\r\n"), "its line ends were changed"),
        (lambda text: text + "\n", "its line ends were changed"),
        (lambda text: text.rstrip("\n"), "its line ends were changed"),
        (lambda text: "\ufeff" + text, "a byte-order mark was put before it"),
    ],
)
def test_a_converted_copy_of_the_text_is_told_from_another_text(
    mentions: Mentions, source: SourceText, change: Callable[[str], str], fault: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        mentions.refuse_other(SourceText(change(source.text)), name="text.txt")
    assert raised.value.detail == f"this is the text of document:town, but {fault}"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("\r\n", "\n"), "its line ends were changed"),
        (lambda text: text.removeprefix("\ufeff"), "its byte-order mark was taken away"),
    ],
)
def test_the_text_may_have_had_such_marks_from_the_beginning(
    mentions: Mentions, source: SourceText, change: Callable[[str], str], fault: str
) -> None:
    original = SourceText(
        source.text.replace("\n", "\r\n") if "line" in fault else "\ufeff" + source.text
    )
    described = replace(mentions.described, sha256=original.sha256, length=len(original.text))
    described.refuse_other(original, name="text.txt")
    with pytest.raises(InvalidInput, match=fault):
        described.refuse_other(SourceText(change(original.text)), name="text.txt")


@pytest.mark.parametrize(
    "number", ['"x"', "2.5", "0", "-1", "1", "2, 3", "section:town-s01", '"２"']
)
def test_a_section_has_one_number_of_its_own(town: Path, number: str) -> None:
    edit(town / "document.ttl", "es:sectionNumber 2", f"es:sectionNumber {number}")
    with pytest.raises(InvalidInput) as raised:
        read(town)
    assert raised.value.detail.startswith(
        "section:town-s02 needs one number of its own among the sections: 1, 2, 3 … "
        "(es:sectionNumber), and has "
    )
    place = (raised.value.source, raised.value.line, raised.value.column)
    assert place == (str((town / "document.ttl").resolve()), 18, 1)
    assert (raised.value.remedy == "section:town-s01 has it already") is (number == "1")


@pytest.mark.parametrize(
    ("length", "found"),
    [
        ('es:textLength "abc"', "'abc'"),
        ("es:textLength -5", "'-5'"),
        ("es:textLength 317, 318", "'317' and '318'"),
        ("es:length 317", "none"),
    ],
)
def test_a_document_has_one_length(town: Path, length: str, found: str) -> None:
    edit(town / "document.ttl", "es:textLength 317", length)
    with pytest.raises(InvalidInput) as raised:
        read(town)
    assert raised.value.detail == (
        "document:town needs the length of its text, one whole number of code points "
        f"(es:textLength), and has {found}"
    )
    assert (raised.value.line, raised.value.column) == (8, 1)


def test_a_checksum_may_be_in_upper_case(town: Path, source: SourceText) -> None:
    edit(town / "document.ttl", source.sha256, source.sha256.upper())
    read(town).refuse_other(source, name="text.txt")


@pytest.mark.parametrize("checksum", ['"f18e"', '"f18e", "f18f"', "actor:aozora"])
def test_a_checksum_that_is_none_is_named(town: Path, source: SourceText, checksum: str) -> None:
    edit(town / "document.ttl", f'"{source.sha256}"', checksum)
    with pytest.raises(InvalidInput) as raised:
        read(town)
    assert raised.value.detail.startswith(
        "document:town needs one SHA-256 of 64 hexadecimal digits (es:textSha256), and has "
    )


@pytest.mark.parametrize("anchor", ["good:nets", "[]", '""', '" "'])
def test_an_anchor_is_words(town: Path, anchor: str) -> None:
    edit(town / "s01.ttl", 'es:anchor "港の拡張"', f"es:anchor {anchor}")
    with pytest.raises(InvalidInput) as raised:
        read(town)
    assert raised.value.detail.startswith(
        "goal:larger-port needs words of the text as its anchor (es:anchor), and has "
    )
    place = (raised.value.source, raised.value.line, raised.value.column)
    assert place == (str((town / "s01.ttl").resolve()), 20, 1)


def test_a_section_that_the_text_lacks_is_refused(town: Path, source: SourceText) -> None:
    edit(town / "document.ttl", "es:sectionNumber 2", "es:sectionNumber 3")
    with pytest.raises(InvalidInput) as raised:
        read(town).refuse_other(source, name="text.txt")
    assert raised.value.detail == "the text has 2 sections, and section:town-s02 is number 3"
    assert raised.value.remedy == "correct es:sectionNumber, which is one of 1…2"


def test_a_data_set_without_a_checksum_has_no_evidence(town: Path) -> None:
    edit(town / "document.ttl", "es:textSha256", "es:dateAsPrinted")
    with pytest.raises(UsageError, match="describes 0 documents"):
        read(town)


def test_a_data_set_without_section_graphs_has_no_evidence(town: Path) -> None:
    text = (town / "manifest.ttl").read_text("utf-8")
    (town / "manifest.ttl").write_text(text.replace("dcterms:source", "dcterms:relation"), "utf-8")
    with pytest.raises(UsageError, match="no graph of the data set has a section"):
        read(town)
