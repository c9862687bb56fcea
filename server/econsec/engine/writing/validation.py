"""Graphs under validation: a write that would leave new violations in one is found out.

The asserted data are kept merged in memory, as the shapes judge them: each triple
of the merged graphs once, and nothing that is inferred.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from econsec.engine.writing.asserted import Delta, Scope, merged
from econsec.engine.writing.changes import Changes, Earlier
from econsec.engine.writing.failures import NotConforming
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.protection import Setting, settings
from econsec.errors import InvalidInput
from econsec.knowledge.conformance import load_shapes
from econsec.knowledge.reports import Report, Result, Severity
from econsec.knowledge.reports.json import as_json
from econsec.knowledge.shapes.incremental import Affected, Rules, key
from econsec.knowledge.shapes.neighbourhood import Term
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
        write = _Write(store, changes, merge, delta)
        try:
            delta.apply(merge)
            found = [r for setting in settings(store) for r in self._new(setting, write)]
        except BaseException:
            self.forget()
            raise
        if found:
            delta.undo(merge)
            raise _refusal(found, self._limits)

    def report(self, store: ox.Store, setting: Setting) -> dict[str, Any]:
        """What violates the shapes of a setting in its graph now. Raises what `Rules` raises."""
        rules = self._rules_of(setting)
        if not rules.has_targets:
            raise InvalidInput("the shapes have no targets: they would judge nothing")
        self.prepare(store)
        found = rules.judge(cast(ox.Store, self._merge), _EVERYTHING)
        return _told(_within(found, setting, store), self._limits)

    def _new(self, setting: Setting, write: _Write) -> Iterable[Result]:
        rules, merge = self._rules_of(setting), write.merge
        affected = self._affected(rules, setting, write)
        if not affected:
            return ()
        found = _violations(_within(rules.judge(merge, affected), setting, write.store))
        if not found:
            return ()
        with write.delta.undone(merge):
            judged = rules.judge(merge, affected)
        earlier = Earlier.than(write.changes, write.store)
        known = {key(result) for result in _within(judged, setting, earlier)}
        return [result for result in found if key(result) not in known]

    def _affected(self, rules: Rules, setting: Setting, write: _Write) -> Affected:
        if len(write.changes) > self._limits.max_incremental_triples:
            return _EVERYTHING
        delta = write.delta
        with delta.united(write.merge):
            return rules.affected(
                write.merge,
                (*delta.added, *delta.removed),
                described=write.described(setting),
                mentioned={_DATASET: write.mentioned(setting)},
            )

    def _rules_of(self, setting: Setting) -> Rules:
        wanted = (setting.profile, setting.shapes)
        if wanted not in self._rules:
            self._rules[wanted] = Rules(_shapes(setting))
        return self._rules[wanted]


@dataclass(frozen=True, slots=True)
class _Write:
    """A write that is judged: the store with it, and what it has changed there and in the merge."""

    store: ox.Store
    changes: Changes
    merge: ox.Store
    delta: Delta

    def described(self, setting: Setting) -> set[Term]:
        """What the graph may not have described before: violations that stood elsewhere, too."""
        return {cast(Term, quad.subject) for quad in self._added(setting)}

    def mentioned(self, setting: Setting) -> set[Term]:
        """What the graph did not mention before: what lacks a definition elsewhere, too."""
        earlier = Earlier.than(self.changes, self.store)
        terms = {cast(Term, term) for quad in self._added(setting) for term in quad.triple}
        return {term for term in terms if not _mentions(earlier, setting.graph, term)}

    def _added(self, setting: Setting) -> list[Quad]:
        return [quad for quad in self.changes.added if quad.graph_name == setting.graph]


def check_load(before: ox.Store, after: ox.Store, limits: WriteLimits) -> None:
    """Judge all that is under validation in `after`. Raises what `Validator.check` raises."""
    found: list[Result] = []
    validator = Validator(limits)
    for setting in settings(after):
        rules = validator._rules_of(setting)
        now = _violations(_within(_judged(rules, after, limits), setting, after))
        if now:
            judged = _judged(rules, before, limits)
            known = {key(result) for result in _within(judged, setting, before)}
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


def _within(found: Iterable[Result], setting: Setting, store: ox.Store | Earlier) -> list[Result]:
    """The results about what the graph of a setting describes."""
    graph = setting.graph
    return [replace(r, graph=graph) for r in found if _is_in(graph, r, store)]


def _is_in(graph: NamedNode, result: Result, store: ox.Store | Earlier) -> bool:
    focus, value = result.focus, result.value
    if isinstance(focus, ox.Literal):
        return False
    if focus != _DATASET or value is None:
        return _occurs(store, (focus, None, None), graph)
    return _mentions(store, graph, value)


def _mentions(store: ox.Store | Earlier, graph: NamedNode, term: Term) -> bool:
    patterns: list[tuple[Any, Any, Any]] = [(None, None, term)]
    if not isinstance(term, ox.Literal):
        patterns.append((term, None, None))
    if isinstance(term, NamedNode):
        patterns.append((None, term, None))
    return any(_occurs(store, pattern, graph) for pattern in patterns)


def _occurs(store: ox.Store | Earlier, pattern: tuple[Any, Any, Any], graph: NamedNode) -> bool:
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
