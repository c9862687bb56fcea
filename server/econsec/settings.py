"""The settings of a deployment, read from `ECONSEC_*` in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, cast

from econsec.errors import UsageError

__all__ = ["SETTINGS", "Setting", "Settings"]

_PREFIX = "ECONSEC_"
_TEST_PREFIX = "ECONSEC_TEST_"
_MIB = 1 << 20
_FLAGS = {"true": True, "false": False}


def _text(default: str, about: str) -> str:
    value: str = field(default=default, metadata={"about": about})
    return value


def _one_of(default: str, *others: str, about: str) -> str:
    value: str = field(default=default, metadata={"about": about, "choices": (default, *others)})
    return value


def _flag(default: bool, about: str) -> bool:
    value: bool = field(default=default, metadata={"about": about, "flag": True})
    return value


def _whole(default: int, about: str, *, least: int = 1, most: int | None = None) -> int:
    value: int = field(default=default, metadata={"about": about, "least": least, "most": most})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is set by the variable of its name: `max_nesting` by `ECONSEC_MAX_NESTING`.

    What each is for stands beside it, and in `docs/settings.md`.
    """

    host: str = _text("127.0.0.1", "The address to listen on.")
    port: int = _whole(8000, "The port; 0 for any free one.", least=0, most=65_535)
    public_url: str = _text(
        "", "The root of the service as clients know it; empty, the Host header says it."
    )
    trusted_proxies: str = _text(
        "", "How many proxies stand in front, or their networks, comma-separated."
    )

    proxy_header: str = _one_of(
        "x-forwarded-for", "forwarded", about="The header in which they say who asks."
    )
    location: str = _text(
        "", "A data set on disk to serve; empty, the packaged one is served from memory."
    )
    token_file: str = _text(
        "", "Who may write, a name and a token on each line; empty, the service is read-only."
    )

    service_allowed: str = _text(
        "", "Endpoints that SERVICE may ask: the beginnings of their IRIs, comma-separated."
    )
    service_workers: int = _whole(2, "Queries with SERVICE that run at once.", most=64)

    max_query_bytes: int = _whole(65_536, "Bytes of a query in UTF-8.")
    max_update_bytes: int = _whole(10 * _MIB, "Bytes of an update in UTF-8.")
    max_nesting: int = _whole(64, "Open brackets and waiting signs of a query or an update.")
    max_operators: int = _whole(500, "Operators, calls and groups.")
    max_triple_patterns: int = _whole(80, "Triple patterns; ground data are none.")
    max_path_steps: int = _whole(50, "Steps of property paths.")
    max_list_elements: int = _whole(50, "Elements of collections.")
    max_reads: int = _whole(500_000, "Tokens to read, those that are read again included.")
    max_merge_triples: int = _whole(
        500_000, "Triples that a query over several default graphs may merge for itself."
    )

    workers: int = _whole(4, "Queries that run at once.", most=256)
    workers_per_client: int = _whole(3, "Of these, queries of one client.")
    spares: int = _whole(1, "Processes that stand by for those that are killed.", least=1, most=16)
    deadline_seconds: int = _whole(30, "The deadline of a query, its wait included.")
    max_deadline_seconds: int = _whole(120, "The latest deadline that `timeout=` may ask for.")
    renice_milliseconds: int = _whole(
        100, "After so much CPU time a query goes on at a lower priority."
    )
    memory_bytes: int = _whole(
        1024 * _MIB, "Memory of one query, above what its process shares.", least=64 * _MIB
    )
    result_bytes: int = _whole(256 * _MIB, "Bytes of a result before compression.")
    result_rows: int = _whole(1_000_000, "Rows of a result.")
    buffer_bytes: int = _whole(
        _MIB, "A result up to this size is whole before its first byte is sent.", least=0
    )
    queue_length: int = _whole(64, "Queries that wait for a worker.", least=0)

    cache_bytes: int = _whole(64 * _MIB, "Room for answers that may be asked for again.", least=0)
    cache_max_age_seconds: int = _whole(
        0, "How long others may keep an answer without asking whether it still holds.", least=0
    )

    max_upload_bytes: int = _whole(256 * _MIB, "Bytes of an upload as it is sent.")
    max_decompressed_bytes: int = _whole(1024 * _MIB, "Bytes of an upload when it is decompressed.")
    max_compression_ratio: int = _whole(100, "How many times larger than it was sent.")
    max_upload_nesting: int = _whole(256, "Brackets that are open at once in an upload.")
    max_validation_results: int = _whole(
        10_000, "Results of a validation report; those beyond are counted, not listed."
    )

    default_graph: str = _one_of(
        "merge",
        "plain",
        about="`merge`: the default graph is the merge of the named graphs, with what follows "
        "from them. `plain`: it is a graph like any other.",
    )
    max_derived_triples: int = _whole(
        100_000,
        "Up to so many triples, merge and inferences are part of each commit; above, they "
        "follow in a commit of their own.",
    )
    max_incremental_triples: int = _whole(
        1_000,
        "Where graphs are under validation: a write that changes more triples is judged with "
        "all data, not only with what it can have affected.",
    )
    max_report_results: int = _whole(100, "Results in the report on a write that is refused.")
    update_deadline_seconds: int = _whole(30, "The deadline of a write, its wait included.")
    write_memory_bytes: int = _whole(
        2048 * _MIB, "Memory of the writer, above what it starts with.", least=256 * _MIB
    )
    write_queue_length: int = _whole(256, "Writes that wait.", least=0)
    max_group: int = _whole(64, "Writes that may share a commit.")
    max_file_list_bytes: int = _whole(
        _MIB,
        "Bytes of the store's list of its files, which grows with each commit and which every "
        "reader goes through; above, the writer begins it anew.",
    )
    keep_generations: int = _whole(100, "Commits that can be restored: the last ones.", least=2)
    keep_hourly: int = _whole(48, "And the last one of each of so many hours.", least=0)
    keep_daily: int = _whole(30, "And the last one of each of so many days.", least=0)

    quota_seconds: int = _whole(
        120, "Seconds of queries that one client may use in a minute; 0 is no quota.", least=0
    )
    max_connections: int = _whole(500, "Connections at once.")
    max_header_bytes: int = _whole(32_768, "Bytes of a request's headers.", least=1_024)
    max_headers: int = _whole(100, "Headers of a request.")
    head_seconds: int = _whole(10, "Time for a request's head to arrive.")
    body_seconds: int = _whole(30, "Time for its body, and for each of the following bytes more.")
    body_bytes_per_second: int = _whole(16_384, "How slowly a body may arrive beyond that.")
    send_seconds: int = _whole(30, "Time in which a client must take some of its answer.")
    keep_alive_seconds: int = _whole(5, "Time that a connection may be idle.")
    unready_seconds: int = _whole(
        1, "Time between saying not to be ready and taking no more connections.", least=0
    )
    drain_seconds: int = _whole(10, "Time to end what runs when the service stops.", least=0)
    log_format: str = _one_of("text", "json", about="How log lines are written.")
    log_client: str = _one_of(
        "hash", "address", "none", about="How the log names clients; a hash lasts until the end."
    )
    log_query_text: bool = _flag(False, "Whether the log has the first 200 characters of queries.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises `UsageError` on an unknown name or a bad value."""
        known = {setting.variable: setting for setting in SETTINGS}
        given = {
            name: value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and not name.startswith(_TEST_PREFIX)
        }
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                raise _unknown(name, tuple(known))
            values[known[name].name] = known[name].read(value)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as its reader sees it."""

    field: Field[Any]

    @property
    def name(self) -> str:
        """The field of `Settings`."""
        return self.field.name

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return _PREFIX + self.name.upper()

    @property
    def default(self) -> str | int | bool:
        """What holds without it."""
        return cast("str | int | bool", self.field.default)

    @property
    def about(self) -> str:
        """What it is for."""
        text: str = self.field.metadata["about"]
        return text

    @property
    def written(self) -> str:
        """The default as it would be written."""
        is_flag = isinstance(self.default, bool)
        return str(self.default).lower() if is_flag else str(self.default)

    @property
    def values(self) -> str:
        """Which values it takes, in words."""
        meta = self.field.metadata
        if "flag" in meta:
            return "true or false"
        if "choices" in meta:
            return f"one of {', '.join(meta['choices'])}"
        if "least" not in meta:
            return "text"
        least, most = meta["least"], meta["most"]
        bounds = f"from {least} to {most}" if most is not None else f"of at least {least}"
        return f"a whole number {bounds}"

    def read(self, value: str) -> str | int | bool:
        """A value as it is written. Raises `UsageError`."""
        meta = self.field.metadata
        if "flag" in meta:
            if value in _FLAGS:
                return _FLAGS[value]
        elif "least" not in meta:
            if value in meta.get("choices", (value,)):
                return value
        elif value.strip().isdecimal():
            number, most = int(value), meta["most"]
            if meta["least"] <= number and (most is None or number <= most):
                return number
        raise UsageError(f"{self.variable} must be {self.values}, not {value!r}")


SETTINGS = tuple(Setting(known) for known in fields(Settings))
"""Every setting, in the order of the fields."""


def _unknown(name: str, known: tuple[str, ...]) -> UsageError:
    near = get_close_matches(name, known, n=3)
    remedy = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
    return UsageError(f"the environment sets {name}, which is no setting", remedy=remedy)
