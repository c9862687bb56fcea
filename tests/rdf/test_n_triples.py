"""What counts as canonical N-Triples is read and written again as it is, or else not counted."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from econsec.rdf import n_triples
from econsec.rdf.n_triples import is_canonical

IRIS = [
    "http://example.org/",
    "http://example.org/a?b=c&d#e",
    "https://w3id.org/econsec/id/good/permanent-magnets",
    "urn:a:b",
    "mailto:a@example.org",
    "file:///a/b%20c",
]
ODD_IRIS = [
    "a",
    "http://a:port/",
    "http://[::1]/",
    "http://a/#b#c",
    "http://a/%zz",
    "http://a/日本",
    "http://a/b c",
    "HTTP://a/",
    ":a",
    "//a",
]
OBJECTS = [
    "<urn:c>",
    '"text"',
    '"永久磁石"@ja',
    '"a\\nb\\"c\\\\"@en-gb',
    '"漢"@zh-hant',
    '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '""',
]
ODD_OBJECTS = [
    "_:b",
    '"a\\tb"',
    '"a\tb"',
    '"a\\u0041"',
    '"text"^^<http://www.w3.org/2001/XMLSchema#string>',
    '"text"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>',
    '"text"@EN',
    '"text"@en--ltr',
    '"text"@x-private',
    '"\ufffe"',
    '"open',
    "<<( <urn:a> <urn:b> <urn:c> )>>",
    "1",
]
ODD_LINES = [
    "# a comment\n",
    "\n",
    "<urn:a>  <urn:b> <urn:c> .\n",
    "<urn:a> <urn:b> <urn:c>.\n",
    "<urn:a> <urn:b> <urn:c> .\r\n",
    "<urn:a> <urn:b> <urn:c> <urn:g> .\n",
    "<urn:a> <urn:b> <urn:c> .",
    "_:a <urn:b> <urn:c> .\n",
    '"a" <urn:b> <urn:c> .\n',
]


def line(subject: str = "urn:a", predicate: str = "urn:b", object: str = "<urn:c>") -> str:
    return f"<{subject}> <{predicate}> {object} .\n"


PLAIN = [*map(line, IRIS), *(line(object=each) for each in OBJECTS)]
ODD = [*map(line, ODD_IRIS), *(line(object=each) for each in ODD_OBJECTS), *ODD_LINES]


def again(text: bytes) -> bytes:
    """The same document, read and written by the engine."""
    triples = (quad.triple for quad in parse(text, RdfFormat.N_TRIPLES))
    return cast(bytes, serialize(triples, format=RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("text", [*PLAIN, "", "".join(PLAIN)])
def test_what_the_engine_writes_is_canonical(text: str) -> None:
    assert again(text.encode()) == text.encode()
    assert is_canonical(text.encode())


@pytest.mark.parametrize("text", ODD)
def test_what_has_to_be_looked_at_is_left_to_the_parser(text: str) -> None:
    assert not is_canonical(text.encode())
    assert not is_canonical((PLAIN[0] + text + PLAIN[1]).encode())


@pytest.mark.parametrize("block", [1, 2, 1 << 20])
def test_bytes_that_are_no_text_are_not_canonical(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(n_triples, "_BLOCK", block)
    text = line(object='"磁石"').encode()
    assert is_canonical(text)
    assert not is_canonical(text.replace("石".encode(), b"\xff"))
    assert not is_canonical(text.replace("石".encode(), "石".encode()[:2]))


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*PLAIN, *ODD]),
            st.text().map(lambda text: line(object=f'"{text}"')),
            st.text("abc:/#?%[]@ä \\", max_size=12).map(line),
            st.text("aAzZ01-", max_size=9).map(lambda tag: line(object=f'"a"@{tag}')),
        ),
        max_size=4,
    )
)
def test_canonical_documents_are_read_and_written_as_they_are(lines: list[str]) -> None:
    text = "".join(lines).encode()
    if is_canonical(text):
        assert again(text) == text


@given(st.text())
def test_plain_literals_of_the_engine_are_canonical_unless_escaped(text: str) -> None:
    triple = Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal(text))
    written = cast(bytes, serialize([triple], format=RdfFormat.N_TRIPLES))
    assert is_canonical(written) or b"\\" in written
