"""The processes of a server, as /proc shows them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

__all__ = ["Role", "eventually", "is_running", "kill", "processes"]

_MARKS = {"econsec.engine.workers.zygote": "zygote", "econsec.engine.writing.process": "writer"}
_Found = TypeVar("_Found")


class Role(StrEnum):
    """What a process is to the service."""

    PARENT = "parent"
    ZYGOTE = "zygote"
    WRITER = "writer"
    WORKER = "worker"


def processes(parent: int) -> dict[Role, tuple[int, ...]]:
    """The processes of the server whose first one is `parent`, those that live."""
    found: dict[Role, tuple[int, ...]] = {Role.PARENT: (parent,) if is_running(parent) else ()}
    children = _children(parent)
    for role in (Role.ZYGOTE, Role.WRITER):
        found[role] = tuple(pid for pid in children if _mark(pid) == role)
    found[Role.WORKER] = tuple(pid for zygote in found[Role.ZYGOTE] for pid in _children(zygote))
    return found


def is_running(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    state = _state(pid)
    return state is not None and state[0] != "Z"


def kill(pid: int) -> None:
    """End a process at once, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(found: Callable[[], _Found], *, seconds: float = 30) -> _Found:
    """Wait until there is something, and return that. Raises `AssertionError`."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
    return result


def _children(parent: int) -> list[int]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    found = []
    for pid in pids:
        state = _state(pid)
        if state is not None and state[0] != "Z" and int(state[1]) == parent:
            found.append(pid)
    return sorted(found)


def _state(pid: int) -> list[str] | None:
    """The state and the parent of a process, then the other fields of its line."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _mark(pid: int) -> str | None:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((role for mark, role in _MARKS.items() if mark in command), None)
