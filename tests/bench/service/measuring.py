"""Servers taking turns, query by query, and what comes out of it as ratios to the first one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product, repeat
from statistics import geometric_mean, median, quantiles

from service.load import Address, Answer, Slice, ask, drive, request
from service.mix import Probe, rows

__all__ = ["FIRST", "MODES", "REPEATED", "Against", "Cell", "Contender", "Results", "compare"]

FIRST, REPEATED = "first-time", "repeated"
MODES = (FIRST, REPEATED)


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to ask a server; one that revalidates sends the ETag of the answer it holds.

    `rounds` bounds how often it takes its turn, for one that takes long about it.
    """

    name: str
    address: Address
    revalidates: bool = False
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What was measured: a query of the mix, asked of a contender in one way."""

    mode: str
    clients: int
    probe: str
    contender: str


@dataclass(frozen=True, slots=True)
class Against:
    """A cell against that of the first contender, in the median of the rounds.

    `more` is the difference in seconds per answer that clients wait for (p50).
    """

    latency: float
    rate: float
    more: float


@dataclass(frozen=True)
class Results:
    """The slices of each cell, one for each round."""

    contenders: tuple[Contender, ...]
    probes: tuple[Probe, ...]
    slices: dict[Cell, list[Slice]] = field(default_factory=lambda: defaultdict(list))

    def percentile(self, cell: Cell, percent: int) -> float:
        """Of the latencies of all rounds, in seconds."""
        return percentile([t for slice in self.slices[cell] for t in slice.latencies], percent)

    def rate(self, cell: Cell) -> float:
        """Answers per second, in the median of the rounds."""
        return median(slice.rate for slice in self.slices[cell])

    def against(self, cell: Cell) -> Against:
        """Round by round, because what disturbs a machine disturbs neighbours in time alike."""
        base = Cell(cell.mode, cell.clients, cell.probe, self.contenders[0].name)
        # The first rounds of both: a slow contender has fewer.
        pairs = list(zip(self.slices[cell], self.slices[base], strict=False))
        waits = [(median(own.latencies), median(other.latencies)) for own, other in pairs]
        return Against(
            latency=median(own / other for own, other in waits),
            rate=median(own.rate / other.rate for own, other in pairs),
            more=median(own - other for own, other in waits),
        )

    def overall(self, mode: str, clients: int, contender: str) -> Against:
        """The geometric means over the mix; `more` is the median."""
        of_each = [self.against(Cell(mode, clients, p.name, contender)) for p in self.probes]
        return Against(
            latency=geometric_mean(each.latency for each in of_each),
            rate=geometric_mean(each.rate for each in of_each),
            more=median(each.more for each in of_each),
        )

    def has(self, mode: str, contender: str) -> bool:
        """Whether the contender took part in the mode."""
        return any(cell.mode == mode and cell.contender == contender for cell in self.slices)


def percentile(latencies: Sequence[float], percent: int) -> float:
    """In the unit of `latencies`; a single one is every percentile."""
    if len(latencies) < 2:
        return latencies[0]
    return quantiles(latencies, n=100, method="inclusive")[percent - 1]


def compare(
    contenders: Sequence[Contender],
    probes: Sequence[Probe],
    *,
    clients: Sequence[int],
    rounds: int,
    seconds: float,
) -> Results:
    """Measure each cell for `seconds` in all; the contenders take turns, `rounds` times.

    Raises `AssertionError` on an answer with another status or size than it must have, and
    `OSError` on one that breaks off.
    """
    results = Results(tuple(contenders), tuple(probes))
    messages = {
        (mode, probe.name, each.name): _messages(mode, each, probe)
        for mode in MODES
        for probe in probes
        for each in contenders
    }
    sizes = {probe.name: _check(probe, contenders) for probe in probes}
    for number, mode, many, probe in product(range(rounds), MODES, clients, probes):
        for each in _turn(contenders, number, mode):
            try:
                slice = drive(
                    each.address,
                    messages[mode, probe.name, each.name],
                    clients=many,
                    seconds=seconds / rounds,
                    status=304 if each.revalidates else 200,
                )
            except (AssertionError, OSError) as error:
                error.add_note(f"{each.name}, {probe.name}, {mode}, clients: {many}")
                raise
            if mode == REPEATED and not each.revalidates:
                _expect(sizes[probe.name], slice.last, probe, each)
            results.slices[Cell(mode, many, probe.name, each.name)].append(slice)
    return results


def _turn(contenders: Sequence[Contender], number: int, mode: str) -> Iterator[Contender]:
    """Those who take part in this round; each round begins with another one."""
    first = number % len(contenders)
    for each in (*contenders[first:], *contenders[:first]):
        if each.rounds is not None and number >= each.rounds:
            continue
        if mode == REPEATED or not each.revalidates:
            yield each


def _messages(mode: str, each: Contender, probe: Probe) -> Iterator[bytes]:
    if mode == FIRST:
        return probe.filled(request(each.address, probe.pattern, probe.accept))
    message = request(each.address, probe.text, probe.accept)
    if each.revalidates:
        tag = ask(each.address, message).header("etag")
        message = request(each.address, probe.text, probe.accept, match=tag)
    return repeat(message)


def _check(probe: Probe, contenders: Sequence[Contender]) -> int:
    """The size of the answer that all agree on, before anything is measured."""
    answers = [
        ask(each.address, request(each.address, probe.text, probe.accept)) for each in contenders
    ]
    size = rows(answers[0].body, probe.accept)
    assert size > 0, probe.name
    assert probe.rows in (None, size), f"{probe.name}: {size} rows"
    for each, answer in zip(contenders, answers, strict=True):
        assert answer.status == 200, f"{probe.name} of {each.name}: {answer}"
        _expect(size, answer, probe, each)
    return size


def _expect(size: int, answer: Answer, probe: Probe, each: Contender) -> None:
    # Not every server writes N-Triples whenever it is asked to.
    if answer.header("content-type").startswith(probe.accept):
        found = rows(answer.body, probe.accept)
        assert found == size, f"{probe.name} of {each.name}: {found} rows, not {size}"
