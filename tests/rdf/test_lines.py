"""The lines on which nodes are described."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from econsec.rdf.lines import lines_of

BASE = "https://example.org/base"
EX = "https://example.org/"
SYNTAXES = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
Node = NamedNode | BlankNode


def read(content: bytes, syntax: RdfFormat) -> list[Quad]:
    return list(parse(content, syntax, base_iri=BASE))


def lines(text: str, syntax: RdfFormat = RdfFormat.TURTLE) -> dict[str, int]:
    """The line of every subject; a blank node is called by the label of the document."""
    content = text.encode()
    quads = read(content, syntax)
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, Node)}
    found = lines_of(quads, content=content, syntax=syntax, subjects=subjects)
    return {
        node.value.removeprefix(EX) if isinstance(node, NamedNode) else f"_:{node.value}": line
        for node, line in found.items()
    }


HEAD = f"@prefix : <{EX}> .\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":a :p :b .\n:b :p 1 .\n:a :p 2 .", {"a": 2, "b": 3}),
        (
            "# :a\n:b # :a\n  :p ':a', \"\"\"\n:a :p 1 .\n\"\"\"@en , '''\n''' .\n:a :p 1 .",
            {"b": 3, "a": 8},
        ),
        ("PREFIX x: <https://example.org/x/>\nx:a\n:p x:b .", {"x/a": 3}),
        (
            "@base <https://example.org/deep/> .\n<a> :p <b> .\nBASE <../>\n<c> :p 1 .",
            {"deep/a": 3, "c": 5},
        ),
        (
            ":a :p 1.:b :p .5 , 1.5e3 .\n:c :p 1. :d a :x.y.\n:e :p true.",
            {"a": 2, "b": 2, "c": 3, "d": 3, "e": 4},
        ),
        (":a\\,b :p :c\\;d .\n:x%20y.z :p 1 .", {"a,b": 2, "x%20y.z": 3}),
        ("_:one :p _:two .\n_:two :p 1 .", {"_:one": 2, "_:two": 3}),
        (
            ":a :p 'x'^^\n:t , 'y'@en-GB ;\n:q 'z' .\n:b :p '1'^^<https://example.org/t>.",
            {"a": 2, "b": 5},
        ),
        (":a :p 'it\\'s' ; ; .\n:b :p '' , \"\" .\n:c :p '' .", {"a": 2, "b": 3, "c": 4}),
        ("<https://example.org/\\u0061> :p 1 .\n<#f> :p 1 .", {"a": 2, "base#f": 3}),
        ("VERSION '1.2'\n:a :p 1 .\n@version '1.2' .\n:b :p 1 .", {"a": 3, "b": 5}),
    ],
)
def test_every_way_to_write_a_subject(text: str, expected: dict[str, int]) -> None:
    assert lines(HEAD + text) == expected


def test_graphs_of_trig_are_no_subjects() -> None:
    text = """:g { :a :p 1 .
:b :p 1 }
GRAPH :h {
:c :p 1 . } { :d :p :e. }
_:i { :e :p 1 } [] {
:f :p 'x' }
:g :p 1 ."""
    found = lines(HEAD + text, RdfFormat.TRIG)
    assert found == {"a": 2, "b": 3, "c": 5, "d": 5, "e": 6, "f": 7, "g": 8}


@pytest.mark.parametrize("syntax", [RdfFormat.N_TRIPLES, RdfFormat.N_QUADS])
def test_a_statement_a_line(syntax: RdfFormat) -> None:
    graph = f"<{EX}g> " if syntax == RdfFormat.N_QUADS else ""
    text = f"""# c

 <{EX}a> <{EX}p> "x" {graph}.
