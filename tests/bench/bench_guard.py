"""How long the guard takes to read a query or to refuse it, against the engine's own parser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from statistics import median
from time import perf_counter

import pyoxigraph as ox

from econsec.engine.complexity import TooComplex
from econsec.engine.guard import QueryTooLong, read
from econsec.engine.updates import check_update
from econsec.rdf.namespaces import PREFIXES
from econsec.settings import Settings

ROUNDS = 15
LIMIT = 0.2
"""Seconds in which even an absurd text is refused."""

SETTINGS = Settings()
UNBOUNDED = Settings(max_query_bytes=10_000_000)
ORDINARY = (
    "SELECT ?s ?l { ?s a ?c ; ?p ?l . OPTIONAL { ?s ?q ?m } FILTER(LANG(?l) = 'ja') } LIMIT 9"
)
WITHIN = {
    "an ordinary query": ORDINARY,
    "64 kB of VALUES": "SELECT * { VALUES ?a { " + "1 " * 32_000 + "} }",
    "64 kB of IN": "SELECT * { FILTER(?a IN (" + ",".join("1" * 32_000) + ")) }",
}
WHERE = "INSERT { <x:a> <x:b> 1 } "
UPDATES = {
    "10 MB of IRIs and strings": "INSERT DATA {"
    + "".join(f'<x:thing/number-{i}> <x:ontology#label> "Label {i}"@en .\n' for i in range(160_000))
    + "}",
    "10 MB of names and numbers": "INSERT DATA {"
    + "".join(f"es:a{i} es:b {i} ; rdfs:label 'x', 'y'^^xsd:date .\n" for i in range(180_000))
    + "}",
    "30,000 operations": "DELETE WHERE { ?s ?p ?o };" * 30_000,
    "30,000 operations of data": "INSERT DATA { <x:a> <x:b> 1 };" * 30_000,
}
ABSURD = {
    "100,000 groups": "ASK " + "{" * 100_000 + "}" * 100_000,
    "100,000 calls": "ASK { FILTER(" + "STR(" * 100_000,
    "20,000 terms of a sum": "ASK { FILTER(" + "+".join("1" * 20_000) + ") }",
    "20,000 arms of UNION": "ASK {" + " UNION ".join(["{}"] * 20_000) + "}",
    "20,000 triple patterns": "ASK {" + "?s ?p ?o." * 20_000 + "}",
    "20,000 OPTIONAL": "ASK {" + "OPTIONAL {}" * 20_000 + "}",
    "20,000 path steps": "ASK { ?s " + "/".join("a" * 20_000) + " ?o }",
    "20,000 list elements": "ASK { ?s ?p (" + "1 " * 20_000 + ") }",
}


def seconds(task: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        started = perf_counter()
        task()
        taken.append(perf_counter() - started)
    return median(taken)


def test_reading() -> None:
    print(f"\nReading what is within the limits (median of {ROUNDS}, ratio to the engine)")
    store = ox.Store()
    for name, text in WITHIN.items():
        guard = seconds(partial(read, text, SETTINGS))
        engine = seconds(partial(store.query, text))
        print(f"  {name:<30} {guard * 1e3:9.3f} ms {guard / engine:8.2f}")


def test_reading_updates() -> None:
    print("\nReading updates (one run each, ratio to the engine)")
    for name, text in UPDATES.items():
        guard = seconds(partial(check_update, text, SETTINGS), rounds=1)
        engine = seconds(partial(ox.Store().update, text, prefixes=PREFIXES), rounds=1)
        print(f"  {name:<30} {guard * 1e3:9.3f} ms {guard / engine:8.2f}")


def test_refusing_updates() -> None:
    print(f"\nRefusing what is absurd in an update (the limit is {LIMIT} s)")
    for name, text in ABSURD.items():
        taken = seconds(partial(refuse_update, text.replace("ASK", WHERE + "WHERE", 1)))
        verdict = "kept" if taken < LIMIT else "NOT KEPT"
        print(f"  {name:<30} {taken * 1e3:9.3f} ms  {verdict}")


def refuse_update(text: str) -> None:
    with suppress(TooComplex):
        check_update(text, SETTINGS)
        raise AssertionError(text[:80])


def test_refusing() -> None:
    print(f"\nRefusing what is absurd (median of {ROUNDS}; the limit is {LIMIT} s)")
    for name, text in ABSURD.items():
        for settings in (SETTINGS, UNBOUNDED):
            taken = seconds(partial(refuse, text, settings))
            verdict = "kept" if taken < LIMIT else "NOT KEPT"
            print(f"  {name:<30} {taken * 1e3:9.3f} ms  {verdict}")


def refuse(text: str, settings: Settings) -> None:
    with suppress(TooComplex, QueryTooLong):
        read(text, settings)
        raise AssertionError(text[:80])
