"""The published state of a data set: which commit readers see, and what changed each graph last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from econsec.engine.writing.records import Commit
from econsec.engine.writing.requests import Version
from econsec.knowledge.manifest import INFERRED

__all__ = ["DERIVED", "Ledger", "Publication"]

_NEVER = Version(0)

DERIVED: frozenset[str | None] = frozenset({None, INFERRED.value})
"""The graphs that change whenever merge and inferences are brought up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A commit that readers see.

    `commit` is the number of its generation, 0 for a data set in memory, which
    never changes. `inferred_at` is the commit that the default graph and the
    inferred graph were last brought up to. A graph's version is that of the
    last request that could have changed it: `versions` names graphs (`None` is
    the default graph), `everything` is the last request that may have changed
    any graph. `time` is when the commit was made (UTC). `digest` tells apart the
    data sets that call different states by the same number: on disk, it is the hash of the
    commit's record in the log.
    """

    commit: int = 0
    digest: str = ""
    inferred_at: int = 0
    time: datetime | None = None
    everything: Version = _NEVER
    versions: Mapping[str | None, Version] = field(default_factory=dict)

    def version(self, graph: str | None) -> Version:
        """The version of a graph, whether or not there is such a graph."""
        return max(self.versions.get(graph, self.everything), self.everything)

    def after(self, commit: Commit, *, digest: str = "") -> Publication:
        """The state that a commit leaves; `digest` is the hash of its record."""
        ledger = Ledger(self)
        ledger.enter(commit, digest=digest)
        return ledger.publication()


class Ledger:
    """The versions of the graphs as one request follows the other."""

    def __init__(self, publication: Publication) -> None:
        self._commit = publication.commit
        self._digest = publication.digest
        self._inferred_at = publication.inferred_at
        self._time = publication.time
        self._everything = publication.everything
        self._versions = dict(publication.versions)

    def version(self, graph: str | None) -> Version:
        """The version of a graph as of now."""
        return self._versions.get(graph, self._everything)

    def touch(self, graphs: Collection[str | None] | None, version: Version) -> None:
        """A request may have changed `graphs` (`None`: any graph)."""
        if graphs is None:
            self._everything = version
            self._versions.clear()
        else:
            self._versions.update(dict.fromkeys(graphs, version))

    def enter(self, commit: Commit, *, digest: str = "") -> None:
        """All that a commit changed; `digest` is the hash of its record."""
        for position, deed in enumerate(commit.deeds):
            self.touch(deed.graphs, Version(commit.number, position))
        if commit.inferred:
            self.touch(DERIVED, Version(commit.number, max(len(commit.deeds) - 1, 0)))
            self._inferred_at = commit.number
        self._commit = commit.number
        self._digest = digest
        self._time = commit.time

    def publication(self) -> Publication:
        """The state as of now."""
        return Publication(
            commit=self._commit,
            digest=self._digest,
            inferred_at=self._inferred_at,
            time=self._time,
            everything=self._everything,
            versions=dict(self._versions),
        )
