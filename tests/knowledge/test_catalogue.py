"""The query catalogue and its front matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from econsec.errors import InvalidInput
from econsec.knowledge.catalogue import (
    KINDS,
    ParameterType,
    QueryFile,
    Severity,
    read_catalogue,
    read_query,
)
from econsec.paths import resources

WHOLE = """\
#+ title:
#+   en: "What is in force"
#+   ja: "施行中のもの"
#+ description: {en: On a day., ja: ある日に。}
#+ keywords: [time, law]
#+ severity: warning
#+ parameters:
#+   - name: day
#+     type: date
#+     default: 2026-06-17
#+     description: {en: The day., ja: 日。}
#+   - name: actor
#+     type: iri
#+     required: true
#+     description: {en: Who., ja: 誰。}

# An ordinary comment.
SELECT * WHERE { ?actor ?p $day }
"""
LEAST = """\
#+ title: {en: A, ja: あ}
#+ description: {en: B, ja: い}
SELECT * WHERE { ?s ?p ?o }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in-force.rq"


def read(path: Path, text: str) -> QueryFile:
    path.write_text(text, encoding="utf-8")
    return read_query(path, kind="saved")


def refused(path: Path, text: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(path, text)
    assert caught.value.source == str(path)
    return caught.value


def test_reads_a_whole_query(path: Path) -> None:
    query = read(path, WHOLE)
    assert (query.name, query.kind, query.path) == ("in-force", "saved", path)
    assert query.title == {"en": "What is in force", "ja": "施行中のもの"}
    assert query.description == {"en": "On a day.", "ja": "ある日に。"}
    assert query.keywords == ("time", "law")
    assert query.severity is Severity.WARNING
    assert query.text == WHOLE


def test_reads_parameters(path: Path) -> None:
    day, actor = read(path, WHOLE).parameters
    assert (day.name, day.type, day.default) == ("day", ParameterType.DATE, "2026-06-17")
    assert not day.required
    assert (actor.type, actor.default) == (ParameterType.IRI, None)
    assert actor.required
    assert actor.description == {"en": "Who.", "ja": "誰。"}


def test_what_may_be_left_out(path: Path) -> None:
    query = read(path, LEAST)
    assert (query.keywords, query.parameters) == ((), ())
    assert query.severity is Severity.VIOLATION


@pytest.mark.parametrize("suffix", [".tsv", ".ttl"])
def test_the_expected_answer_lies_beside_the_query(path: Path, suffix: str) -> None:
    query = read(path, LEAST)
    assert query.expected is None
    path.with_suffix(suffix).touch()
    assert query.expected == path.with_suffix(suffix)


@pytest.mark.parametrize(
    ("before", "after", "line", "detail"),
    [
        ("title:", "titel:", 1, "unknown key 'titel'"),
        ('#+   ja: "施行中のもの"\n', "", 1, "title must have a text in en and ja"),
        ("ja: ある日に。", 'ja: ""', 4, "description has no text in 'ja'"),
        ("ja: ある日に。", "fr: B", 4, "description must have"),
        ("[time, law]", "time", 5, "keywords must be a list"),
        ("warning", "grave", 6, "no severity"),
        ("name: day", "name: 9day", 8, "no name of a variable"),
        ("?actor ?p", "?actors ?p", 7, "does not use its parameter ?actor"),
        ("type: date", "type: day", 9, "unknown type"),
        ("2026-06-17", "yesterday", 10, "'yesterday' is no date"),
        ("required: true", "default: not an iri", 10, "is no iri"),
        ("required: true", "required: false", 7, "either required or has a default"),
        ("required: true", "require: true", 14, "unknown key 'require'"),
        ("name: actor", "name: day", 7, "declared twice"),
    ],
)
def test_errors_name_the_line(path: Path, before: str, after: str, line: int, detail: str) -> None:
    assert WHOLE.count(before) == 1
    error = refused(path, WHOLE.replace(before, after))
    assert detail in error.detail
    assert error.line == line


def test_front_matter_that_is_not_yaml(path: Path) -> None:
    error = refused(path, WHOLE.replace("[time, law]", "[time, law"))
    assert "not YAML" in error.detail
    assert error.line is not None and error.line in (5, 6)
    assert error.column is not None


def test_a_query_without_front_matter(path: Path) -> None:
    error = refused(path, "SELECT * { ?s ?p ?o }")
    assert error.detail == "the query has no front matter"
    assert error.line == 1


def test_front_matter_comes_first(path: Path) -> None:
    assert "no front matter" in refused(path, "# A licence\n" + LEAST).detail


def test_a_query_that_is_not_utf_8(path: Path) -> None:
    path.write_bytes(b"#+ title: \xff")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_query(path, kind="saved")


def test_the_catalogue_is_by_kind_and_name(tmp_path: Path) -> None:
    for place in ("saved/b", "saved/a", "hygiene/c"):
        target = tmp_path / f"{place}.rq"
        target.parent.mkdir(exist_ok=True)
        target.write_text(LEAST, encoding="utf-8")
    catalogue = read_catalogue(tmp_path)
    assert {kind: [q.name for q in queries] for kind, queries in catalogue.items()} == {
        "competency": [],
        "examples": [],
        "hygiene": ["c"],
        "saved": ["a", "b"],
    }


@pytest.mark.parametrize("place", ["stray.rq", "drafts/a.rq", "saved/deeper/a.rq"])
def test_a_query_in_no_folder_of_the_catalogue(tmp_path: Path, place: str) -> None:
    target = tmp_path / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(LEAST, encoding="utf-8")
    with pytest.raises(InvalidInput, match="no folder of the catalogue"):
        read_catalogue(tmp_path)


def test_the_packaged_catalogue_can_be_read() -> None:
    catalogue = read_catalogue(resources() / "queries")
    assert tuple(catalogue) == KINDS
    assert catalogue["hygiene"]
