"""Uploads spoilt at random: each ends in triples or in one of our errors, in no other way."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from upload_process import UploadProcess

SECONDS = 10.0
"""The deadline of one document; its process may be killed at it."""

TURTLE = """@prefix e: <https://example.org/> . @base <https://example.org/b/> .
# it's a "comment" <
e:s e:p <o> , "a \\"b\\" [c" , '''it's ''one''' , \"\"\"x "y" \\u00e9 日本\"\"\"@ja-Hira ;
  e:q [ e:r ( 1 2.50 true "x"^^e:t ) ; e:s\\(1 1e3 ] . <<( e:a e:b <<( e:c e:d 1 )>> )>> .
e:a e:b <<( e:c e:d _:x )>> . << e:a e:b e:c ~ e:i >> e:d 1 . e:a e:b e:c {| e:d e:e |} .
"""
DOCUMENTS = {
    "Turtle": TURTLE.replace(" <<( e:a e:b <<( e:c e:d 1 )>> )>> .", ""),
    "TriG": TURTLE.replace(" <<( e:a e:b <<( e:c e:d 1 )>> )>> .", "")
    + "e:g { e:a e:b [ e:c 1 ] } GRAPH _:g { e:s e:p ( ) } { e:a e:b 2 }",
    "N3": "@prefix e: <https://example.org/> . e:a e:p [ e:q ( 1 'x' ) ] . { e:a e:b 1 } => "
    '{ e:a e:c e:d } . e:a <= e:b . e:c!e:b^e:c e:d "it\'s" . # end\n',
    "N-Triples": '<https://e/s> <https://e/p> "a \\"b\\" \\u65e5"@ja . # it\'s\n'
    '_:a <https://e/p> <<( _:a <https://e/p> "x"^^<https://e/t> )>> .\n' * 3,
    "N-Quads": '<https://e/s> <https://e/p> "a <<( b" <https://e/g> .\n'
    "_:a <https://e/p> <<( _:a <https://e/p> _:b )>> _:g .\n" * 3,
    "RDF/XML": '<?xml version="1.0" encoding="utf-8"?><!-- <!DOCTYPE x> -->\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e/" '
    "xml:base='https://example.org/'>\n<rdf:Description rdf:about='a' e:q='a>b \"'>"
    "<e:p xml:lang=\"ja\">日本 &lt; &#x65e5;</e:p><e:p rdf:parseType='Literal'><b>x</b><c/></e:p>"
    "<e:p rdf:parseType='Collection'><e:C/><rdf:Description rdf:nodeID='n'/></e:p>"
    "<e:p rdf:parseType='Resource'><e:q rdf:resource='#x'/></e:p><rdf:li><![CDATA[<x>]]></rdf:li>"
    "</rdf:Description></rdf:RDF>",
    "JSON-LD": '{"@context": [{"e": "https://e/", "t": {"@id": "e:t", "@context": {"u": "e:u"},'
    ' "@container": "@list"}}, {"n": {"@id": "e:n", "@type": "@json"}}], "@id": "e:a",'
    ' "e:p": ["a \\"b\\" \\u65e5", 1, 2.5e3, true, null, {"@value": "x", "@language": "ja"}],'
    ' "t": [{"u": [[1]]}], "n": {"@context": "https://e/data", "x": [{}]},'
    ' "@graph": [{"@id": "_:b", "@type": "e:T", "@reverse": {"e:r": {"@id": "e:c"}}}]}',
}
XML_TOKENS = ["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!--", "-->", "<![CDATA[", "]]>", "&b;", "</"]
XML_TOKENS += ["/>", "<?", "?>", "<e:C>", "</e:C>", " xmlns:e=''", "<", ">", "'", '"', "\0"]
JSON_TOKENS = ['"@context":', '"@import":"x",', "\\ud800", '"https://e/remote"', '{"@list":[', "{"]
JSON_TOKENS += ['"@graph":[', '"@json"', '"@id"', "1e999", "null", *"}[]:,", '"', "\\", "\0"]
TOKENS = {"RDF/XML": XML_TOKENS, "JSON-LD": JSON_TOKENS}
OTHER_TOKENS = ["<<(", ")>>", "<<", ">>", "{|", "|}", '"""', "'''", "@prefix e: <", "_:x", "^^"]
OTHER_TOKENS += ["<=", *"[](){}<>#.;,", '"', "'", "\\", "\n", "\r", "\0"]
NESTED = {
    "RDF/XML": [("<rdf:Description><e:p>", "</e:p></rdf:Description>"), ("<a ", ">")],
    "JSON-LD": [('{"e:p":', "}"), ("[", "]"), ('{"@context":{"t":', "}}"), ('{"@list":', "}")],
}
OTHER_NESTED = [("<<( e:a e:b ", ")>>"), ("[ e:a ", "]"), ("( ", ")"), ("{ e:a e:b ", "}")]
OTHER_NESTED += [("<< e:a e:b ", ">>"), ("{| e:a e:b ", "|}"), ("<<( _:a <https://e/b> ", " )>>")]

Change = Callable[[random.Random, bytes, str], bytes]


def flip(chance: random.Random, content: bytes, format: str) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def truncate(chance: random.Random, content: bytes, format: str) -> bytes:
    return content[: chance.randrange(1, len(content) + 1)]


def insert(chance: random.Random, content: bytes, format: str) -> bytes:
    token = chance.choice(TOKENS.get(format, OTHER_TOKENS)).encode()
    at = chance.randrange(len(content))
    return content[:at] + token * chance.choice((1, 1, 2, 1000)) + content[at:]


def swap(chance: random.Random, content: bytes, format: str) -> bytes:
    a, b, c, d = sorted(chance.randrange(len(content)) for _ in range(4))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def duplicate(chance: random.Random, content: bytes, format: str) -> bytes:
    a, b = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[:b] + content[a:b] * chance.choice((1, 2, 300)) + content[b:]


def nest(chance: random.Random, content: bytes, format: str) -> bytes:
    opening, closing = chance.choice(NESTED.get(format, OTHER_NESTED))
    levels = chance.choice((10, 250, 256, 300, 20_000))
    at = chance.randrange(len(content))
    closed = closing.encode() * levels if chance.random() < 0.7 else b""
    return content[:at] + opening.encode() * levels + content[at : at + 3] + closed + content[at:]


CHANGES: tuple[Change, ...] = (flip, truncate, insert, swap, duplicate, nest)


def spoilt(chance: random.Random, content: bytes, format: str) -> Iterator[bytes]:
    while True:
        data = content
        for _ in range(chance.choice((1, 1, 2, 3))):
            data = chance.choice(CHANGES)(chance, data, format) or content
        yield data[: 4 << 20]


@pytest.fixture(scope="module")
def process() -> Iterator[UploadProcess]:
    with UploadProcess() as running:
        yield running


@pytest.mark.parametrize("format", DOCUMENTS)
def test_the_whole_document_is_read(format: str, process: UploadProcess) -> None:
    assert process.parse(DOCUMENTS[format].encode(), format).kind == "ok"


@pytest.mark.parametrize("format", DOCUMENTS)
def test_spoilt_documents_end_no_process(
    format: str, process: UploadProcess, fuzz_seconds: float, fuzz_seed: int
) -> None:
    chance = random.Random(f"{fuzz_seed} {format}")
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + fuzz_seconds
    for content in spoilt(chance, DOCUMENTS[format].encode(), format):
        outcome = process.parse(content, format, seconds=SECONDS)
        assert outcome.kind != "crash", (outcome, fuzz_seed, content[:2000])
        outcomes[outcome.kind] += 1
        if time.monotonic() > end and outcomes["error"]:
            break
    assert outcomes["error"] > 0
    print(format, dict(outcomes))
