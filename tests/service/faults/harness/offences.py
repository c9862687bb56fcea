"""What clients do that cost a service dearly, and what they must get for it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from harness.clients import Client
from harness.scale import scaled
from harness.server import Server

__all__ = ["LIMITS", "OFFENCES", "OFFENDER", "Offence", "committed"]

LIMITS = {
    "deadline_seconds": scaled(2, soak=30),
    "head_seconds": 2,
    "body_seconds": 2,
    "send_seconds": 2,
}
"""Settings of the server under test, in seconds."""
_LATE = "100"
"""A deadline that no test waits for."""
_GRACE = 2.0
_SHARE = 3
"""Workers that one client has at most, by default; what he asks beyond that waits."""
OFFENDER = "127.0.0.2"
"""The address of who commits them; others ask from another one."""
_UNANSWERABLE = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
_ENDLESS = "SELECT * { GRAPH ?g { ?a ?p ?b } GRAPH ?h { ?c ?q ?d } }"


@dataclass
class Offence:
    """Something that is done over and over, by so many at once; `faults` is what went wrong."""

    do: Callable[[Server], str | None]
    many: int
    times: int = 0
    faults: list[str] = field(default_factory=list)

    def repeat(self, server: Server, stop: threading.Event) -> None:
        """Until it is to stop."""
        while not stop.is_set():
            try:
                fault = self.do(server)
            except Exception as error:
                fault = f"{type(error).__name__}: {error}"
            self.times += 1
            if fault is not None:
                self.faults.append(fault)


@contextmanager
def committed(offence: Offence, server: Server) -> Iterator[None]:
    """While the block runs."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=offence.repeat, args=(server, stop)) for _ in range(offence.many)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _asking(text: str, *limits: str) -> Callable[[Server], str | None]:
    """A query that has to be refused, in time, for one of the limits."""

    def ask(server: Server) -> str | None:
        started = time.monotonic()
        answer = Client(server.port, address=OFFENDER).query(text)
        seconds = time.monotonic() - started
        if answer.status != 503 or answer.json().get("limit") not in limits:
            return f"{answer.status} {answer.body[:200]!r}"
        if seconds > LIMITS["deadline_seconds"] + _GRACE:
            return f"refused after {seconds:.1f} s only"
        return None

    return ask


def _dribbling(before: bytes, dribble: bytes, limit: str) -> Callable[[Server], str | None]:
    """A request that comes byte by byte and never ends; the answer is 408."""

    def dribbled(server: Server) -> str | None:
        started = time.monotonic()
        with _connected(server) as client:
            client.sendall(before)
            client.settimeout(0.2)
            while time.monotonic() - started < LIMITS[limit] + _GRACE:
                with suppress(TimeoutError):
                    answer = client.recv(65_536)
                    return None if b" 408 " in answer else f"answered {answer[:100]!r}"
                client.sendall(dribble)
        return "never cut off"

    return dribbled


def _read_nothing(server: Server) -> str | None:
    """Ask for much, and leave it lying: the answer breaks off."""
    with _connected(server) as client:
        client.sendall(_get(_ENDLESS, timeout=_LATE))
        # Of the first bytes that nobody takes, the kernel still takes some.
        time.sleep(2 * LIMITS["send_seconds"] + _GRACE)
        client.settimeout(10)
        tail = b""
        try:
            while piece := client.recv(1 << 20):
                tail = (tail + piece)[-16:]
        except ConnectionResetError:
            return None
    return "the answer looks whole" if tail.endswith(b"0\r\n\r\n") else None


def _leave(server: Server) -> str | None:
    """Ask for much, and leave before it comes."""
    with _connected(server) as client:
        client.sendall(_get(_ENDLESS, timeout=_LATE))
        time.sleep(0.02)
    return None


def _hang_up(server: Server) -> str | None:
    """Ask what takes for ever to answer, and do not wait for it."""
    with _connected(server) as client:
        client.sendall(_get(_UNANSWERABLE, timeout=_LATE))
        time.sleep(0.3)
    return None


def _read_some(server: Server) -> str | None:
    """Ask for much, and leave in the middle of it."""
    with _connected(server) as client:
        client.sendall(_get(_ENDLESS, timeout=_LATE))
        client.recv(1 << 20)
    return None


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(
        ("127.0.0.1", server.port), timeout=10, source_address=(OFFENDER, 0)
    )


def _get(text: str, **parameters: str) -> bytes:
    target = f"/sparql?{urlencode({'query': text, **parameters})}"
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


_POST = (
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000\r\n\r\n"
)

OFFENCES: dict[str, Callable[[], Offence]] = {
    "a runaway query": lambda: Offence(
        _asking(_UNANSWERABLE, "deadline_seconds"),
        many=4,
    ),
    "a sort bomb": lambda: Offence(
        _asking(
            "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?d ?b ?c",
            "deadline_seconds",
            "memory_bytes",
        ),
        many=4,
    ),
    "a path over a cycle": lambda: Offence(
        _asking("SELECT (COUNT(*) AS ?n) { ?a <http://e.org/next>+ ?b }", "deadline_seconds"),
        many=4,
    ),
    "a dribbled head": lambda: Offence(
        _dribbling(b"GET /sparql HTTP/1.1\r\nHost: localhost\r\nX: ", b"x", "head_seconds"), many=40
    ),
    "a dribbled body": lambda: Offence(_dribbling(_POST, b"x", "body_seconds"), many=40),
    "a reader who takes nothing": lambda: Offence(_read_nothing, many=_SHARE),
    "a client who hangs up": lambda: Offence(_hang_up, many=_SHARE),
    "a client who leaves": lambda: Offence(_leave, many=_SHARE),
    "a client who leaves in the middle": lambda: Offence(_read_some, many=_SHARE),
}
