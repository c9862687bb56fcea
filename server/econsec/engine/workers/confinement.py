"""What a process gives up before it works on somebody's query. Linux only."""

from __future__ import annotations

import ctypes
import os
import signal
from enum import StrEnum
from math import ceil

from econsec.engine.workers import seccomp

__all__ = [
    "AddressSpace",
    "Network",
    "close_descriptors",
    "default_signals",
    "die_with",
    "forbid_sockets",
    "limit_cpu",
    "limit_files",
]

_PARENT_DEATH_SIGNAL = 1
_LOG_BYTES = 1 << 20
_GRACE_SECONDS = 2
_LEFT_TO_THE_PARENT = (signal.SIGINT, signal.SIGTERM)


class Network(StrEnum):
    """What keeps a worker from opening a socket."""

    SECCOMP = "seccomp"
    NO_DESCRIPTORS = "no descriptors"
    OPEN = "open"


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent, the process `parent`, ends."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(0)


def default_signals() -> None:
    """Drop handlers of the process we came from.

    A Ctrl-C or a service manager's SIGTERM reaches every process of the service;
    the first one decides what becomes of the others.
    """
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    for number in _LEFT_TO_THE_PARENT:
        signal.signal(number, signal.SIG_IGN)


def close_descriptors(*, keep: tuple[int, ...]) -> None:
    """Close all descriptors but the standard ones and `keep`."""
    start = 3
    for descriptor in sorted(keep):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


class AddressSpace:
    """The address space of this process, bounded at what it has now and a budget."""

    def __init__(self, budget: int) -> None:
        import resource  # Unix only

        self._statistics = os.open("/proc/self/statm", os.O_RDONLY)
        self._budget = budget
        self._baseline = self._size()
        limit = self._baseline + budget
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    def is_half_spent(self) -> bool:
        """Whether finished work left so much behind that the next has less than half."""
        return self._size() - self._baseline > self._budget // 2

    def _size(self) -> int:
        return int(os.pread(self._statistics, 64, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


def limit_cpu(seconds: float) -> None:
    """End this process after `seconds` more of CPU time: a backstop behind the deadline."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = ceil(usage.ru_utime + usage.ru_stime + seconds) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def limit_files() -> None:
    """No core dump, and no file longer than a log."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LOG_BYTES, _LOG_BYTES))


def forbid_sockets(*, needs_files: bool, needs_network: bool = False) -> Network:
    """No more sockets, or none but those that connect to others.

    Without seccomp, no sockets also means no more files, so not for who needs them.
    """
    import resource

    if needs_network:
        seccomp.deny(network=True)
        return Network.OPEN
    if seccomp.deny():
        return Network.SECCOMP
    if needs_files:
        return Network.OPEN
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return Network.NO_DESCRIPTORS
