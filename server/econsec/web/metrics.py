"""What the service counts, in the formats of Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from econsec.engine.publication import Publication
from econsec.engine.workers import Statistics
from econsec.engine.writing.writer import Statistics as WriterStatistics
from econsec.web.observing import Observation

__all__ = ["CacheStatistics", "Metrics", "Sources", "install"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class CacheStatistics(Protocol):
    """A cache of answers, as far as it is counted."""

    bytes: int
    hits: int
    misses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the state of the parts comes from when somebody asks; `None` for one not there."""

    publication: Callable[[], Publication]
    version: Callable[[], str | None]
    pool: Callable[[], Statistics | None] = lambda: None
    cache: Callable[[], CacheStatistics | None] = lambda: None
    writer: Callable[[], WriterStatistics | None] = lambda: None


class Metrics:
    """The metrics of one application, on a registry of its own.

    An `Observer` of requests; a label has only values that the program has, never
    one that a client can choose.
    """

    def __init__(self, sources: Sources) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "econsec_requests",
            "Requests by route, method and the class of their status, or aborted",
            ("route", "method", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "econsec_request_seconds",
            "Time until the last byte was handed over",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "econsec_sent_bytes", "Bytes of bodies sent", ("route",), registry=self.registry
        )
        self._refusals = Counter(
            "econsec_connection_refusals",
            "What connections refused or cut, by reason",
            ("reason",),
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "econsec_requests_in_flight", "Requests being answered", registry=self.registry
        )
        self._children = lru_cache(maxsize=1_024)(self._looked_up)
        self.registry.register(_State(sources))
        ProcessCollector(registry=self.registry)

    def __call__(self, observation: Observation) -> None:
        """Count a request that is over."""
        self._in_flight.dec()
        children = self._children(observation.route, observation.method, observation.outcome)
        children.requests.inc()
        children.seconds.observe(observation.seconds)
        children.bytes.inc(observation.bytes_sent)

    def note_refusal(self, reason: str) -> None:
        """Count what a connection refused or cut (`web.server.serve(on_refusal=…)`)."""
        self._refusals.labels(reason).inc()

    def note_start(self) -> None:
        """Count a request that has begun."""
        self._in_flight.inc()

    def render(self, accept: str) -> tuple[bytes, str]:
        """All metrics and their media type, as the scraper takes them."""
        encode, media_type = choose_encoder(accept)
        return encode(self.registry), media_type

    def _looked_up(self, route: str, method: str, outcome: str) -> _Children:
        return _Children(
            self._requests.labels(route, method, outcome),
            self._seconds.labels(route),
            self._bytes.labels(route),
        )


@dataclass(frozen=True, slots=True)
class _Children:
    """The metrics of one kind of request."""

    requests: Counter
    seconds: Histogram
    bytes: Counter


def install(app: FastAPI, metrics: Metrics) -> None:
    """Add `/metrics` to `app`."""

    @app.get("/metrics", summary="Metrics for Prometheus", response_class=Response)
    async def scrape(request: Request) -> Response:
        body, media_type = metrics.render(request.headers.get("accept", ""))
        return Response(
            body,
            headers={"Content-Type": media_type, "Cache-Control": "no-store", "Vary": "Accept"},
        )


class _State(Collector):
    """Asks the parts when Prometheus asks."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def describe(self) -> list[Metric]:
        """Nothing in advance: the parts are asked only when they run."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield from _dataset(self._sources.publication(), self._sources.version())
        pool, cache = self._sources.pool(), self._sources.cache()
        writer = self._sources.writer()
        if pool is not None:
            yield from _workers(pool)
        if cache is not None:
            yield _counter("cache_hits", "Answers taken from the cache", cache.hits)
            yield _counter("cache_misses", "Answers not in the cache", cache.misses)
            yield _gauge("cache_bytes", "Size of the cache", cache.bytes)
        if writer is not None:
            yield from _writer(writer)


def _dataset(publication: Publication, version: str | None) -> Iterator[Metric]:
    yield _gauge("dataset_commit", "The commit that readers see", publication.commit)
    yield _gauge("dataset_inferred_commit", "The commit of the inferences", publication.inferred_at)
    yield InfoMetricFamily(
        "econsec_dataset", "The version of the data set", {"version": version or ""}
    )
    if publication.time is not None:
        age = (datetime.now(UTC) - publication.time).total_seconds()
        yield _gauge("dataset_age_seconds", "Time since the commit", max(age, 0))


def _workers(pool: Statistics) -> Iterator[Metric]:
    yield _gauge("queue_length", "Tasks that wait for a worker", pool.waiting)
    yield _gauge("workers_busy", "Workers at work", pool.working)
    yield _gauge("workers_idle", "Workers that wait for a task", pool.idle)
    kills = CounterMetricFamily(
        "econsec_worker_ends", "Workers that ended, by reason", labels=("reason",)
    )
    for reason, count in sorted(pool.kills.items()):
        kills.add_metric((reason,), count)
    yield kills
    yield _counter("worker_forks", "Workers started", pool.forks)
    yield _counter("worker_failed_forks", "Workers that could not be started", pool.failed_forks)
    yield _counter("worker_loads", "Times that the data was loaded", pool.zygote_starts)


def _writer(writer: WriterStatistics) -> Iterator[Metric]:
    yield _gauge("writer_queue_length", "Writes that wait", writer.queued)
    yield _counter("writer_commits", "Commits", writer.commits)
    yield _counter("writer_aborted_commits", "Commits that were not published", writer.aborted)
    yield _counter("writer_restarts", "Starts of the writer again", writer.restarts)
    if writer.commits:
        yield _gauge("writer_last_commit_seconds", "Time of the last commit", writer.last_seconds)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"econsec_{name}", documentation, value)


def _counter(name: str, documentation: str, value: float) -> Metric:
    return CounterMetricFamily(f"econsec_{name}", documentation, value)
