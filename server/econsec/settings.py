"""The settings of a deployment, read from `ECONSEC_*` in the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from econsec.errors import UsageError

__all__ = ["Settings"]

_PREFIX = "ECONSEC_"
_TEST_PREFIX = "ECONSEC_TEST_"


def _whole(default: int, *, least: int = 1, most: int | None = None) -> int:
    bounds = {"least": least, "most": most}
    value: int = field(default=default, metadata=bounds)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is set by the variable of its name: `max_nesting` by `ECONSEC_MAX_NESTING`.

    `max_query_bytes` bounds the text of a query in UTF-8, `max_nesting` its
    open brackets, the next five what it holds (as `engine.complexity` counts), and
    `max_merge_triples` the private merge that a query over several default
    graphs is answered from.
    """

    host: str = "127.0.0.1"
    port: int = _whole(8000, least=0, most=65_535)
    max_query_bytes: int = _whole(65_536)
    max_nesting: int = _whole(64)
    max_operators: int = _whole(500)
    max_triple_patterns: int = _whole(80)
    max_path_steps: int = _whole(50)
    max_list_elements: int = _whole(50)
    max_reads: int = _whole(500_000)
    max_merge_triples: int = _whole(500_000)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises `UsageError` on an unknown name or a bad value."""
        variables = {_PREFIX + known.name.upper(): known for known in fields(cls)}
        given = {
            name: value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and not name.startswith(_TEST_PREFIX)
        }
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in variables:
                raise _unknown(name, tuple(variables))
            values[variables[name].name] = _read(name, variables[name], value=value)
        return cls(**values)


def _unknown(name: str, known: tuple[str, ...]) -> UsageError:
    near = get_close_matches(name, known, n=3)
    remedy = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
    return UsageError(f"the environment sets {name}, which is no setting", remedy=remedy)


def _read(name: str, setting: Field[Any], *, value: str) -> str | int:
    if not setting.metadata:
        return value
    least, most = setting.metadata["least"], setting.metadata["most"]
    wanted = f"from {least} to {most}" if most is not None else f"of at least {least}"
    if value.strip().isdecimal() and least <= int(value) and (most is None or int(value) <= most):
        return int(value)
    raise UsageError(f"{name} must be a whole number {wanted}, not {value!r}")
