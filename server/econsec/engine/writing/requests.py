"""What a client asks the writer to do, and what it is told when that is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

__all__ = [
    "Condition",
    "GraphMethod",
    "GraphWrite",
    "ProtectionWrite",
    "Receipt",
    "UpdateWrite",
    "Version",
    "Write",
]


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """The state that a graph has had since the request at `position` of a commit.

    Several requests may share a commit, and two of them a graph: each leaves a
    version of its own.
    """

    commit: int
    position: int = 0

    def __str__(self) -> str:
        """As it stands in an entity tag: `12.0`."""
        return f"{self.commit}.{self.position}"


@dataclass(frozen=True, slots=True)
class Condition:
    """If-Match and If-None-Match (RFC 9110, 13.1), as entity tags without quotes, or `*`.

    An empty tuple is a header that was not sent.
    """

    if_match: tuple[str, ...] = ()
    if_none_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWrite:
    """A SPARQL 1.1 Update request, read by the guard.

    `graphs` are the IRIs of the graphs that it can change as far as its text
    tells (`None` among them is the default graph); `graphs=None` where the text
    leaves it open.
    """

    agent: str
    request_id: str
    text: str
    base: str | None = None
    using_graphs: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    graphs: frozenset[str | None] | None = None


class GraphMethod(StrEnum):
    """The operations of the Graph Store Protocol that change a graph."""

    PUT = "PUT"
    POST = "POST"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphWrite:
    """An operation of the SPARQL 1.1 Graph Store Protocol on `graph` (`None`: the default graph).

    `content` is a file of N-Triples that the service has written itself from
    what was sent; `media_type`, `size` (bytes) and `sha256` describe what was sent.
    """

    agent: str
    request_id: str
    method: GraphMethod
    graph: str | None
    content: Path | None = None
    media_type: str | None = None
    size: int = 0
    sha256: str | None = None
    condition: Condition = field(default_factory=Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionWrite:
    """Put `graph` under validation by a profile, by shapes (N-Triples) or by both; else let it go.

    `size` (bytes) and `sha256` are those of the shapes as they were sent.
    """

    agent: str
    request_id: str
    graph: str
    profile: str | None = None
    shapes: str | None = None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None

    @property
    def protects(self) -> bool:
        """Whether the graph is under validation afterwards."""
        return self.profile is not None or self.shapes is not None


Write = UpdateWrite | GraphWrite | ProtectionWrite


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request that is durable and visible: the version that it made.

    `created` says of a graph write whether the graph was not there before.
    `report` says what violates the shapes of a graph that was put under validation.
    """

    version: Version
    created: bool = False
    report: Mapping[str, Any] | None = None
