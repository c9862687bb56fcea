"""Content negotiation as RFC 9110 has it, with the headers that clients really send."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from econsec.rdf.formats import (
    CSV,
    JSON,
    JSON_LD,
    RDF_XML,
    TSV,
    TURTLE,
    XML,
    Form,
    Format,
    NotAcceptable,
    offered,
)
from econsec.rdf.negotiation import MediaType, negotiate

SOLUTIONS = offered(Form.SOLUTIONS)
GRAPH = offered(Form.GRAPH)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


@pytest.mark.parametrize("accept", [None, "", "*/*", " , ", "not a media type", "text/csv;q=high"])
def test_without_a_readable_wish_the_first_on_offer_is_given(accept: str | None) -> None:
    assert negotiate(accept, SOLUTIONS) == JSON
    assert negotiate(accept, GRAPH) == TURTLE


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", XML),
        ("text/csv;q=0.9, */*;q=0.1", CSV),
        ("text/csv, text/tab-separated-values", CSV),
        ("text/tab-separated-values, text/csv", CSV),
        ("text/*", CSV),
        ("application/*", JSON),
        ("text/*;q=0.3, text/tab-separated-values;q=0.7, */*;q=0.5", TSV),
        ("application/sparql-results+json;q=0, */*", XML),
        ("*/*;q=0.5, application/*;q=0", CSV),
        ("text/csv;charset=utf-8", CSV),
        ('text/csv; charset="UTF-8"', CSV),
        ("text/csv;charset=utf-8;q=0.1, text/csv;q=0.9, text/tab-separated-values;q=0.5", TSV),
        ('text/html;note="a, text/csv;q=1", text/tab-separated-values', TSV),
        ("nonsense, text/csv", CSV),
        ("text/csv;q=1.5, text/tab-separated-values;q=0.1", TSV),
        (JAVA, JSON),
    ],
)
def test_weights_wildcards_and_specificity_decide(accept: str, format: Format) -> None:
    assert negotiate(accept, SOLUTIONS) == format


@pytest.mark.parametrize(
    ("accept", "format", "media_type"),
    [
        ("application/json", JSON, "application/json"),
        ("application/json, application/sparql-results+json", JSON, JSON.media_type),
        ("application/json, text/plain, */*", JSON, JSON.media_type),
        ("text/xml", XML, "text/xml"),
        (BROWSER, XML, "application/xml"),
    ],
)
def test_an_alias_counts_when_it_is_named(accept: str, format: Format, media_type: str) -> None:
    chosen = negotiate(accept, SOLUTIONS)
    assert (chosen.engine, chosen.media_type) == (format.engine, media_type)


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ("text/turtle;q=0.9, application/rdf+xml;q=0.8, */*;q=0.1", TURTLE),
        ("application/rdf+xml", RDF_XML),
        ("text/rdf+n3,application/n-triples,application/turtle,text/n3", TURTLE),
    ],
)
def test_graph_formats(accept: str, format: Format) -> None:
    assert negotiate(accept, GRAPH).engine == format.engine


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle",
        "text/csv;q=0",
        "*/*;q=0",
        "text/csv;charset=iso-8859-1",
        "image/*",
        "text/html",
    ],
)
def test_nothing_acceptable_is_an_error_that_lists_what_is_offered(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate(accept, SOLUTIONS)
    assert caught.value.status == 406
    assert "text/csv" in caught.value.offered


@pytest.mark.parametrize(
    "accept",
    ['"\\"' * 20_000, 'a/b;c="' * 10_000, "a/b;" * 15_000, "," * 60_000, ("a/b;q=" + "0" * 60_000)],
    ids=["quotes", "open quotes", "parameters", "commas", "weight"],
)
def test_no_header_is_expensive(accept: str) -> None:
    started = time.process_time()
    with suppress(NotAcceptable):
        negotiate(accept, SOLUTIONS)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("header", "essence", "charset"),
    [
        ("application/sparql-query", "application/sparql-query", "utf-8"),
        ("Text/Turtle ; Charset=UTF8", "text/turtle", "utf-8"),
        ('text/turtle; charset="iso-8859-1"', "text/turtle", "iso-8859-1"),
    ],
)
def test_a_media_type_is_read_with_its_parameters(header: str, essence: str, charset: str) -> None:
    media_type = MediaType.parse(header)
    assert media_type is not None
    assert (media_type.essence, media_type.charset) == (essence, charset)


@pytest.mark.parametrize("header", ["", "text", "text/", "/turtle", "text/tur tle", ";charset=x"])
def test_what_is_no_media_type_is_told(header: str) -> None:
    assert MediaType.parse(header) is None
