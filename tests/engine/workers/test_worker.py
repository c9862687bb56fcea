"""How much time of the processor a worker grants itself for a task."""

from __future__ import annotations

import pickle
import socket
from typing import cast

import pytest

from econsec.engine.store import Query, Store
from econsec.engine.validation import Validation
from econsec.engine.workers import confinement
from econsec.engine.workers.confinement import AddressSpace
from econsec.engine.workers.frames import Kind, framed
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.worker import Job, Task, Worker


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (Query("ASK {}"), 7.0),
        # Two engines may judge large data at once.
        (Validation(), 14.0),
    ],
    ids=["query", "validation"],
)
def test_a_task_has_the_time_of_all_its_threads(
    task: Task, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted: list[float] = []
    monkeypatch.setattr(confinement, "limit_cpu", granted.append)
    monkeypatch.setattr(Worker, "_answer", lambda worker, job: None)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(framed(Kind.END, pickle.dumps(Job(task, "JSON", 7.0, None))))
        ours.shutdown(socket.SHUT_WR)
        Worker(
            theirs,
            cast(Store, None),
            cast(Source, None),
            cast(Limits, None),
            cast(AddressSpace, None),
        ).serve()
    assert granted == [seconds]
