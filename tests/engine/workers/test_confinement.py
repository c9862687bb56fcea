"""What a confined process can no longer do; each case in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

SEVERAL = """
import os, socket, threading
from econsec.engine.workers import confinement, seccomp
pair = socket.socketpair()
"""
REPORT = """
def tried(act):
    try:
        act()
    except OSError as error:
        return error.strerror
    return "done"

pair[0].sendall(b"x")
assert pair[1].recv(1) == b"x"
thread = threading.Thread(target=print, args=("thread",))
thread.start(); thread.join()
print(tried(socket.socket))
print(tried(lambda: socket.socket(socket.AF_UNIX)))
print(tried(lambda: os.open("/dev/null", os.O_RDONLY)))
print(tried(lambda: os.kill(os.getpid(), 0)))
"""


def report(step: str) -> list[str]:
    command = [sys.executable, "-c", SEVERAL + step + REPORT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


DENIED = "Operation not permitted"
NO_MORE = "Too many open files"
WITHOUT_SECCOMP = "seccomp._MACHINES.clear()\n"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("", ["thread", "done", "done", "done", "done"]),
        ("assert seccomp.deny()", ["thread", DENIED, DENIED, "done", DENIED]),
        (
            "print(confinement.forbid_sockets(needs_files=True))",
            ["seccomp", "thread", DENIED, DENIED, "done", DENIED],
        ),
        (
            WITHOUT_SECCOMP + "print(confinement.forbid_sockets(needs_files=False))",
            ["no descriptors", "thread", NO_MORE, NO_MORE, NO_MORE, "done"],
        ),
        (
            WITHOUT_SECCOMP + "print(confinement.forbid_sockets(needs_files=True))",
            ["open", "thread", "done", "done", "done", "done"],
        ),
    ],
    ids=["free", "filter", "seccomp", "no seccomp, in memory", "no seccomp, on disk"],
)
def test_sockets_are_out_of_reach(step: str, expected: list[str]) -> None:
    assert report(step) == expected


def test_too_much_cpu_time_ends_the_process() -> None:
    step = "confinement._GRACE_SECONDS = 0\nconfinement.limit_cpu(0.1)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", SEVERAL + step], timeout=20)
    assert done.returncode < 0


def test_the_address_space_has_a_budget() -> None:
    step = (
        "space = confinement.AddressSpace(64 << 20)\nkept = bytes(40 << 20)\n"
        "print(space.is_half_spent())\ndel kept\nprint(space.is_half_spent())\n"
        "try:\n    bytes(80 << 20)\nexcept MemoryError:\n    print('refused')\n"
    )
    command = [sys.executable, "-c", SEVERAL + step]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "refused"]
