"""A client that writes for as long as it may, and remembers what it was told of each write."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

from harness.clients import Answer, Broken, Client, Unreached
from harness.server import Server

__all__ = ["GRAPHS", "Fate", "Journal", "snapshot"]

GRAPHS = "http://example.org/graph/"
WHOLE = 20
"""Triples of a graph that is replaced."""
_PAUSE = 0.02


class Fate(Enum):
    """What became of a write, as its client knows it."""

    KEPT = auto()
    REFUSED = auto()
    UNKNOWN = auto()


@dataclass
class Journal:
    """One client's writes by their numbers: pairs that are added, and a graph that is replaced."""

    name: str
    pairs: dict[int, Fate] = field(default_factory=dict)
    wholes: dict[int, Fate] = field(default_factory=dict)
    commits: list[int] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    unseen: list[int] = field(default_factory=list)

    def write(self, server: Server, stop: threading.Event) -> None:
        """Write pairs and wholes in turn; what is acknowledged is read again at once."""
        number = 0
        while not stop.is_set():
            number += 1
            client = server.client()
            try:
                if number % 3:
                    self.pairs[number] = self._noted(client.update(self._pair(number)))
                    if self.pairs[number] is Fate.KEPT:
                        self._read_again(client, number)
                else:
                    graph = f"{GRAPHS}whole/{self.name}"
                    self.wholes[number] = self._noted(client.put(graph, _whole(number)))
            except Broken:
                (self.pairs if number % 3 else self.wholes)[number] = Fate.UNKNOWN
            except Unreached:
                time.sleep(_PAUSE)

    def kept(self) -> int:
        """How many writes were acknowledged."""
        fates = [*self.pairs.values(), *self.wholes.values()]
        return sum(fate is Fate.KEPT for fate in fates)

    def check(self, found: dict[str, dict[str, list[int]]]) -> None:
        """Hold what the data set has against what was said. Raises `AssertionError`."""
        there = set(found.get(f"{GRAPHS}pairs/{self.name}", {}).get("left", ()))
        kept = {number for number, fate in self.pairs.items() if fate is Fate.KEPT}
        refused = {number for number, fate in self.pairs.items() if fate is Fate.REFUSED}
        assert kept <= there, f"lost: {sorted(kept - there)}"
        assert not refused & there, f"refused, but there: {sorted(refused & there)}"
        assert there <= self.pairs.keys()
        assert not self.unseen, f"acknowledged, but not seen at once: {self.unseen}"
        wholes = found.get(f"{GRAPHS}whole/{self.name}", {}).get("left", [0])
        last = max((n for n, fate in self.wholes.items() if fate is Fate.KEPT), default=0)
        assert wholes[0] >= last, f"lost: the graph {last}"
        assert self.wholes.get(wholes[0]) is not Fate.REFUSED

    def _noted(self, answer: Answer) -> Fate:
        if answer.is_good:
            self.commits.append(int(answer.headers["EconSec-Commit"]))
            return Fate.KEPT
        self.refusals[answer.status] += 1
        return Fate.REFUSED

    def _read_again(self, client: Client, number: int) -> None:
        graph = f"{GRAPHS}pairs/{self.name}"
        text = f"ASK {{ GRAPH <{graph}> {{ ?s <http://example.org/right> {number} }} }}"
        try:
            answer = client.query(text)
        except (Broken, Unreached):
            return
        if answer.status == 200 and not answer.json()["boolean"]:
            self.unseen.append(number)

    def _pair(self, number: int) -> str:
        graph = f"{GRAPHS}pairs/{self.name}"
        left, right = (f"<http://example.org/{side}> {number}" for side in ("left", "right"))
        thing = f"<http://example.org/{self.name}/{number}>"
        return f"INSERT DATA {{ GRAPH <{graph}> {{ {thing} {left} ; {right} }} }}"


def snapshot(client: Client) -> dict[str, dict[str, list[int]]]:
    """Graph → side → numbers, of one commit; checked to be nowhere torn.

    Raises `AssertionError`, and what a client raises.
    """
    text = (
        f"""SELECT ?g ?p ?n {{ GRAPH ?g {{ ?s ?p ?n }} FILTER STRSTARTS(STR(?g), "{GRAPHS}") }}"""
    )
    answer = client.query(text)
    if not answer.is_good:
        raise Broken(f"{answer.status}: {answer.body!r}")
    found: dict[str, dict[str, list[int]]] = {}
    for row in answer.rows():
        side = row["p"].rpartition("/")[2]
        found.setdefault(row["g"], {}).setdefault(side, []).append(int(row["n"]))
    for graph, sides in found.items():
        if "/pairs/" in graph:
            assert sorted(sides.get("left", ())) == sorted(sides.get("right", ())), f"torn: {graph}"
        else:
            assert len(set(sides["left"])) == 1, f"torn: {graph}"
            assert len(sides["left"]) == WHOLE, f"torn: {graph}"
    return found


def _whole(number: int) -> str:
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    left = f'<http://example.org/left> "{number}"^^{integer}'
    return "".join(f"<http://example.org/{place}> {left} .\n" for place in range(WHOLE))
