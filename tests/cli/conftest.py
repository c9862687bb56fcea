"""Ways to run a command: in this process, or in one of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.cli import main
from econsec.engine.location import Location

PROGRAM = (sys.executable, "-c", "from econsec.cli import main; main()")

DATA = """
PREFIX es: <https://w3id.org/econsec/ontology#>
PREFIX ex: <http://example.org/>
INSERT DATA {
    ex:ban a es:ExportBan ; ex:label "輸出禁止"@ja ; ex:amount 1.5 .
    GRAPH ex:one { ex:ban a es:ExportBan ; ex:label "輸出禁止"@ja ; ex:amount 1.5 . }
    GRAPH ex:two { ex:ban ex:amount 1.5 . }
}
"""


@dataclass(frozen=True)
class Run:
    """How a command ended and what it wrote."""

    code: int
    out: bytes
    err: str


@pytest.fixture
def econsec(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Run]:
    """Runs the command line in this process."""

    def run(*arguments: str | Path) -> Run:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        written = capfdbinary.readouterr()
        code = ended.value.code
        return Run(code if isinstance(code, int) else 0, written.out, written.err.decode())

    return run


@pytest.fixture(scope="session")
def location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set on disk."""

    def fill(store: ox.Store) -> None:
        store.update(DATA)

    root = tmp_path_factory.mktemp("location")
    Location.create(root).publish(fill)
    return root


@contextmanager
def _processes() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in a process of its own, and ends what is left of it."""
    with _processes() as start:
        yield start


def _announcement(process: subprocess.Popen[str]) -> str:
    """The three lines that `econsec serve` prints when it listens."""
    assert process.stdout is not None
    deadline = threading.Timer(60, process.kill)
    deadline.start()
    lines = [process.stdout.readline() for _ in range(3)]
    deadline.cancel()
    return "".join(lines)


@pytest.fixture
def announcement() -> Callable[[subprocess.Popen[str]], str]:
    """Waits until a server listens, and gives what it says then."""
    return _announcement


@pytest.fixture(scope="session")
def announced(location: Path) -> Iterator[str]:
    """What a server over the small data set said; it runs until the last test is done."""
    with _processes() as start:
        yield _announcement(start("serve", "--port", "0", "-l", location))
