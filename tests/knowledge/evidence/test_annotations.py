"""Annotations as RDF, there and back."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.errors import InvalidInput
from econsec.knowledge.evidence.annotations import read_annotations, write_annotations
from econsec.knowledge.evidence.mentions import Mentions
from econsec.knowledge.evidence.passages import Annotation, Shows, collect
from econsec.knowledge.evidence.text import SourceText, Span
from econsec.rdf.namespaces import PREFIXES
from econsec.rdf.turtle import canonical

DOCUMENT = ox.NamedNode("https://w3id.org/econsec/id/document/town")
ANNOTATION = Annotation(
    Span(3, 7),
    ox.NamedNode("https://w3id.org/econsec/id/section/town-s01"),
    Shows.NAME,
    bodies=(
        ox.NamedNode("https://w3id.org/econsec/id/good/nets"),
        ox.NamedNode("https://w3id.org/econsec/id/good/ropes"),
    ),
)
TURTLE = """
evidence:town-3-7-name a oa:Annotation ;
    oa:hasBody good:nets, good:ropes ;
    oa:hasTarget passage:town-3-7 ;
    oa:motivatedBy oa:identifying .
passage:town-3-7 a oa:SpecificResource ;
    oa:hasSelector selector:town-3-7 ;
    oa:hasSource document:town ;
    es:inSection section:town-s01 .
selector:town-3-7 a oa:TextPositionSelector ;
    oa:start "3"^^xsd:nonNegativeInteger ;
    oa:end "7"^^xsd:nonNegativeInteger .
"""


def graph(turtle: str) -> set[ox.Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    quads = ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE)
    return {quad.triple for quad in quads}


def test_one_annotation_is_these_triples() -> None:
    written = write_annotations([ANNOTATION], document=DOCUMENT)
    assert graph(written) == graph(TURTLE)
    assert written.startswith("# Passages of the source that show each thing. Written by ")


def test_name_and_statement_of_one_passage_share_it() -> None:
    statement = Annotation(ANNOTATION.passage, ANNOTATION.section, Shows.STATEMENT, bodies=())
    written = graph(write_annotations([ANNOTATION, statement], document=DOCUMENT))
    assert written - graph(TURTLE) == graph(
        "evidence:town-3-7-statement a oa:Annotation ; oa:motivatedBy oa:describing ; "
        "oa:hasTarget passage:town-3-7 ."
    )


def test_a_file_is_canonical_and_read_back_unchanged(
    mentions: Mentions, source: SourceText, tmp_path: Path
) -> None:
    annotations = collect(mentions, source).annotations
    text = write_annotations(annotations, document=mentions.document)
    assert canonical(text) == text
    file = tmp_path / "evidence.ttl"
    file.write_text(text, "utf-8")
    assert read_annotations(file) == annotations


def test_a_file_holds_no_words_of_the_source(mentions: Mentions, source: SourceText) -> None:
    text = write_annotations(collect(mentions, source).annotations, document=mentions.document)
    assert text.isascii()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("oa:identifying", "oa:linking", "evidence:town-3-7-name needs one valid oa:motivatedBy"),
        ('"3"^^', '"-3"^^', "selector:town-3-7 needs one valid oa:start"),
        ("oa:end", "oa:start", "selector:town-3-7 needs one valid oa:start"),
        ("es:inSection section:town-s01", "es:inSection 1", "passage:town-3-7 needs one valid es:"),
        ("oa:hasSource", "oa:hasScope", "passage:town-3-7 needs one valid oa:hasSource"),
        ("oa:hasSelector selector:", "oa:hasSelector document:", "document:town-3-7 needs one"),
    ],
)
def test_an_annotation_that_lacks_something_is_an_error(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    text = write_annotations([ANNOTATION], document=DOCUMENT)
    assert old in text
    file = tmp_path / "evidence.ttl"
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InvalidInput, match=fault) as raised:
        read_annotations(file)
    assert raised.value.source == str(file)


def test_a_passage_of_another_document_is_an_error(tmp_path: Path) -> None:
    other = ox.NamedNode("https://w3id.org/econsec/id/document/village")
    file = tmp_path / "evidence.ttl"
    file.write_text(write_annotations([ANNOTATION], document=DOCUMENT), "utf-8")
    assert read_annotations(file, document=DOCUMENT) == (ANNOTATION,)
    with pytest.raises(InvalidInput, match="passage:town-3-7 needs one valid oa:hasSource"):
        read_annotations(file, document=other)


def test_a_file_that_is_not_there_is_built_first(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="econsec evidence build"):
        read_annotations(tmp_path / "evidence.ttl")
