"""Uploads parsed in processes that may die: a program that forks one for each document.

As a program it reads tasks from its standard input; as a module it starts that program.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from econsec.engine.upload import Upload, UploadLimits, parsed
from econsec.errors import EconSecError
from econsec.rdf.formats import N_QUADS, N_TRIPLES

_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Outcome:
    """How it ended: `ok`, `error` (one of ours), `deadline`, `memory` or `crash`."""

    kind: str
    error: str = ""
    detail: str = ""
    line: int | None = None
    column: int | None = None
    written: int = 0
    peak_megabytes: int = 0


@dataclass(frozen=True)
class Task:
    """A document to parse, and what its process may take."""

    upload: Upload
    limits: UploadLimits
    seconds: float
    megabytes: int


class UploadProcess:
    """The program, as a context manager."""

    def __enter__(self) -> UploadProcess:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._folder.cleanup()

    def parse(
        self,
        content: bytes,
        format: str,
        *,
        limits: UploadLimits | None = None,
        seconds: float = 20,
        megabytes: int = 1024,
        **fields: Any,
    ) -> Outcome:
        """Parse `content` in a process of its own."""
        path = Path(self._folder.name) / "document"
        path.write_bytes(content)
        defaults = {"base": "https://example.org/", "gzipped": False, "name": "given"}
        upload = Upload(path=path, format=format, **{"quads": True, **defaults, **fields})
        task = pickle.dumps(Task(upload, limits or UploadLimits(), seconds, megabytes))
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(_LENGTH.pack(len(task)) + task)
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))


class _Count:
    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass


def _child(task: Task, answer: int, log: int) -> None:
    os.dup2(log, 2)
    _limit(task)
    output = _Count()
    outcome: dict[str, Any] = {"kind": "ok"}
    try:
        format = N_QUADS if task.upload.quads else N_TRIPLES
        parsed(task.upload, task.limits).write(output, format)  # type: ignore[arg-type]
    except EconSecError as error:
        outcome = {
            "kind": "error",
            "error": type(error).__name__,
            "detail": error.detail,
            "line": error.line,
            "column": error.column,
        }
    except MemoryError:
        outcome = {"kind": "memory"}
    except BaseException as error:
        outcome = {"kind": "crash", "detail": repr(error)}
    outcome["written"] = output.size
    outcome["peak_megabytes"] = _peak()
    os.write(answer, json.dumps(outcome).encode())
    os._exit(0)


def _limit(task: Task) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    space = pages * os.sysconf("SC_PAGE_SIZE") + (task.megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, task.seconds)


def _peak() -> int:
    """Resident memory at its highest, in MiB; `ru_maxrss` is inherited over a fork."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) >> 10


def _run(task: Task) -> dict[str, Any]:
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as log:
        pid = os.fork()
        if pid == 0:
            _child(task, writing, log.fileno())
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
        status = os.waitpid(pid, 0)[1]
        log.seek(0)
        said = log.read().decode(errors="replace")
    if answer:
        return dict(json.loads(answer))
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return {"kind": "deadline"}
    if "memory allocation" in said:
        return {"kind": "memory"}
    return {"kind": "crash", "detail": f"status {status}: {said[-400:]}"}


def main() -> None:
    """Answer each task of the standard input with a line of JSON."""
    while header := sys.stdin.buffer.read(_LENGTH.size):
        task = pickle.loads(sys.stdin.buffer.read(_LENGTH.unpack(header)[0]))
        print(json.dumps(_run(task)), flush=True)


if __name__ == "__main__":
    main()
