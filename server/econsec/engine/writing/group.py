"""The requests that share a commit, while it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from econsec.engine.publication import Ledger, Publication
from econsec.engine.writing.queue import Member
from econsec.engine.writing.requests import GraphWrite, Receipt, Version
from econsec.errors import EconSecError

__all__ = ["Group"]


@dataclass(frozen=True, slots=True)
class _Accepted:
    member: Member
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class _Rejected:
    member: Member
    error: EconSecError


@dataclass(slots=True)
class Group:
    """What was applied, and what was refused in the state that this left; `pending` is applied now.

    A refusal is final with the commit only: it may be due to a request that
    comes to nothing itself.
    """

    number: int
    ledger: Ledger
    accepted: list[_Accepted] = field(default_factory=list)
    rejected: list[_Rejected] = field(default_factory=list)
    pending: Member | None = None

    @classmethod
    def after(cls, publication: Publication, *, number: int) -> Group:
        """An empty group on top of a commit."""
        return cls(number, Ledger(publication))

    def __len__(self) -> int:
        return len(self.accepted)

    @property
    def members(self) -> Iterator[Member]:
        """All that are in it."""
        yield from (each.member for each in self.accepted)
        yield from (each.member for each in self.rejected)
        if self.pending is not None:
            yield self.pending

    @property
    def expiry(self) -> float:
        """The last of the deadlines of those that are applied."""
        return max(each.member.expiry for each in self.accepted)

    def tag(self, member: Member) -> str:
        """The entity tag of the graph that a request is about, as of now."""
        write = member.write
        return str(self.ledger.version(write.graph)) if isinstance(write, GraphWrite) else ""

    def accept(
        self, member: Member, *, created: bool, report: Mapping[str, Any] | None = None
    ) -> None:
        """It was applied."""
        version = Version(self.number, len(self.accepted))
        self.accepted.append(_Accepted(member, Receipt(version, created, report)))
        self.ledger.touch(member.deed.graphs, version)

    def reject(self, member: Member, error: EconSecError) -> None:
        """It was refused and changed nothing."""
        self.rejected.append(_Rejected(member, error))

    def settle(self) -> None:
        """Tell all of them what became of their requests."""
        for accepted in self.accepted:
            accepted.member.succeed(accepted.receipt)
        for rejected in self.rejected:
            rejected.member.fail(rejected.error)
