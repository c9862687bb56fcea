"""`econsec load`: files and standard input into a location."""

from __future__ import annotations

import gzip
import io
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from econsec.engine.location import Location

PROGRAM = (sys.executable, "-c", "from econsec.cli import main; main()")

EX = "https://example.org/"
GRAPH = f"{EX}graph/mine"
TRIPLE = f"<{EX}a> <{EX}p> 1 ."


Command = Callable[..., Any]


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes on standard input."""

    def put(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))

    return put


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "here"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def holds(location: Path, pattern: str) -> bool:
    store = Location(location).open_current()
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes={"ex": EX}))


def test_files_into_a_new_location(econsec: Command, tmp_path: Path, here: Path) -> None:
    one = write(tmp_path, "one.ttl", TRIPLE)
    two = tmp_path / "two.nq.gz"
    two.write_bytes(gzip.compress(f"<{EX}b> <{EX}p> <{EX}c> <{EX}graph/other> .".encode()))
    outcome = econsec("load", "-l", here, "--graph", GRAPH, one, two)
    assert outcome.code == 0
    assert f"triples into <{GRAPH}>: 1" in outcome.err
    assert f"triples into <{EX}graph/other>: 1" in outcome.err
    assert "default graph: 2 asserted" in outcome.err
    assert holds(here, f"ex:a ex:p 1 GRAPH <{EX}graph/other> {{ ex:b ex:p ex:c }}")


def test_standard_input(econsec: Command, here: Path, stdin: Callable[[bytes], None]) -> None:
    stdin(TRIPLE.encode())
    outcome = econsec("load", "-l", here, "--graph", GRAPH, "-f", "ttl", "-")
    assert outcome.code == 0
    assert holds(here, f"GRAPH <{GRAPH}> {{ ex:a ex:p 1 }}")


def test_standard_input_needs_a_format(econsec: Command, here: Path) -> None:
    outcome = econsec("load", "-l", here, "--graph", GRAPH, "-")
    assert outcome.code == 2
    assert "--format" in outcome.err


def test_rewritten_literals_are_reported(econsec: Command, tmp_path: Path, here: Path) -> None:
    file = write(tmp_path, "a.ttl", f"<{EX}a> <{EX}p> 1.50 , 2 .")
    assert "(1.50 comes back as 1.5): 1" in econsec("load", "-l", here, "--graph", GRAPH, file).err
    file = write(tmp_path, "b.ttl", f"<{EX}a> <{EX}p> 1.5 , 2 .")
    assert "literals" not in econsec("load", "-l", here, "--graph", GRAPH, file).err


def test_triples_need_a_graph(econsec: Command, tmp_path: Path, here: Path) -> None:
    outcome = econsec("load", "-l", here, write(tmp_path, "a.ttl", TRIPLE))
    assert outcome.code == 2
    assert "--graph" in outcome.err


@pytest.mark.parametrize("name", ["inferred", "ontology", "shapes", "void"])
def test_protected_graphs(econsec: Command, tmp_path: Path, here: Path, name: str) -> None:
    file = write(tmp_path, "a.ttl", TRIPLE)
    outcome = econsec("load", "-l", here, "--graph", f"https://w3id.org/econsec/graph/{name}", file)
    assert outcome.code == 3
    assert "by a build alone" in outcome.err
    assert Location(here).current() is None


def test_one_bad_file_stops_all(econsec: Command, tmp_path: Path, here: Path) -> None:
    good, bad = write(tmp_path, "good.ttl", TRIPLE), write(tmp_path, "bad.ttl", TRIPLE + "\n<x")
    outcome = econsec("load", "-l", here, "--graph", GRAPH, good, bad)
    assert outcome.code == 3
    assert f"{bad}:2:" in outcome.err.replace("\n", "")
    assert Location(here).current() is None


def test_a_missing_file_leaves_no_location(econsec: Command, tmp_path: Path, here: Path) -> None:
    assert econsec("load", "-l", here, "--graph", GRAPH, tmp_path / "absent.ttl").code == 3
    assert not here.exists()


def test_a_remote_context(econsec: Command, tmp_path: Path, here: Path) -> None:
    file = write(tmp_path, "a.jsonld", f'{{"@context": "{EX}c.jsonld", "@id": "{EX}a", "p": 1}}')
    outcome = econsec("load", "-l", here, "--graph", GRAPH, file)
    assert outcome.code == 3
    assert "nothing is ever fetched" in outcome.err


def test_an_unknown_ending(econsec: Command, tmp_path: Path, here: Path) -> None:
    file = write(tmp_path, "a.docx", TRIPLE)
    assert econsec("load", "-l", here, "--graph", GRAPH, file).code == 3
    assert econsec("load", "-l", here, "--graph", GRAPH, "-f", "text/turtle", file).code == 0


def test_a_folder_that_is_no_location(econsec: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "a.ttl", TRIPLE)
    assert econsec("load", "-l", tmp_path, "--graph", GRAPH, file).code == 2


def test_a_broken_file_leaves_no_new_location(econsec: Command, tmp_path: Path, here: Path) -> None:
    broken = write(tmp_path, "broken.ttl", f"<{EX}a> <{EX}p> 1 .\n<{EX}b>")
    outcome = econsec("load", "-l", here, "--graph", GRAPH, broken)
    assert outcome.code == 3
    assert "broken.ttl:2:" in outcome.err
    assert not here.exists()


def test_a_graph_is_replaced(econsec: Command, tmp_path: Path, here: Path) -> None:
    one = write(tmp_path, "one.ttl", TRIPLE)
    two = write(tmp_path, "two.nq", f"<{EX}b> <{EX}p> 2 .".replace(" 2 .", f' "2" <{EX}g2> .'))
    assert econsec("load", "-l", here, "--graph", GRAPH, one, two).code == 0
    new = write(tmp_path, "new.ttl", f"<{EX}c> <{EX}p> 3 .")
    again = write(tmp_path, "again.ttl", f"<{EX}d> <{EX}p> 4 .")
    assert econsec("load", "-l", here, "--graph", GRAPH, "--replace", new, again).code == 0
    assert holds(here, f"GRAPH <{GRAPH}> {{ ex:c ex:p 3 . ex:d ex:p 4 }} ex:c ex:p 3 . ex:d ex:p 4")
    assert not holds(here, "ex:a ?p ?o") and not holds(here, "GRAPH ?g { ex:a ?p ?o }")
    assert holds(here, f"GRAPH <{EX}g2> {{ ex:b ex:p '2' }}")
    other = write(tmp_path, "other.nq", f'<{EX}e> <{EX}p> "5" <{EX}g2> .')
    assert econsec("load", "-l", here, "--replace", other).code == 0
    assert not holds(here, "GRAPH ?g { ex:b ?p ?o }")
    assert holds(here, f"GRAPH <{EX}g2> {{ ex:e ex:p '5' }} GRAPH <{GRAPH}> {{ ex:c ex:p 3 }}")


def test_a_graph_is_replaced_by_nothing(econsec: Command, tmp_path: Path, here: Path) -> None:
    assert econsec("load", "-l", here, "--graph", GRAPH, write(tmp_path, "a.ttl", TRIPLE)).code == 0
    empty = write(tmp_path, "empty.ttl", "# nothing")
    assert econsec("load", "-l", here, "--graph", GRAPH, empty).code == 0
    assert holds(here, "ex:a ex:p 1")
    run = econsec("load", "-l", here, "--graph", GRAPH, "--replace", empty)
    assert (run.code, run.err.splitlines()[0]) == (0, f"triples into <{GRAPH}>: 0")
    assert not holds(here, "ex:a ex:p 1")
    assert [str(each) for each in Location(here).open_current().named_graphs()] == [f"<{GRAPH}>"]


def test_what_fails_replaces_nothing(econsec: Command, tmp_path: Path, here: Path) -> None:
    assert econsec("load", "-l", here, "--graph", GRAPH, write(tmp_path, "a.ttl", TRIPLE)).code == 0
    broken = write(tmp_path, "broken.ttl", f"<{EX}b> <{EX}p> 1 .\n<{EX}b>")
    assert econsec("load", "-l", here, "--graph", GRAPH, "--replace", broken).code == 3
    assert holds(here, f"ex:a ex:p 1 GRAPH <{GRAPH}> {{ ex:a ex:p 1 }}")
    protected = "https://w3id.org/econsec/graph/ontology"
    run = econsec("load", "-l", here, "--graph", protected, "--replace", broken)
    assert run.code == 3
    assert "by a build alone" in run.err


def on_a_terminal(*arguments: str | Path) -> str:
    """What the command writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen([*PROGRAM, *map(str, arguments)], stderr=theirs, env=environment)
    os.close(theirs)
    written = b""
    try:
        while block := os.read(ours, 65_536):
            written += block
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return written.decode()


