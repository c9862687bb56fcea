"""Reading RDF documents: errors with their place, blank nodes apart, no traps."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.literals import rewritten_literals
from econsec.knowledge.reading import MAX_NESTING, document, read_document
from econsec.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format

GRAPH = NamedNode("https://example.org/graph")
SUBJECT = NamedNode("https://example.org/s")
PREDICATE = NamedNode("https://example.org/p")


def quads(text: str | bytes, format: Format = TURTLE, *, base: str | None = None) -> list[Quad]:
    content = text.encode() if isinstance(text, str) else text
    return list(document(content, name="given", format=format, base=base).quads())


def test_relative_iris_are_resolved_against_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<> <https://example.org/p> <b.ttl> .", encoding="utf-8")
    (quad,) = read_document(path).quads(graph=GRAPH)
    assert quad == Quad(
        NamedNode(path.as_uri()), PREDICATE, NamedNode((tmp_path / "b.ttl").as_uri()), GRAPH
    )


@pytest.mark.parametrize("name", ["a.ttl.gz", "a.ttl"])
def test_gzip_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"<https://example.org/s> <https://example.org/p> 1 ."))
    assert len(list(read_document(path).quads())) == 1


def test_broken_gzip() -> None:
    whole = gzip.compress(b"<https://example.org/s> <https://example.org/p> 1 .")
    with pytest.raises(InvalidInput, match="gzip"):
        quads(whole[:-12])


def test_a_byte_order_mark_is_no_content() -> None:
    assert len(quads(b"\xef\xbb\xbf<https://example.org/s> <https://example.org/p> 1 .")) == 1


def test_an_error_has_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('@prefix e: <https://e/> .\ne:a e:p "日本" ; q:r 1 .\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        list(read_document(path).quads())
    error = caught.value
    assert (error.source, error.line, error.column) == (str(path), 2, 16)
    assert error.detail == "The prefix q: has not been declared"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        read_document(tmp_path / "absent.ttl")


def test_a_relative_iri_without_base() -> None:
    with pytest.raises(InvalidInput, match="scheme"):
        quads("<s> <https://example.org/p> 1 .")


def test_blank_nodes_of_two_documents_stay_apart() -> None:
    text = "_:x <https://example.org/p> 1 ."
    (one,) = quads(text, base="https://example.org/one")
    (two,) = quads(text, base="https://example.org/two")
    assert one.subject != two.subject


def test_blank_nodes_are_the_same_every_time() -> None:
    text = "_:x <https://example.org/p> [ <https://example.org/q> _:x ] ."
    first, again = (quads(text, base="https://example.org/one") for _ in range(2))
    assert first == again
    outer = next(quad for quad in first if quad.predicate == PREDICATE)
    inner = next(quad for quad in first if quad.predicate != PREDICATE)
    assert (outer.subject, outer.object) == (inner.object, inner.subject)
    assert outer.subject != outer.object


def test_blank_nodes_inside_triple_terms_are_renamed_alike() -> None:
    text = "_:x <https://example.org/p> <<( _:x <https://example.org/q> _:x )>> ."
    (quad,) = quads(text, base="https://example.org/one")
    assert quad.object.subject == quad.object.object == quad.subject
    assert quad.subject != BlankNode("x")


@pytest.mark.parametrize(
    "text",
    [
        "<https://e/s> <https://e/p> 'a [b] (c) _:d' .",
        '<https://e/s(1)> <https://e/p> """a "[b]" \\"""" . # a (comment) [here]',
        "<https://e/s> <https://e/p> '''it's [one]''' , 'it\\'s (one)' .",
        "@prefix e: <https://e/> . e:a\\(b\\#c e:p e:d .",
        "_:x <https://e/p> _:y .",
        "<https://e/s> <https://e/p> '#' , [] , '\\'' , ( 1 2 ) .",
        "@prefix e: <https://e/> . e:s e:p e:q\\# , [ e:p '''\"''' ] .",
        '<https://e/s> <https://e/p> """\\\\""" , [ <https://e/p> 1 ] .',
    ],
)
def test_both_ways_into_a_store_read_the_same(text: str) -> None:
    given = document(text.encode(), name="given", format=TURTLE, base="https://example.org/one")
    store = Store()
    given.load_into(store, GRAPH)
    assert set(store) == set(given.quads(graph=GRAPH))


@pytest.mark.parametrize("text", ["<https://e/s> <https://e/p> e:x .", "_:a <https://e/p> e:x ."])
def test_errors_on_both_ways(text: str) -> None:
    given = document(text.encode(), name="given", format=TURTLE)
    with pytest.raises(InvalidInput, match=r"given:1:.*The prefix e: has not been declared"):
        given.load_into(Store(), GRAPH)


def test_a_named_graph_is_kept_or_refused() -> None:
    trig = "<https://example.org/graph> { <https://example.org/s> <https://example.org/p> 1 }"
    assert quads(trig, TRIG)[0].graph_name == GRAPH
    with pytest.raises(InvalidInput):
        list(
            document(trig.encode(), name="given", format=TRIG).quads(
                graph=NamedNode("https://example.org/other"), named_graphs=False
            )
        )


def test_remote_json_ld_contexts_are_not_fetched() -> None:
    with pytest.raises(InvalidInput, match="nothing is ever fetched"):
        quads('{"@context": "https://example.org/c.jsonld", "@id": "https://e/a"}', JSON_LD)


def test_a_document_type_declaration_is_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    )
    with pytest.raises(Refused, match="document type"):
        quads(bomb, RDF_XML)


@pytest.mark.parametrize(
    ("format", "opening", "core", "closing"),
    [
        (JSON_LD, '{"https://e/p":', '"a \\" {"', "}"),
        (JSON_LD, "[", '"]"', "]"),
    ],
)
def test_json_nesting_has_a_limit(format: Format, opening: str, core: str, closing: str) -> None:
    def nested(levels: int) -> str:
        return opening * levels + core + closing * levels

    quads(nested(MAX_NESTING), format)
    with pytest.raises(Refused, match="nested"):
        quads(nested(MAX_NESTING + 1), format)


def test_triple_terms_have_a_limit() -> None:
    def nested(levels: int) -> str:
        opening = "<https://e/s> <https://e/p> <<( "
        return opening * levels + "<https://e/s> <https://e/p> 1" + " )>>" * levels + " ."

    assert len(quads(nested(MAX_NESTING))) == 1
    for format in (TURTLE, N_TRIPLES, TRIG):
        with pytest.raises(Refused, match="nested"):
            quads(nested(MAX_NESTING + 1), format)


def test_rewritten_literals_are_counted() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    kept = [Literal("1.5", datatype=NamedNode(xsd + "decimal")), Literal("01"), Literal("a")]
    rewritten = [
        Literal("1.50", datatype=NamedNode(xsd + "decimal")),
        Literal("007", datatype=NamedNode(xsd + "unsignedInt")),
        Literal("01", datatype=NamedNode(xsd + "integer")),
    ]
    sent = [Quad(SUBJECT, PREDICATE, literal) for literal in [*kept, *rewritten, rewritten[0]]]
    assert rewritten_literals(sent) == 4
    assert rewritten_literals(sent[: len(kept)]) == 0
    assert rewritten_literals([Quad(SUBJECT, PREDICATE, SUBJECT)]) == 0
