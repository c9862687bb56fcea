"""The records of the log: a commit with the requests in it, or that one came to nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from econsec.engine.writing.requests import ProtectionWrite, UpdateWrite, Write
from econsec.errors import InvalidInput
from econsec.knowledge.manifest import VOID_GRAPH

__all__ = ["Aborted", "Commit", "Deed", "Record", "deed_of", "record_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One request of a commit: who asked for what.

    `kind` is update, put, post, delete, load, build, create, restore, derive,
    protect or unprotect; `graphs` are those that it may have changed (`None`
    among them is the default graph, `graphs=None` any). `sha256` and `size`
    (bytes) are those of the update's text, or of what was sent.
    """

    kind: str
    agent: str
    id: str | None = None
    graph: str | None = None
    graphs: frozenset[str | None] | None = None
    text: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    size: int | None = None

    def as_json(self, position: int) -> dict[str, Any]:
        """As it stands in the log."""
        named = sorted(graph for graph in self.graphs or () if graph is not None)
        unnamed = [None] if self.graphs is not None and None in self.graphs else []
        return {
            "position": position,
            "id": self.id,
            "agent": self.agent,
            "kind": self.kind,
            "graph": self.graph,
            "graphs": "all" if self.graphs is None else [*unnamed, *named],
            "text": self.text,
            "sha256": self.sha256,
            "mediaType": self.media_type,
            "size": self.size,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit with its requests in their order.

    `inferred` says that merge and inferences were brought up in it, `plain`
    that the default graph is data like any other.
    """

    number: int
    time: datetime
    deeds: tuple[Deed, ...]
    inferred: bool
    plain: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it stands in the log, but for the hashes."""
        return {
            "commit": self.number,
            "time": _written(self.time),
            "inferred": self.inferred,
            "defaultGraph": "plain" if self.plain else "merge",
            "requests": [deed.as_json(place) for place, deed in enumerate(self.deeds)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted:
    """The commit `number` of the record before was not published, and never will be."""

    number: int
    time: datetime
    reason: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in the log, but for the hashes."""
        return {"aborted": self.number, "time": _written(self.time), "reason": self.reason}


Record = Commit | Aborted


def deed_of(write: Write) -> Deed:
    """What the log says of a request. Raises `InvalidInput` on text that UTF-8 cannot hold."""
    if isinstance(write, UpdateWrite):
        try:
            text = write.text.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput("the update is not valid UTF-8") from error
        return Deed(
            kind="update",
            agent=write.agent,
            id=write.request_id,
            graphs=write.graphs,
            text=write.text,
            sha256=hashlib.sha256(text).hexdigest(),
            media_type="application/sparql-update",
            size=len(text),
        )
    if isinstance(write, ProtectionWrite):
        return _protection(write)
    return Deed(
        kind=write.method.lower(),
        agent=write.agent,
        id=write.request_id,
        graph=write.graph,
        graphs=frozenset({write.graph}),
        sha256=write.sha256,
        media_type=write.media_type,
        size=write.size,
    )


def _protection(write: ProtectionWrite) -> Deed:
    return Deed(
        kind="protect" if write.protects else "unprotect",
        agent=write.agent,
        id=write.request_id,
        graph=write.graph,
        graphs=frozenset({VOID_GRAPH.value}),
        text=write.profile,
        sha256=write.sha256,
        media_type=write.media_type,
        size=write.size,
    )


def record_of(fields: dict[str, Any]) -> Record:
    """The record that stands in the log as `fields`. Raises `KeyError`, `ValueError`, `TypeError`.

    Names that it does not know are left to a later version of this program.
    """
    time = datetime.fromisoformat(fields["time"])
    if "aborted" in fields:
        return Aborted(number=int(fields["aborted"]), time=time, reason=fields["reason"])
    return Commit(
        number=int(fields["commit"]),
        time=time,
        deeds=tuple(_deed(each) for each in fields["requests"]),
        inferred=fields["inferred"],
        plain=fields.get("defaultGraph") == "plain",
    )


def _deed(fields: dict[str, Any]) -> Deed:
    graphs = fields["graphs"]
    return Deed(
        kind=fields["kind"],
        agent=fields["agent"],
        id=fields["id"],
        graph=fields["graph"],
        graphs=None if graphs == "all" else frozenset(graphs),
        text=fields["text"],
        sha256=fields["sha256"],
        media_type=fields["mediaType"],
        size=fields["size"],
    )


def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")
