"""Each way in which committed evidence can be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode

from econsec.knowledge.evidence.checking import recheck, unexplained
from econsec.knowledge.evidence.coverage import measure
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.passages import Annotation, Evidence, Shows, collect
from econsec.knowledge.evidence.text import SourceText, Span

WOOD = NamedNode("https://w3id.org/econsec/id/good/wood")


def findings(
    mentions: Mentions, source: SourceText, *, changed: Annotation, body: NamedNode = WOOD
) -> list[str]:
    return recheck([replace(changed, bodies=(body,))], mentions, source=source)


@pytest.fixture
def wood(mentions: Mentions, source: SourceText) -> Annotation:
    """The first passage that names wood: 「木材」 in the second section."""
    return next(a for a in collect(mentions, source).annotations if WOOD in a.bodies)


def test_what_was_built_is_found_again(mentions: Mentions, source: SourceText) -> None:
    annotations = collect(mentions, source).annotations
    assert len(annotations) > 20
    assert recheck(annotations, mentions, source=source) == []


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (1, 1, "it shows no name of good:wood"),
        (0, -2, "it is empty"),
        (0, -3, "it is empty"),
        (-3, 0, "it shows no name of good:wood"),
        (-5, 0, "it begins or ends with a space or markup"),
        (-20, 0, "it lies in no one line, list item or table cell"),
        (-200, -200, "it does not lie in section 2"),
    ],
)
def test_a_moved_passage_is_found(
    mentions: Mentions, source: SourceText, wood: Annotation, start: int, end: int, fault: str
) -> None:
    moved = Span(wood.passage.start + start, wood.passage.end + end)
    assert findings(mentions, source, changed=replace(wood, passage=moved)) == [
        f"passage {moved.start}-{moved.end}: {fault}"
    ]


def test_a_name_that_the_data_no_longer_give_is_found(
    mentions: Mentions, source: SourceText, wood: Annotation
) -> None:
    guild = NamedNode("https://w3id.org/econsec/id/actor/guild")
    nets = NamedNode("https://w3id.org/econsec/id/good/nets")
    place = f"passage {wood.passage.start}-{wood.passage.end}"
    assert findings(mentions, source, changed=wood, body=guild) == [
        f"{place}: it shows no name of actor:guild"
    ]
    assert findings(mentions, source, changed=wood, body=nets) == [
        f"{place}: section 2 does not mention good:nets"
    ]


def test_a_statement_is_a_whole_cell_with_an_anchor(mentions: Mentions, source: SourceText) -> None:
    annotations = collect(mentions, source).annotations
    statement = next(a for a in annotations if a.shows is Shows.STATEMENT)
    part = Span(statement.passage.start, statement.passage.end - 1)
    place = f"passage {part.start}-{part.end}"
    assert recheck([replace(statement, passage=part)], mentions, source=source) == [
        f"{place}: it shows no statement of goal:larger-port"
    ]


def test_a_section_of_another_document_is_found(
    mentions: Mentions, source: SourceText, wood: Annotation
) -> None:
    stray = replace(wood, section=NamedNode("https://w3id.org/econsec/id/section/other-s01"))
    (finding,) = findings(mentions, source, changed=stray)
    assert finding.endswith("section:other-s01 is no section of the document")


def test_things_without_a_passage_need_a_reason_in_both_languages(
    mentions: Mentions, source: SourceText
) -> None:
    villagers = NamedNode("https://w3id.org/econsec/id/actor/villagers")

    def of(excuses: dict[NamedNode, dict[str, str]], evidence: Evidence) -> list[str]:
        return unexplained(measure(replace(mentions, excuses=excuses), source, evidence))

    evidence = collect(mentions, source)
    both = {"en": "Implied.", "ja": "知られる。"}
    assert of({villagers: both}, evidence) == []
    for excuses in ({}, {villagers: {"en": "Implied."}}, {WOOD: both}):
        lines = of(excuses, evidence)
        assert lines[0].startswith("actor:villagers: no passage shows it ")
        assert len(lines) == 1 + (WOOD in excuses)
    assert lines[1] == "good:wood: a passage shows it, and es:noPassage says why none does"
