"""`econsec serve` over a location on disk, as people run it, for the tests that write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

TOKEN = "a-token-for-tests-0123456789abcdef"
MAX_UPLOAD_BYTES = 200_000
_LISTENING = re.compile(r"(http://\S+)/sparql")
_SERVED = {
    "ECONSEC_WORKERS": "2",
    "ECONSEC_WORKERS_PER_CLIENT": "2",
    "ECONSEC_MAX_UPLOAD_BYTES": str(MAX_UPLOAD_BYTES),
    "ECONSEC_MAX_UPDATE_BYTES": "100000",
}
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs, and the folder with all that it writes."""

    root: str
    folder: Path

    @property
    def location(self) -> Path:
        """What it serves."""
        return self.folder / "location"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over an empty location, as it is by default, small limits aside."""
    folder = tmp_path_factory.mktemp("served")
    tokens = folder / "tokens"
    tokens.write_text(f"tests {TOKEN}\n")
    tokens.chmod(0o600)
    (folder / "temporary").mkdir()
    environment = {**os.environ, **_SERVED, "TMPDIR": str(folder / "temporary")}
    command = [sys.executable, "-m", "econsec", "serve", "--port", "0"]
    command += ["--location", f"{folder}/location", "--token-file", str(tokens)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = _LISTENING.search(process.stdout.readline())
            assert found is not None, "the server does not start"
            yield Served(found[1], folder)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def anonymous(served: Served) -> Iterator[httpx.Client]:
    """A client without a token, which says nothing of its own about what it accepts."""
    with httpx.Client(base_url=served.root, trust_env=False, timeout=30) as client:
        del client.headers["accept"]
        yield client


@pytest.fixture(scope="session")
def writer(served: Served) -> Iterator[httpx.Client]:
    """A client that may write."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=served.root, headers=headers, trust_env=False, timeout=30) as client:
        del client.headers["accept"]
        yield client


@pytest.fixture
def graph() -> str:
    """The IRI of a graph that no other test uses."""
    return f"http://example.org/graph/{next(_NUMBERS)}"
