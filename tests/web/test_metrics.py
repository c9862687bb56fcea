"""The metrics, read back with Prometheus' own parser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as families

from econsec.engine.publication import Publication
from econsec.engine.workers import Statistics
from econsec.web.metrics import Metrics, Sources, install
from econsec.web.observing import Observation


@dataclass
class Cache:
    bytes: int = 700
    hits: int = 5
    misses: int = 2


@dataclass
class Writer:
    queued: int = 1
    commits: int = 12
    aborted: int = 3
    restarts: int = 0
    last_seconds: float = 0.25


POOL = Statistics(
    waiting=4,
    working=3,
    idle=1,
    pids=(1, 2, 3, 4),
    zygote=9,
    kills=MappingProxyType({"deadline": 2, "memory": 1}),
    forks=7,
    failed_forks=1,
    zygote_starts=1,
)


@pytest.fixture
def metrics() -> Metrics:
    made = datetime.now(UTC) - timedelta(seconds=90)
    return Metrics(
        Sources(
            publication=lambda: Publication(commit=12, inferred_at=11, time=made),
            version=lambda: "0.1.0",
            pool=lambda: POOL,
            cache=Cache,
            writer=Writer,
        )
    )


def observation(route: str = "/sparql", outcome: str = "2xx") -> Observation:
    return Observation(
        method="GET",
        route=route,
        status=200,
        outcome=outcome,
        seconds=0.02,
        bytes_sent=100,
        state={},
    )


def values(metrics: Metrics) -> dict[tuple[str, ...], float]:
    text = metrics.render("")[0].decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families(text)
        for sample in family.samples
    }


def test_requests_are_counted(metrics: Metrics) -> None:
    for outcome in ("2xx", "2xx", "aborted"):
        metrics.note_start()
        metrics(observation(outcome=outcome))
    metrics.note_start()
    found = values(metrics)
    assert found["econsec_requests_total", "GET", "2xx", "/sparql"] == 2
    assert found["econsec_requests_total", "GET", "aborted", "/sparql"] == 1
    assert found["econsec_request_seconds_bucket", "0.01", "/sparql"] == 0
    assert found["econsec_request_seconds_bucket", "0.025", "/sparql"] == 3
    assert found["econsec_sent_bytes_total", "/sparql"] == 300
    assert found["econsec_requests_in_flight",] == 1


def test_the_parts_are_asked(metrics: Metrics) -> None:
    metrics.note_refusal("head_timeout")
    found = values(metrics)
    assert found["econsec_dataset_commit",] == 12
    assert found["econsec_dataset_inferred_commit",] == 11
    assert found["econsec_dataset_info", "0.1.0"] == 1
    assert 90 <= found["econsec_dataset_age_seconds",] < 150
    assert found["econsec_queue_length",] == 4
    assert found["econsec_workers_busy",] == 3
    assert found["econsec_worker_ends_total", "deadline"] == 2
    assert found["econsec_worker_forks_total",] == 7
    assert found["econsec_cache_hits_total",] == 5
    assert found["econsec_cache_misses_total",] == 2
    assert found["econsec_writer_queue_length",] == 1
    assert found["econsec_writer_commits_total",] == 12
    assert found["econsec_writer_aborted_commits_total",] == 3
    assert found["econsec_writer_last_commit_seconds",] == 0.25
    assert found["econsec_connection_refusals_total", "head_timeout"] == 1
    assert found["process_resident_memory_bytes",] > 1_000_000


def test_parts_that_are_not_there_have_no_metrics() -> None:
    metrics = Metrics(Sources(publication=Publication, version=lambda: None))
    names = {name for name, *_ in values(metrics)}
    assert "econsec_dataset_commit" in names
    assert not any(name.startswith(("econsec_w", "econsec_cache", "econsec_q")) for name in names)
    assert "econsec_dataset_age_seconds" not in names


def test_each_application_counts_for_itself(metrics: Metrics) -> None:
    before = {family.name for family in REGISTRY.collect()}
    metrics.note_start()
    metrics(observation())
    assert ("econsec_requests_total", "GET", "2xx", "/sparql") not in values(
        Metrics(Sources(publication=Publication, version=lambda: None))
    )
    assert {family.name for family in REGISTRY.collect()} == before


@pytest.mark.anyio
async def test_the_route_speaks_both_formats(metrics: Metrics) -> None:
    app = FastAPI()
    install(app, metrics)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        plain = await client.get("/metrics", headers={"Accept": "text/plain"})
        wanted = "application/openmetrics-text; version=1.0.0"
        modern = await client.get("/metrics", headers={"Accept": wanted})
    assert plain.headers["content-type"].startswith("text/plain; version=")
    assert plain.headers["cache-control"] == "no-store"
    assert {family.name for family in families(plain.text)} >= {"econsec_dataset_commit"}
    assert modern.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert {family.name for family in open_metrics(modern.text)} >= {"econsec_dataset_commit"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
