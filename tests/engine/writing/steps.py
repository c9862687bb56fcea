"""What happens to the writer's process after a step of a commit; it imports them by name."""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from econsec.engine.writing.publishing import Step


@dataclass(frozen=True)
class Once:
    """Does something at one step, as soon as `armed` is there, and then no more."""

    step: Step
    armed: Path

    def __call__(self, step: Step) -> None:
        if step is self.step and self.armed.exists():
            self.armed.unlink()
            self.happen()

    def happen(self) -> None:
        raise NotImplementedError


class Killed(Once):
    def happen(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class DiskRunsFull(Once):
    def happen(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Stuck(Once):
    def happen(self) -> None:
        signal.pause()
