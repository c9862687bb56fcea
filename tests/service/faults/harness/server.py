"""`econsec serve` over a location, as operators run it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from harness.clients import TOKEN, Client
from harness.processes import Role, eventually, is_running, kill, processes

__all__ = ["Server"]

_LISTENING = re.compile(r"http://\S+:(\d+)/sparql")
_DEFAULTS = {"quota_seconds": "0"}
"""All clients of a test come from one machine."""


class Server:
    """One location, and the process that serves it; that may end and start again."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.location = folder / "location"
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self._settings = {**_DEFAULTS, **settings}
        self._tokens = folder / "tokens"
        self._tokens.write_text(f"tests {TOKEN}\n")
        self._tokens.chmod(0o600)

    @property
    def pid(self) -> int:
        """The first process."""
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        """What it wrote to its standard error."""
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> None:
        """Start it, on the port of the last time; it answers then."""
        command = [sys.executable, "-m", "econsec", "serve", "--port", str(self.port)]
        command += ["--location", str(self.location), "--token-file", str(self._tokens)]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                command, env=self._environment(), stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        found = _LISTENING.search(self.process.stdout.readline())
        assert found is not None, self.log
        self.port = int(found[1])

    def client(self, **options: object) -> Client:
        """A client of this server."""
        return Client(self.port, **options)  # type: ignore[arg-type]

    def processes(self) -> dict[Role, tuple[int, ...]]:
        """Its processes that live."""
        return processes(self.pid)

    def everybody(self) -> tuple[int, ...]:
        """All of its processes."""
        return tuple(pid for pids in self.processes().values() for pid in pids)

    def kill(self, role: Role, *, which: int = 0) -> None:
        """Kill one of its processes, when there is one. Without the first it starts again."""
        found = eventually(lambda: self.processes()[role])
        everybody = self.everybody()
        kill(found[which % len(found)])
        if role is Role.PARENT:
            assert self.process is not None
            self.process.communicate()
            # The kernel ends them with their parent.
            eventually(lambda: not any(map(is_running, everybody)))
            self.start()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the first process."""
        os.kill(self.pid, number)

    def wait(self, *, seconds: float = 30) -> int:
        """The exit status, when it has ended."""
        assert self.process is not None
        self.process.communicate(timeout=seconds)
        return self.process.returncode

    def end(self) -> None:
        """Kill all that is left of it."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def _environment(self) -> dict[str, str]:
        kept = {name: v for name, v in os.environ.items() if not name.startswith("ECONSEC_")}
        set_here = {f"ECONSEC_{name.upper()}": value for name, value in self._settings.items()}
        return {**kept, **set_here, "TMPDIR": str(self.folder)}
