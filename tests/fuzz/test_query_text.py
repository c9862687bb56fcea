"""Random texts, held against the engine: the guard sees all that the engine would do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest
from engine_process import Engine

from econsec.engine import updates
from econsec.engine.guard import check
from econsec.engine.updates import check_update
from econsec.errors import EconSecError
from econsec.settings import Settings

SETTINGS = Settings()
BASE = "http://base.example/dir/file"
SPLIT = re.compile(r"(\s+|[{}()\[\]<>;,.])")
QUERIES = (
    "PREFIX ex: <x:/> SELECT * { ?s ex:p ?o . SERVICE <x:far> { ?s ?p ?o } }",
    "PREFIX SERVICEex: <x:/> PREFIX ex: <x:/> SELECT * { ?s ?p true SERVICEex:far { ?a ?b ?c } }",
    "SELECT * { FILTER(?a < ?b && ?c > 'x') SERVICE SILENT ?t {} }",
)
UPDATES = (
    "LOAD SILENT <x:far> INTO GRAPH <x:g> ; CLEAR DEFAULT",
    "PREFIX ex: <x:/> LOAD ex:far; INSERT DATA { GRAPH ex:g { ex:a a 'x'@en } ex:a ex:b 1.5 . }",
    "PREFIX GRAPHex: <x:q> PREFIX ex: <x:/> INSERT DATA { ex:a ex:b true GRAPH ex:g { ex:a a 1 } }",
    "WITH <x:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 3 GRAPH <x:k> { ?s ?p 1 } } WHERE { ?s ?p ?o }",
    "DELETE WHERE { GRAPH <x:h> { ?s ?p ?o } } ; COPY GRAPH <x:g> TO DEFAULT ; MOVE <x:g> TO <x:h>",
    "PREFIX DEFAULTex: <x:q> ADD DEFAULT TO <g> ; CREATE GRAPH <x:n> ; DROP SILENT GRAPH <x:h>",
    "INSERT { GRAPH <x:k> { ?s ?p 1 } } USING <x:g> WHERE { ?s ?p ?o SERVICE <x:far> {} }",
)
PIECES = (
    *("SERVICE", "service", "LOAD", "SILENT", "GRAPH", "DEFAULT", "DATA", "INSERT", "DELETE", "TO"),
    *("WHERE", "WITH", "USING", "NAMED", "ALL", "CLEAR", "PREFIX", "BASE", "SELECT", "ASK", "true"),
    *("{", "}", "(", ")", "[", "]", "<", ">", "<<", ">>", "{|", "|}", ";", ".", ",", "|", "!", "^"),
    *("ex:a", "ex:", ":g", "GRAPHex:g", "SERVICEex:a", "<x:g>", "<g>", "?g", "$g", "_:b", "'", '"'),
    *("'''", '"""', "'#'", "#", "# '\n", "\\", "\\u0041", "\\uD800", "1", "1.", "1e5", "@en", "^^"),
    *("\n", "\r", " ", "", "\u00e9", "\U00010000", "\ud800", "\x00", "日本", "ſ", "K", "?a<", "a"),
)


def mutated(chance: Random, texts: list[str]) -> str:
    """One of the texts with a few pieces taken out, doubled, swapped, glued or put in."""
    pieces = [piece for piece in SPLIT.split(chance.choice(texts)) if piece]
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        at, other = chance.randrange(len(pieces) + 1), chance.randrange(len(pieces) + 1)
        match chance.randrange(6):
            case 0:
                del pieces[at : at + chance.randint(1, 3)]
            case 1:
                pieces[at:at] = pieces[other : other + chance.randint(1, 6)]
            case 2:
                pieces[at : at + 1] = [chance.choice(PIECES)]
            case 3:
                pieces[at : at + 1] = [p for p in pieces[at : at + 1] if not p.isspace()]
            case 4:
                donor = SPLIT.split(chance.choice(texts))
                start = chance.randrange(len(donor))
                pieces[at:at] = donor[start : start + chance.randint(1, 8)]
            case _:
                pieces.insert(at, chance.choice(PIECES))
        if not pieces:
            return ""
    return "".join(pieces)


def renamed(text: str, keyword: str) -> str:
    """The text with another letter for the first one of each `keyword`."""
    return re.sub(f"(?i){keyword}", lambda match: "q" + match[0][1:], text)


def shrunk(text: str, fails: Callable[[str], bool]) -> str:
    """A shorter text that fails too: pieces are left out as long as that can be."""
    pieces, size = [piece for piece in SPLIT.split(text) if piece], 64
    while size:
        at = 0
        while at < len(pieces):
            rest = pieces[:at] + pieces[at + size :]
            if fails("".join(rest)):
                pieces = rest
            else:
                at += size
        size //= 2
    return "".join(pieces)