_:b <{EX}p> _:a {graph}. # d
<{EX}\\u0063> <{EX}p> "y" .
"""
    assert lines(text, syntax) == {"a": 3, "_:b": 4, "c": 5}


def test_nodes_without_a_name_stand_where_their_bracket_opens() -> None:
    text = HEAD + ":a :p [\n:q 'x' ;\n:r [ :s\n1 ] ] ,\n( [ :t 2 ]\n'y'@en ) .\n[] :u 3 ."
    quads = read(text.encode(), RdfFormat.TURTLE)
    lined = lines_of(
        quads,
        content=text.encode(),
        syntax=RdfFormat.TURTLE,
        subjects={quad.subject for quad in quads},
    )
    by_predicate = {quad.predicate.value.removeprefix(EX): lined[quad.subject] for quad in quads}
    told = {name: line for name, line in by_predicate.items() if name in set("qrstu")}
    assert told == {"q": 2, "r": 2, "s": 4, "t": 6, "u": 8}


def test_only_what_is_asked_for_is_told() -> None:
    content = (HEAD + ":a :p :b .\n:b :p 1 .").encode()
    wanted = {NamedNode(EX + "b"), NamedNode(EX + "absent")}
    quads = parse(content, RdfFormat.TURTLE)
    found = lines_of(quads, content=content, syntax=RdfFormat.TURTLE, subjects=wanted)
    assert found == {NamedNode(EX + "b"): 3}


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        (HEAD + ":a :p << :a :b :c >> .", RdfFormat.TURTLE),
        (HEAD + ":a :p :b {| :q :r |} .", RdfFormat.TURTLE),
        (f'[{{"@id": "{EX}a", "{EX}p": 1}}]', RdfFormat.JSON_LD),
    ],
)
def test_what_cannot_be_told_is_not_guessed(text: str, syntax: RdfFormat) -> None:
    assert lines(text, syntax) == {}


def test_a_mismatch_leaves_all_without_a_line() -> None:
    content = (HEAD + ":a :p 1 . :b :p 1 .").encode()
    some = list(parse(content, RdfFormat.TURTLE))[:1]
    subjects = {NamedNode(EX + "a")}
    assert lines_of(some, content=content, syntax=RdfFormat.TURTLE, subjects=subjects) == {}


class _Writer:
    """Writes random Turtle in which every node says on which line it begins."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._parts: list[str] = [f"@prefix : <{EX}> ."]
        self._line = 1

    def document(self) -> str:
        for number in range(6):
            self._gap()
            if self._random.random() < 0.3:
                self._bracket(0)
                self._add(" :p :o .")
            else:
                self._add(f":s{number}.x :at {self._line}")
                self._predicates(0)
                self._add(self._random.choice([".", " ."]))
        return "".join(self._parts)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._line += text.count("\n")

    def _gap(self) -> None:
        self._add(self._random.choice([" ", "\n", "\n\n", ' # :x "\n', "\r\n"]))

    def _predicates(self, depth: int) -> None:
        for _ in range(self._random.randrange(3)):
            self._add(self._random.choice([" ; :p ", ";;\n:p ", " ;\n :q "]))
            self._object(depth)
            while self._random.random() < 0.3:
                self._add(" ,\n")
                self._object(depth)

    def _object(self, depth: int) -> None:
        kind = self._random.randrange(7 if depth < 4 else 5)
        if kind < 5:
            choices = ["'a'", '"""b\n"c"""', "'c'@en", "'1'^^:t", "1.5", ":o.k", "true", "()", "[]"]
            self._add(self._random.choice(choices))
        elif kind == 5:
            self._bracket(depth + 1)
        else:
            self._add("(")
            for _ in range(self._random.randrange(4)):
                self._gap()
                self._object(depth + 1)
            self._add(" )")

    def _bracket(self, depth: int) -> None:
        self._add(f"[ :at {self._line}")
        self._predicates(depth)
        self._add(" ]")


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_nested_in_whatever(seed: int) -> None:
    text = _Writer(seed).document()
    quads = read(text.encode(), RdfFormat.TURTLE)
    at = {q.subject: int(q.object.value) for q in quads if q.predicate == NamedNode(EX + "at")}
    found = lines_of(quads, content=text.encode(), syntax=RdfFormat.TURTLE, subjects=set(at))
    assert found == at != {}


def documents(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in SYNTAXES)


def misplaced(path: Path) -> list[tuple[str, int]]:
    """The subjects with IRIs whose line does not spell them, and those without a line."""
    content = path.read_bytes()
    syntax = SYNTAXES[path.suffix]
    try:
        quads = read(content, syntax)
    except SyntaxError:
        return []
    subjects = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    found = lines_of(quads, content=content, syntax=syntax, subjects=subjects)
    if re.search(rb"<<|\{\|", content) is not None and not found:
        return []
    text = content.decode().split("\n")
    return [
        (node.value, found.get(node, 0))
        for node in subjects
        if node not in found or not spells(text[found[node] - 1], node)
    ]


def spells(line: str, node: NamedNode) -> bool:
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda code: chr(int(code[1], 16)), line)
    names = re.findall(r"[\w.-]*:([^\s;,\[\]()]*)|<([^<>]*)>", plain.replace("\\", ""))
    written = [short or full for short, full in names]
    may_be_empty = node.value == BASE or node.value.endswith(("#", "/"))
    return any(node.value.endswith(name.rstrip(".")) for name in written if name or may_be_empty)


def test_the_projects_own_documents(root: Path) -> None:
    files = [
        f for name in ("ontology", "shapes", "data", "tests/cases") for f in documents(root / name)
    ]
    assert len(files) > 100
    assert {file: wrong for file in files if (wrong := misplaced(file))} == {}


def test_documents_of_the_w3c(test_data: Path) -> None:
    files = list(documents(test_data / "w3c"))
    assert len(files) > 100
    assert {file: wrong for file in files if (wrong := misplaced(file))} == {}


def test_time_grows_with_the_length_alone() -> None:
    def seconds(count: int) -> float:
        content = HEAD.encode() + b":a :p '''x''' , [ :q ( 1 2 ) ] . # c\n" * count
        quads = read(content, RdfFormat.TURTLE)
        started = time.process_time()
        lines_of(quads, content=content, syntax=RdfFormat.TURTLE, subjects={NamedNode(EX + "z")})
        return time.process_time() - started

    seconds(100)
    assert seconds(8_000) < 8 * max(seconds(2_000), 0.05)
