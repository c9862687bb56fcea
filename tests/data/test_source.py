"""The data against the text they were read from: its checksum, its sections, every anchor."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.paths import resources
from econsec.rdf.namespaces import ES, PREFIXES, SKOS

SECTIONS = sorted((resources() / "data" / "source" / "meti-2023-01").glob("s*.ttl"))
DOCUMENT = resources() / "data" / "reference" / "document.ttl"
LONGEST_ANCHOR = 24


@pytest.fixture(scope="session")
def text(test_data: Path) -> str:
    (path,) = (test_data / "source").glob("*.txt")
    return path.read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def sections(text: str) -> list[str]:
    return re.split(r"^# ", text, flags=re.MULTILINE)[1:]


def literals(path: Path, predicate: ox.NamedNode) -> list[tuple[str, str, str | None]]:
    """Subject, text and language of each literal that `predicate` leads to."""
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    return [
        (str(quad.subject), quad.object.value, quad.object.language)
        for quad in quads
        if quad.predicate == predicate and isinstance(quad.object, ox.Literal)
    ]


def test_the_text_is_the_one_that_was_read(text: str) -> None:
    ((_, checksum, _),) = literals(DOCUMENT, ES("textSha256"))
    ((_, length, _),) = literals(DOCUMENT, ES("textLength"))
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == checksum
    assert len(text) == int(length)


def test_the_sections_are_the_headings_of_the_text(sections: list[str]) -> None:
    prefix = f"<{PREFIXES['section']}"
    labels = {
        subject: label
        for subject, label, language in literals(DOCUMENT, SKOS("prefLabel"))
        if subject.startswith(prefix) and language == "ja"
    }
    headings = [section.partition("\n")[0] for section in sections]
    assert [labels[subject] for subject in sorted(labels)] == headings
    assert len(SECTIONS) == len(headings)


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_every_anchor_stands_once_in_its_section(path: Path, sections: list[str]) -> None:
    section = sections[int(path.stem.removeprefix("s")) - 1]
    anchors = literals(path, ES("anchor"))
    assert anchors
    assert [(s, a) for s, a, _ in anchors if section.count(a) != 1] == []
    assert [(s, a) for s, a, _ in anchors if len(a) > LONGEST_ANCHOR or "\n" in a] == []