def traits(kind: str, text: str) -> Any:
    """What the guard says, or its refusal. No other exception is caught here."""
    try:
        if kind == "query":
            return check(text, SETTINGS, base=BASE)
        return check_update(text, SETTINGS, base=BASE)
    except EconSecError as refusal:
        return refusal


def fault(kind: str, text: str, engine: Engine) -> str | None:
    """What is wrong with what the guard says of the text, if anything."""
    told = traits(kind, text)
    if isinstance(told, EconSecError):
        return None
    outcome = engine.run(kind, text, base=BASE)
    if outcome is None:
        return "the engine dies, or takes too long"
    if not outcome.accepted:
        return None
    for keyword in ("service", "load"):
        other = renamed(text, keyword)
        without = engine.run(kind, other, base=BASE) if other != text else None
        if without is not None and not without.accepted:
            return f"{keyword.upper()} gets past"
    if kind == "query" and outcome.form not in {None, told.form.answer}:
        return f"the guard says {told.form}, the engine answers with {outcome.form}"
    if kind == "update" and told.graphs is not None:
        unnamed = {*outcome.changed} - {*told.graphs}
        return f"{unnamed} changed, the guard says {told.graphs}" if unnamed else None
    return None


def hold(kind: str, texts: list[str], chance: Random, rounds: Iterator[int], engine: Engine) -> int:
    accepted = 0
    for _ in rounds:
        text = mutated(chance, texts)
        what = fault(kind, text, engine)
        if what is not None:
            short = shrunk(text, lambda other: fault(kind, other, engine) is not None)
            pytest.fail(f"{what}: {short!r}", pytrace=False)
        accepted += not isinstance(traits(kind, text), EconSecError)
    return accepted


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine(deadline=20)
    yield engine
    engine.close()


@pytest.fixture
def chance(fuzz_seed: int, request: pytest.FixtureRequest) -> Random:
    return Random(f"{fuzz_seed} {request.node.name}")


@pytest.fixture
def rounds(fuzz_seconds: float) -> Iterator[int]:
    """Counts as long as one of four tests may take."""

    def count() -> Iterator[int]:
        number, end = 0, monotonic() + fuzz_seconds / 4
        while monotonic() < end:
            yield number
            number += 1

    return count()


@pytest.fixture(scope="module")
def standard(test_data: Path) -> list[Path]:
    """The queries and updates of the W3C's suites."""
    files = [
        p for suite in ("sparql11", "sparql12") for p in (test_data / "w3c" / suite).rglob("*")
    ]
    found = sorted(path for path in files if path.suffix in {".rq", ".ru"})
    assert len(found) > 500
    return found


def texts_of(files: list[Path], suffix: str) -> list[str]:
    texts = [path.read_text("utf-8", "replace") for path in files if path.suffix == suffix]
    return [text for text in texts if len(text) < 3_000]


def test_queries_of_the_project(
    root: Path, chance: Random, rounds: Iterator[int], engine: Engine
) -> None:
    texts = texts_of(sorted((root / "queries").rglob("*.rq")), ".rq")
    assert len(texts) > 100
    assert hold("query", [*texts, *QUERIES * 20], chance, rounds, engine) > 0


def test_queries_of_the_standard_suites(
    standard: list[Path], chance: Random, rounds: Iterator[int], engine: Engine
) -> None:
    texts = texts_of(standard, ".rq")
    assert hold("query", [*texts, *QUERIES * 20], chance, rounds, engine) > 0


def test_updates(
    chance: Random, rounds: Iterator[int], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_LONG_TEXT", 0)  # as if all held megabytes of data
    assert hold("update", [*UPDATES], chance, rounds, engine) > 0


def test_updates_of_the_standard_suites(
    standard: list[Path], chance: Random, rounds: Iterator[int], engine: Engine
) -> None:
    texts = texts_of(standard, ".ru")
    assert hold("update", [*texts, *UPDATES * 4], chance, rounds, engine) > 0


def calls(kind: str, text: str) -> int:
    """How many functions are called to read the text: a measure that no load disturbs."""
    count = 0

    def see(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(see)
    try:
        traits(kind, text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", ["query", "update"])
def test_work_grows_with_the_text_and_no_faster(kind: str, chance: Random) -> None:
    for _ in range(300):
        text = mutated(chance, [*QUERIES, *UPDATES])
        assert calls(kind, text) < 500 + 60 * len(text), text
