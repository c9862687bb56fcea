"""Graphs under validation: a write that would leave new violations in one is found out.

The asserted data are kept merged in memory, as the shapes judge them: each triple
of the merged graphs once, and nothing that is inferred.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from econsec.engine.writing.asserted import Delta, Scope, merged
from econsec.engine.writing.changes import Changes
from econsec.engine.writing.failures import NotConforming
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.protection import Setting, settings
from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.reports import Report, Result, Severity
from econsec.knowledge.reports.json import as_json
from econsec.knowledge.shapes.incremental import Affected, Rules, key
from econsec.paths import resources
from econsec.rdf.namespaces import BASE

__all__ = ["Validator", "check_load"]

_DATASET = NamedNode(BASE + "data")
"""The focus node of the shapes that look at all data at once; what they find is in a value."""

_EVERYTHING = Affected(everything=True)
_SHOWN = 3


class Validator:
    """Judges one write after the other, over a store that only its own process changes.

    Shapes are read once, and again only where other ones are asked for.
    """

    def __init__(self, limits: WriteLimits) -> None:
        self._limits = limits
        self._rules: dict[tuple[str | None, str | None], Rules] = {}
        self._merge: ox.Store | None = None

    def forget(self) -> None:
        """The store was thrown away."""
        self._merge = None

    def prepare(self, store: ox.Store, setting: Setting | None = None) -> None:
        """Be ready for writes to a store as it is now. Raises what `Rules` raises."""
        if setting is not None:
            self._rules_of(setting)
        if self._merge is None:
            self._merge = merged(store, Scope.of(store, merges=self._limits.merges))

    def check(self, store: ox.Store, changes: Changes) -> None:
        """Judge what a write has changed; `prepare` has seen the store without it.

        Raises `NotConforming` where there are new violations, and `InvalidInput`
        where the shapes can no longer be used. The write is to be undone then.
        """
        merge = cast(ox.Store, self._merge)
        scope = Scope.of(store, merges=self._limits.merges)
        delta = Delta.of(changes, store, merge=merge, scope=scope)
        try:
            delta.apply(merge)
            found = [
                result
                for setting in settings(store)
                for result in self._new(setting, store, merge=merge, delta=delta)
            ]
        except BaseException:
            self.forget()
            raise
        if found:
            delta.undo(merge)
            raise _refusal(found, self._limits)

    def report(self, store: ox.Store, setting: Setting) -> dict[str, Any]:
        """What violates the shapes of a setting in its graph now. Raises what `Rules` raises."""
        self.prepare(store)
        found = self._rules_of(setting).judge(cast(ox.Store, self._merge), _EVERYTHING)
        return _told(_within(found, setting, store), self._limits)

    def _new(
        self, setting: Setting, store: ox.Store, *, merge: ox.Store, delta: Delta
    ) -> Iterable[Result]:
        rules = self._rules_of(setting)
        affected = self._affected(rules, merge, delta)
        if not affected:
            return ()
        found = _violations(_within(rules.judge(merge, affected), setting, store))
        if not found:
            return ()
        with delta.undone(merge):
            before = {key(result) for result in rules.judge(merge, affected)}
        return [result for result in found if key(result) not in before]

    def _affected(self, rules: Rules, merge: ox.Store, delta: Delta) -> Affected:
        if len(delta) > self._limits.max_incremental_triples:
            return _EVERYTHING
        with delta.united(merge):
            return rules.affected(merge, (*delta.added, *delta.removed))

    def _rules_of(self, setting: Setting) -> Rules:
        wanted = (setting.profile, setting.shapes)
        if wanted not in self._rules:
            self._rules[wanted] = Rules(_shapes(setting))
        return self._rules[wanted]


def check_load(before: ox.Store, after: ox.Store, limits: WriteLimits) -> None:
    """Judge all that is under validation in `after`. Raises what `Validator.check` raises."""
    found: list[Result] = []
    validator = Validator(limits)
    for setting in settings(after):
        rules = validator._rules_of(setting)
        now = _violations(_within(_judged(rules, after, limits), setting, after))
        if now:
            known = {key(result) for result in _judged(rules, before, limits)}
            found += (result for result in now if key(result) not in known)
    if found:
        raise _refusal(found, limits)


def _judged(rules: Rules, store: ox.Store, limits: WriteLimits) -> tuple[Result, ...]:
    return rules.judge(merged(store, Scope.of(store, merges=limits.merges)), _EVERYTHING)


def _shapes(setting: Setting) -> list[Quad | Triple]:
    found: list[Quad | Triple] = []
    if setting.profile is not None:
        found += load_shapes(resources() / "shapes", profile=setting.profile)
    if setting.shapes is not None:
        own = ox.parse(setting.shapes, RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        found += own
    return found


def _within(found: Iterable[Result], setting: Setting, store: ox.Store) -> list[Result]:
    """The results about what the graph of a setting describes."""
    graph = setting.graph
    return [replace(r, graph=graph) for r in found if _is_in(graph, r, store)]


def _is_in(graph: NamedNode, result: Result, store: ox.Store) -> bool:
    focus, value = result.focus, result.value
    if isinstance(focus, ox.Literal):
        return False
    if focus != _DATASET or value is None:
        return _occurs(store, (focus, None, None), graph)
    patterns: list[tuple[Any, Any, Any]] = [(None, None, value)]
    if not isinstance(value, ox.Literal):
        patterns.append((value, None, None))
    if isinstance(value, NamedNode):
        patterns.append((None, value, None))
    return any(_occurs(store, pattern, graph) for pattern in patterns)


def _occurs(store: ox.Store, pattern: tuple[Any, Any, Any], graph: NamedNode) -> bool:
    return next(store.quads_for_pattern(*pattern, graph), None) is not None


def _violations(found: Iterable[Result]) -> list[Result]:
    return [result for result in found if result.severity is Severity.VIOLATION]


def _refusal(found: Collection[Result], limits: WriteLimits) -> NotConforming:
    graphs = ", ".join(sorted({str(result.graph) for result in found}))
    shown = "; ".join(dict.fromkeys(_message(r.messages) for r in [*found][:_SHOWN]))
    many = "1 violation" if len(found) == 1 else f"{len(found)} violations"
    error = NotConforming(
        f"the write would leave {many} in {graphs}: {shown}",
        remedy="nothing was changed; the report says what is to be mended",
    )
    error.report = _told(found, limits)
    return error


def _message(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "a constraint is broken")


def _told(found: Iterable[Result], limits: WriteLimits) -> dict[str, Any]:
    """Results as plain data, the first of them."""
    report = Report(results=tuple(found), audit=()).limited(limits.max_report_results)
    told: dict[str, Any] = json.loads(as_json(report))
    return told
