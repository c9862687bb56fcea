"""A system call filter of the kernel (seccomp), installed without any privilege."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EPERM
from struct import pack

__all__ = ["deny"]

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF instructions
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2

_ANYWHERE = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "pidfd_getfd": 438,
}


@dataclass(frozen=True, slots=True)
class _Machine:
    audit: int
    calls: Mapping[str, int]


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        _ANYWHERE
        | {"socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "accept4": 288}
        | {"execve": 59, "execveat": 322, "kill": 62, "ptrace": 101, "bpf": 321}
        | {"process_vm_readv": 310, "process_vm_writev": 311}
        | {"rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297},
    ),
    "aarch64": _Machine(
        0xC00000B7,
        _ANYWHERE
        | {"socket": 198, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "accept4": 242}
        | {"execve": 221, "execveat": 281, "kill": 129, "ptrace": 117, "bpf": 280}
        | {"process_vm_readv": 270, "process_vm_writev": 271}
        | {"rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240},
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


_CLIENT = frozenset({"socket", "connect"})


def deny(*, network: bool = False) -> bool:
    """Deny this process sockets, io_uring, new programs and a hand on other processes, for good.

    With `network` it may still connect to others. The calls fail with EPERM. False
    where the kernel or the machine has no such filter.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _compiled(machine, allowed=_CLIENT if network else frozenset())
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0) == 0)


def _compiled(machine: _Machine, *, allowed: frozenset[str]) -> bytes:
    calls = sorted(call for name, call in machine.calls.items() if name not in allowed)
    denied = len(calls) + 1
    # Another architecture numbers its calls differently: nothing of it is let through.
    instructions = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, denied, 0, _X32),
        *((_EQUAL, denied - 1 - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERROR | EPERM),
    ]
    return b"".join(pack("=HBBI", *instruction) for instruction in instructions)
