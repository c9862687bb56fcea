"""The first page counts what the graph holds once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pyoxigraph as ox

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.publication import Publication
from econsec.engine.store import Query
from econsec.settings import Settings

from ..conftest import asking, listening

VISITORS = 8


class Noting(InProcess):
    """Notes the queries that come."""

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store)
        self.asked: list[str] = []

    async def run(self, task: Any, *arguments: Any, **more: Any) -> Any:
        if isinstance(task, Query):
            self.asked.append(task.text)
        return await super().run(task, *arguments, **more)

    @property
    def counted(self) -> int:
        return sum("?passages" in text for text in self.asked)


def test_who_come_at_once_have_it_counted_once(dataset: ox.Store) -> None:
    store = EmbeddedStore(dataset, Settings())
    backend = Noting(store)

    def visit(number: int) -> httpx.Response:
        # Addresses of their own, whose pages are made apart.
        return client.get(f"/?visitor={number}", headers={"Accept": "text/html"})

    with listening(backend, Settings()) as root, asking(root) as client:
        with ThreadPoolExecutor(VISITORS) as visitors:
            answers = [*visitors.map(visit, range(VISITORS))]
        assert {answer.status_code for answer in answers} == {200}
        assert backend.counted == 1
        backend.publication = Publication(commit=1)
        assert visit(0).status_code == 200
        assert backend.counted == 2
