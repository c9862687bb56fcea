"""What the writer is told about a deployment: how much a write may take, and what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DefaultGraphMode", "WriteLimits"]


class DefaultGraphMode(StrEnum):
    """What the default graph is: the merge of the named graphs, or data like any other."""

    MERGE = "merge"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLimits:
    """Each field is a setting of the same name.

    `update_deadline_seconds` includes the wait in the queue, of at most
    `write_queue_length` requests, of which up to `max_group` share a commit.
    `write_memory_bytes` is address space above what the writer has at its start.
    While the named graphs hold at most `max_derived_triples` triples, merge and
    inferences are part of each commit. `max_merge_triples` bounds the private
    merge of several USING. Where graphs are under validation, a write that
    changes more than `max_incremental_triples` is judged with all data, not
    only with what it can have affected; what it is refused for is reported up
    to `max_report_results`. The store's list of its files grows with each commit, and
    whoever opens a generation reads it: above `max_file_list_bytes` it is begun anew.
    Of the generations, the last `keep_generations` stay, then the last one of each
    of `keep_hourly` hours and of `keep_daily` days.
    """

    update_deadline_seconds: float = 30.0
    write_memory_bytes: int = 2 << 30
    write_queue_length: int = 256
    max_group: int = 64
    max_derived_triples: int = 100_000
    max_merge_triples: int = 500_000
    max_incremental_triples: int = 1_000
    max_report_results: int = 100
    max_file_list_bytes: int = 1 << 20
    keep_generations: int = 100
    keep_hourly: int = 48
    keep_daily: int = 30
    default_graph: DefaultGraphMode = DefaultGraphMode.MERGE

    @property
    def merges(self) -> bool:
        """Whether the default graph is derived, so that nobody else may write it."""
        return self.default_graph == DefaultGraphMode.MERGE