def test_progress_is_for_terminals(econsec: Command, tmp_path: Path, here: Path) -> None:
    many = "".join(f"<{EX}s{n}> <{EX}p> {n} .\n" for n in range(60_000))
    file = write(tmp_path, "many.ttl", many)
    shown = on_a_terminal("load", "-l", here, "--graph", GRAPH, file)
    assert "reading many.ttl" in shown
    assert "60,000 triples, " in shown
    assert "/s" in shown
    assert "merging and inferring" in shown
    piped = econsec("load", "-l", here, "--graph", GRAPH, file)
    assert piped.err.splitlines() == [
        f"triples into <{GRAPH}>: 60,000",
        "default graph: 60,000 asserted + 0 inferred triples",
    ]
    assert on_a_terminal("--quiet", "load", "-l", here, "--graph", GRAPH, file) == ""


def test_ctrl_c_leaves_everything_as_it_was(
    start: Callable[..., Any], tmp_path: Path, here: Path
) -> None:
    file, pipe = write(tmp_path, "a.ttl", TRIPLE), tmp_path / "endless.ttl"
    os.mkfifo(pipe)
    process = start("load", "-l", here, "--graph", GRAPH, file, pipe)
    with pipe.open("wb"):  # it reads, when this is open
        assert (here / "generations").is_dir()
        process.send_signal(signal.SIGINT)
        try:
            err = process.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired:  # it came just before the read, which it does not end
            process.send_signal(signal.SIGINT)
            err = process.communicate(timeout=30)[1]
    assert process.returncode not in (0, None)
    assert "Traceback" not in err
    assert not here.exists()
