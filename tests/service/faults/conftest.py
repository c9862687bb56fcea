"""Real servers in processes of their own, to which bad things happen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from harness.server import Server


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts a server over a new location, with settings by their names; ends it afterwards."""
    with ExitStack() as running:

        def start(folder: Path | None = None, **settings: object) -> Server:
            folder = tmp_path_factory.mktemp("served") if folder is None else folder
            server = Server(folder, {name: str(value) for name, value in settings.items()})
            running.callback(server.end)
            server.start()
            return server

        yield start
