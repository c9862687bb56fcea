"""Inspection does not depend on where a document is cut, and sees what the parser sees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from econsec.errors import EconSecError
from econsec.rdf.inspection import Blocks, Contexts, Inspector

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OURS = "https://example.org/ours"
CUTS = (1, 2, 3, 5, 7, 64)

DOCUMENTS = (
    (RdfFormat.TURTLE, '<https://e/s> <https://e/p> \'日[\' , """a""["b\\"""" , ( [] ) . # it\'s'),
    (RdfFormat.TURTLE, "# '\r<https://e/s> <https://e/#(> '''it's ''[''' , '' , \"\" , '\\'(' ."),
    (
        RdfFormat.TURTLE,
        "@prefix e: <https://e/> . e:\\(\\# e:p <<( e:a e:b <<( e:c e:d 1 )>> )>> .",
    ),
    (
        RdfFormat.N3,
        "@prefix e: <https://e/> . e:a <= e:b . e:a <- e:p- e:c . {e:a e:b 1} e:p (1) .",
    ),
    (RdfFormat.N_TRIPLES, '<https://e/s> <https://e/p> "<<(" . # <<(\n_:a <https://e/p> "日" .\n'),
    (
        RdfFormat.RDF_XML,
        f'<?xml version="1.0"?><!-- <a> --><e:C xmlns:e="https://e/" xmlns:rdf="{RDF}" e:q="a>/>">'
        "<e:p><![CDATA[<!DOCTYPE>]]></e:p><e:p><e:D e:r='\"'/></e:p><?x <a>?></e:C >",
    ),
    (
        RdfFormat.JSON_LD,
        '[{"@id":"https://e/\\\\","https://e/p":["\\"[","日",{"https://e/q":[1]}]}]',
    ),
    (
        RdfFormat.JSON_LD,
        f'{{"\\u0040context" : ["{OURS}"], "@id": "https://e/a", "p": "@context"}}',
    ),
)


def cut(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.fixture
def contexts(tmp_path: Path) -> Contexts:
    path = tmp_path / "ours"
    path.write_text('{"@context": {"p": "https://e/p"}}')
    return Contexts({OURS: path})


def inspected(
    syntax: RdfFormat, content: bytes, size: int, *, contexts: Contexts, depth: int = 256
) -> bytes | tuple[str, int | None, int | None]:
    inspector = Inspector(syntax, name="given", max_nesting=depth, contexts=contexts)
    try:
        return b"".join(inspector.inspected(cut(content, size)))
    except EconSecError as error:
        return error.detail, error.line, error.column


@pytest.mark.parametrize(("syntax", "text"), DOCUMENTS)
@pytest.mark.parametrize("depth", [0, 1, 2, 3, 256])
def test_where_it_is_cut_makes_no_difference(
    syntax: RdfFormat, text: str, depth: int, contexts: Contexts
) -> None:
    content = text.encode()
    whole = inspected(syntax, content, len(content), contexts=contexts, depth=depth)
    for size in CUTS:
        assert inspected(syntax, content, size, contexts=contexts, depth=depth) == whole


@pytest.mark.parametrize(("syntax", "text"), DOCUMENTS)
def test_the_parser_reads_what_is_given_on(
    syntax: RdfFormat, text: str, contexts: Contexts
) -> None:
    given = inspected(syntax, text.encode(), 3, contexts=contexts)
    assert isinstance(given, bytes)
    assert len([*parse(given, syntax)]) > 0
    assert given == text.encode() or OURS in text


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("syntax", "text", "place"),
    [
        (RdfFormat.TURTLE, "\n日本 '[' [[[", (2, 10)),
        (RdfFormat.TURTLE, "\r\n日 <<( <<( <<(", (2, 11)),
        (RdfFormat.RDF_XML, "<a>\n日<b>\n <c>", (3, 2)),
        (RdfFormat.RDF_XML, "<a>\n日<!DOCTYPE a>", (2, 2)),
        (RdfFormat.JSON_LD, '[\n"日", [ [', (2, 8)),
    ],
)
def test_a_refusal_has_its_place(
    syntax: RdfFormat, text: str, place: tuple[int, int], size: int, contexts: Contexts
) -> None:
    refusal = inspected(syntax, text.encode(), size, contexts=contexts, depth=2)
    assert isinstance(refusal, tuple)
    assert refusal[1:] == place


@pytest.mark.parametrize("size", [1, 2, 5])
def test_ill_formed_utf_8_between_blocks(size: int, contexts: Contexts) -> None:
    content = "\n日本".encode()[:-1] + b"x"
    refusal = inspected(RdfFormat.TURTLE, content, size, contexts=contexts)
    assert refusal == ("the document is not valid UTF-8", 2, 2)
    refusal = inspected(RdfFormat.TURTLE, content[:-1], size, contexts=contexts)
    assert refusal == ("the document is not valid UTF-8", 2, 2)


def test_a_file_of_blocks_gives_no_more_than_is_asked_for() -> None:
    file = Blocks(iter([b"", b"abc", b"", b"defg"]))
    assert [file.read(2), file.read(2), file.read(3), file.read(), file.read()] == [
        b"ab",
        b"c",
        b"def",
        b"g",
        b"",
    ]
    assert io.BufferedReader(Blocks(iter([b"x"]))).raw.readable()
