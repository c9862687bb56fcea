"""Putting graphs of a location under validation while no server writes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

import pyoxigraph as ox
from pyoxigraph import NamedNode

from econsec.engine.location import Account, Location
from econsec.engine.writing.failures import GraphNotFound
from econsec.engine.writing.limits import DefaultGraphMode, WriteLimits
from econsec.engine.writing.protection import Setting, put, remove, setting_of, settings
from econsec.engine.writing.records import Deed
from econsec.engine.writing.upkeep import PROTECTED
from econsec.engine.writing.watching import check_protectable
from econsec.errors import Refused
from econsec.knowledge.manifest import VOID_GRAPH

__all__ = ["protect", "protected", "unprotect"]

_Result = TypeVar("_Result")


def protected(location: Location) -> tuple[Setting, ...]:
    """The graphs of a location that are under validation."""
    return settings(location.open_current())


def protect(
    location: Location,
    setting: Setting,
    *,
    limits: WriteLimits | None = None,
    agent: str = "command line",
) -> Mapping[str, Any]:
    """Put a graph of a location under validation; returns the report on what violates already.

    Raises `GraphNotFound`, `Refused` on a protected graph, `UsageError` on an
    unknown profile, and `InvalidInput` on shapes that cannot be used.
    """
    if setting.graph in PROTECTED:
        raise Refused(
            f"the graph {setting.graph} is written by a build alone",
            remedy="name a graph of your own",
        )
    used = limits or WriteLimits(default_graph=_mode(location))

    def fill(store: ox.Store) -> Mapping[str, Any]:
        check_protectable(store, setting.graph)
        from econsec.engine.writing.validation import Validator  # it imports for a while

        report = Validator(used).report(store, setting)
        put(store, setting)
        return report

    return _publish_setting(location, fill, _deed("protect", setting, agent))


def unprotect(location: Location, graph: NamedNode, *, agent: str = "command line") -> None:
    """Let a graph be written without validation. Raises `GraphNotFound` where it is already."""

    def fill(store: ox.Store) -> None:
        if setting_of(store, graph) is None:
            raise GraphNotFound(f"the graph {graph} is not under validation")
        remove(store, graph)

    _publish_setting(location, fill, _deed("unprotect", Setting(graph), agent))


def _publish_setting(
    location: Location, fill: Callable[[ox.Store], _Result], deed: Deed
) -> _Result:
    location.open_current()  # where there is no data set, none is made
    inferred = location.history().publication
    account = Account(deed, inferred=inferred.inferred_at == inferred.commit)
    return location.publish(fill, account=lambda _: account)


def _deed(kind: str, setting: Setting, agent: str) -> Deed:
    shapes = None if setting.shapes is None else setting.shapes.encode()
    return Deed(
        kind=kind,
        agent=agent,
        graph=setting.graph.value,
        graphs=frozenset({VOID_GRAPH.value}),
        text=setting.profile,
        sha256=None if shapes is None else sha256(shapes).hexdigest(),
        media_type=None if shapes is None else "application/n-triples",
        size=None if shapes is None else len(shapes),
    )


def _mode(location: Location) -> DefaultGraphMode:
    return DefaultGraphMode.PLAIN if location.is_plain else DefaultGraphMode.MERGE
