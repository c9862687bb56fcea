"""Writes to ask a writer for, and a look at what came of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from econsec.engine.location import Location
from econsec.engine.publication import Publication
from econsec.engine.writing.requests import Condition, GraphMethod, GraphWrite, UpdateWrite
from econsec.engine.writing.writer import Writer

EX = "http://example.org/"
PREFIX = f"PREFIX ex: <{EX}> "
G = f"{EX}g"
RUNAWAY = (
    "INSERT { GRAPH ex:g { ex:x ex:count ?n } } WHERE { SELECT (COUNT(*) AS ?n) "
    "{ GRAPH ex:many { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j . ?k ?l ?m } } }"
)
MANY = "INSERT DATA { GRAPH ex:many { " + " ".join(f"ex:s{n} ex:p {n} ." for n in range(300)) + "}}"
INCREMENT = (
    "DELETE { GRAPH ex:g { ex:x ex:n ?n } } INSERT { GRAPH ex:g { ex:x ex:n ?m } } "
    "WHERE { GRAPH ex:g { ex:x ex:n ?n } BIND (?n + 1 AS ?m) }"
)


def update(text: str, *graphs: str | None, opaque: bool = False, **more: Any) -> UpdateWrite:
    return UpdateWrite(
        agent="tester",
        request_id="r",
        text=PREFIX + text,
        graphs=None if opaque else frozenset(graphs or (G,)),
        **more,
    )


def insert(name: object, graph: str = G) -> UpdateWrite:
    return update(f"INSERT DATA {{ GRAPH <{graph}> {{ ex:{name} ex:p ex:o }} }}", graph)


def put(content: Path | None, graph: str | None = G, *, method: str = "PUT", **condition: Any):
    return GraphWrite(
        agent="tester",
        request_id="r",
        method=GraphMethod(method),
        graph=graph,
        content=content,
        media_type="text/turtle",
        size=0 if content is None else content.stat().st_size,
        sha256="0" * 64,
        condition=Condition(**condition),
    )


@dataclass
class Asked:
    """A writer, its folder, and what it has published."""

    writer: Writer
    location: Location
    published: list[Publication] = field(default_factory=list)

    async def submit(self, write: Any, **more: Any) -> Any:
        return await self.writer.submit(write, **more)

    @property
    def publication(self) -> Publication:
        return self.published[-1]

    def ask(self, pattern: str) -> bool:
        return holds(self.location, pattern)

    def names(self, graph: str = G) -> set[str]:
        return names(self.location, graph)


def holds(location: Location, pattern: str) -> bool:
    return bool(location.open_current().query(f"ASK {{ {pattern} }}", prefixes={"ex": EX}))


def names(location: Location, graph: str = G) -> set[str]:
    """The local names of the subjects in a graph."""
    rows = location.open_current().query(f"SELECT ?s {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    return {row["s"].value.removeprefix(EX) for row in rows}


def log(location: Location) -> list[dict[str, Any]]:
    lines = location.generations.log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
