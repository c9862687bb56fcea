"""A client who asks light queries, in a process of its own: who shares one with the offender
waits for the interpreter, not for the service."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count

from harness.clients import Client

__all__ = ["Neighbour", "neighbour"]

_SERIAL = count()


class Neighbour:
    """Asks one query after the other, each of them new to the service."""

    def __init__(self, process: ProcessPoolExecutor, *, port: int, nodes: int) -> None:
        self._process = process
        self._port = port
        self._nodes = nodes

    def latencies(self, seconds: float) -> list[float]:
        """How long each answer took, in seconds; asserts that all are right."""
        return self._process.submit(_ask, self._port, nodes=self._nodes, seconds=seconds).result()


@contextmanager
def neighbour(port: int, *, nodes: int) -> Iterator[Neighbour]:
    """A neighbour at a server that holds a cycle of `nodes`."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        yield Neighbour(process, port=port, nodes=nodes)


def _ask(port: int, *, nodes: int, seconds: float) -> list[float]:
    client, latencies = Client(port), []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number = next(_SERIAL)
        text = f"ASK {{ <http://e.org/{number % nodes}> ?p ?o FILTER (?o != {number}) }}"
        started = time.monotonic()
        answer = client.query(text)
        latencies.append(time.monotonic() - started)
        assert answer.status == 200, answer.body
        assert answer.json()["boolean"] is True
    return latencies
