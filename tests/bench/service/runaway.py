"""Light queries of many clients, alone and while somebody asks for far too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from statistics import median
from threading import Event, Thread

from service.load import Address, ask, drive, request
from service.measuring import percentile
from service.mix import JSON, RUNAWAY, Probe
from service.servers import Start

__all__ = ["Disturbed", "disturb"]

_HEAD_START = 0.3
"""Seconds that the runaway runs before the light queries begin."""

_DEADLINE = "1"
"""Seconds that the runaway asks for; a server without deadlines takes no notice."""


@dataclass(frozen=True)
class Disturbed:
    """The latencies in seconds of each round, and what the runaway was answered."""

    quiet: list[tuple[float, ...]] = field(default_factory=list)
    disturbed: list[tuple[float, ...]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def ratio(self) -> float:
        """The p95 disturbed against the p95 undisturbed, in the median of the rounds."""
        pairs = zip(self.disturbed, self.quiet, strict=True)
        return median(percentile(after, 95) / percentile(before, 95) for after, before in pairs)


def disturb(
    servers: Mapping[str, Start],
    probes: Sequence[Probe],
    *,
    clients: int,
    rounds: int,
    seconds: float,
) -> dict[str, Disturbed]:
    """Measure each server, a fresh one for each round: what ran away may run for ever."""
    results = {name: Disturbed() for name in servers}
    for _ in range(rounds):
        for name, start in servers.items():
            with start() as address:
                texts = _light(address, probes)
                measure = partial(drive, address, texts, clients=clients, seconds=seconds)
                measure()  # warms up
                results[name].quiet.append(measure().latencies)
                with _runaway(address, results[name].answers):
                    results[name].disturbed.append(measure().latencies)
    return results


def _light(address: Address, probes: Sequence[Probe]) -> Iterator[bytes]:
    """The probes in turn, never the same text twice."""
    each = [p.filled(request(address, p.pattern, p.accept)) for p in probes]
    return chain.from_iterable(zip(*each, strict=True))


@contextmanager
def _runaway(address: Address, answers: Counter[str]) -> Iterator[None]:
    """Ask for too much, and again whenever there is an answer."""
    done = Event()
    message = request(address, RUNAWAY, JSON, timeout=_DEADLINE)

    def run() -> None:
        while not done.is_set():
            # The server may be ended while it still computes.
            with suppress(OSError):
                status = ask(address, message).status
                if not done.is_set():
                    answers[str(status)] += 1

    Thread(target=run, daemon=True).start()
    done.wait(_HEAD_START)
    try:
        yield
    finally:
        done.set()
