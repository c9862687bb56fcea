"""What is read from the data: the document, its sections, names and anchors."""

from __future__ import annotations

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
    with pytest.raises(InvalidInput, match=f"\\({len(source.text)}\\)"):
        replace(mentions, length=3).refuse_other(source, name="text.txt")


def test_a_section_that_the_text_lacks_is_refused(town: Path, source: SourceText) -> None:
    edit(town / "document.ttl", "es:sectionNumber 2", "es:sectionNumber 3")
    with pytest.raises(InvalidInput, match="the text has 2 sections"):
        read(town).refuse_other(source, name="text.txt")


def test_a_data_set_without_a_checksum_has_no_evidence(town: Path) -> None:
    edit(town / "document.ttl", "es:textSha256", "es:dateAsPrinted")
    with pytest.raises(UsageError, match="describes 0 documents"):
        read(town)


def test_a_data_set_without_section_graphs_has_no_evidence(town: Path) -> None:
    text = (town / "manifest.ttl").read_text("utf-8")
    (town / "manifest.ttl").write_text(text.replace("dcterms:source", "dcterms:relation"), "utf-8")
    with pytest.raises(UsageError, match="no graph of the data set has a section"):
        read(town)
