"""Data read in runs are cut where the reader of tokens cuts them."""

from __future__ import annotations

import random
import re

from econsec.engine.ground_data import plain_data
from econsec.engine.tokens import Kind, Reader, Token
from econsec.errors import EconSecError

PIECES = (
    *(
        "<x:a>",
        "<x>",
        "<\\u0078:a>",
        "es:a",
        "es:",
        "es:é",
        "es:a.b",
        "es:a\\,b",
        "rdfs:label",
        "a",
    ),
    *(
        "true",
        "false",
        "truea",
        "'a'",
        '"a"',
        "''",
        '""',
        "'''a'''",
        '"""a"""',
        '"a\\"b"',
        "'\\u0041'",
    ),
    *(
        "@en",
        "@en-GB",
        "@en--ltr",
        "^^",
        "^^<x:t>",
        "^^xsd:date",
        "1",
        "-1",
        "+1.5",
        "1.",
        "1e5",
        ".5",
    ),
    *(
        "_:b",
        "_:b.c",
        ".",
        ";",
        ",",
        " ",
        " ",
        "\n",
        "\t",
        "# it's\n",
        "(",
        ")",
        "[",
        "]",
        "<<",
        ">>",
    ),
    *("GRAPH", "GRAPH<x:g>{", "}", "{", "{|", "|}", "~", "?v", "'", '"', "<", "\\", "#", "é", "1a"),
)


def tokens(text: str, *, in_runs: bool) -> list[Token] | str:
    reader, found = Reader(text), list[Token]()
    try:
        for token in reader:
            found.append(token)
            if in_runs:
                reader.plain = plain_data(reader.prefixes)
    except EconSecError as error:
        return str(error)
    return found


def test_runs_are_made_of_the_same_tokens() -> None:
    chance = random.Random(7)
    runs = 0
    for _ in range(8_000):
        text = "{" + "".join(chance.choices(PIECES, k=chance.randint(1, 12))) + "}"
        whole, single = tokens(text, in_runs=True), tokens(text, in_runs=False)
        if isinstance(whole, str) or isinstance(single, str):
            assert whole == single, text
            continue
        ends = {token.offset + len(token.text) for token in single}
        starts = {token.offset for token in single}
        for token in whole:
            if token.kind is Kind.DATA:
                runs += 1
                gap = re.match(r"(?:[ \t\r\n]|#[^\r\n]*)*", token.text)
                assert gap is not None
                assert token.offset + gap.end() in starts, text
                assert token.offset + len(token.text) in ends, text
            else:
                assert token in single, text
    assert runs > 1_000


def test_only_prefixes_that_any_name_continues_are_plain() -> None:
    plain = plain_data({"a": "x:/", "b": "x:#", "port": "x://h:8", "": "x:/d#"})
    for text in ("a:b ", "b:c ", ":d ", "a: "):
        assert plain.match(text) is not None
    for text in ("port:a ", "no:a ", "a:b{", "a:b", "a:b.c ", "GRAPH <x:g>"):
        assert plain.match(text) is None
