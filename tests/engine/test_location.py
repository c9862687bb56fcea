"""A location on disk: generations that are published whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from econsec.engine.location import Account, Location, Locked
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.records import Deed
from econsec.engine.writing.requests import Version
from econsec.engine.writing.retention import Retention
from econsec.errors import InvalidInput, NotAvailable, UsageError


def quad(name: str) -> Quad:
    return Quad(*(NamedNode(f"https://example.org/{part}") for part in (name, "p", "o")))


def add(*names: str) -> object:
    def fill(store: Store) -> int:
        store.extend(quad(name) for name in names)
        return len(store)

    return fill


def log(location: Location) -> list[dict[str, Any]]:
    text = (location.root / "audit.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def names(store: Store) -> set[str]:
    return {found.subject.value.rpartition("/")[2] for found in store}


def snapshot(root: Path) -> set[str]:
    """Every file below `root`, but for the engine's log, by name and size."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {
        f"{path.relative_to(root)}:{path.stat().st_size}"
        for path in files
        if not path.name.startswith("LOG")
    }


@pytest.fixture
def location(tmp_path: Path) -> Location:
    return Location.create(tmp_path / "location")


def test_a_new_location_holds_nothing(location: Location) -> None:
    assert location.current() is None
    with pytest.raises(NotAvailable, match="holds no data set"):
        location.open_current()


def test_what_is_published_can_be_read(location: Location) -> None:
    assert location.publish(add("a", "b")) == 2
    current = location.current()
    assert current is not None and current.name == "000001"
    assert names(location.open_current()) == {"a", "b"}


def test_a_generation_starts_as_a_copy_of_the_one_before(location: Location) -> None:
    location.publish(add("a"))
    assert location.publish(add("b")) == 2
    assert names(location.open_current()) == {"a", "b"}


def test_or_afresh(location: Location) -> None:
    location.publish(add("a"))
    assert location.publish(add("b"), afresh=True) == 1
    assert names(location.open_current()) == {"b"}


def test_a_reader_keeps_the_generation_that_it_opened(location: Location) -> None:
    location.publish(add("a"))
    reader = location.open_current()
    location.publish(add("b"))
    assert names(reader) == {"a"}
    with pytest.raises(RuntimeError):
        reader.add(quad("c"))


def folders(location: Location) -> list[str]:
    return sorted(path.name for path in (location.root / "generations").iterdir())


def test_as_many_generations_stay_as_are_to_be_kept(tmp_path: Path) -> None:
    location = Location.create(tmp_path / "few", retention=Retention(2, 0, 0))
    for name in ("a", "b", "c", "d"):
        location.publish(add(name))
    assert folders(location) == ["000003", "000004"]
    assert [each.number for each in location.kept()] == [3, 4]
    with pytest.raises(InvalidInput, match="commit 2 is not kept"):
        location.open(2)


def test_one_that_is_let_go_of_meanwhile_disturbs_nobody(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        location.publish(add(name))
    monkeypatch.setattr(Generations, "numbers", lambda self: (1, 2, 3))
    location.generations.point_to(3)
    location.generations.folder(2).rename(location.generations.folder(3))
    assert [each.number for each in location.kept()] == [1, 3]
    assert names(location.open(3)) == {"a", "b"}


def test_a_generation_is_opened_by_its_number(location: Location) -> None:
    for name in ("a", "b", "c"):
        location.publish(add(name))
    assert names(location.open(2)) == {"a", "b"}
    times = [each.time for each in location.kept()]
    assert times == sorted(times)
    assert abs(datetime.now(UTC) - times[-1]) < timedelta(minutes=5)
    location.open_current()
    assert [each.time for each in location.kept()] == times


class TestRestore:
    def test_an_earlier_commit_is_a_new_one(self, location: Location) -> None:
        for name in ("a", "b", "c"):
            location.publish(add(name))
        assert location.restore(2, agent="me") == 4
        assert names(location.open_current()) == {"a", "b"}
        assert names(location.open(3)) == {"a", "b", "c"}
        record = log(location)[-1]
        assert record["requests"][0]["kind"] == "restore"
        assert record["requests"][0]["agent"] == "me"
        assert location.publication().everything == Version(4)

    def test_and_can_be_written_to(self, location: Location) -> None:
        for name in ("a", "b"):
            location.publish(add(name))
        location.restore(1)
        location.publish(add("c"))
        assert names(location.open_current()) == {"a", "c"}
        assert names(location.open(2)) == {"a", "b"}

    def test_what_is_not_kept_cannot_be_restored(self, location: Location) -> None:
        location.publish(add("a"))
        for commit in (0, 2, -1):
            with pytest.raises(InvalidInput, match="is not kept"):
                location.restore(commit)
        assert folders(location) == ["000001"]


class TestLog:
    def test_each_commit_is_recorded(self, location: Location) -> None:
        def account(size: int) -> Account:
            deed = Deed(kind="load", agent="me", graphs=frozenset({"http://example.org/g"}))
            return Account(deed, inferred=size > 1)

        location.publish(add("a"), account=account)
        location.publish(add("b"), account=account)
        assert [record["inferred"] for record in log(location)] == [False, True]
        publication = location.publication()
        assert publication.commit == publication.inferred_at == 2
        assert publication.version("http://example.org/g") == Version(2)
        assert publication.version("http://example.org/other") == Version(0)

    def test_a_failure_is_not(self, location: Location) -> None:
        location.publish(add("a"))
        with pytest.raises(ZeroDivisionError):
            location.publish(fail)
        assert len(log(location)) == 1

    def test_one_that_was_changed_stops_the_writer(self, location: Location) -> None:
        location.publish(add("a"))
        path = location.root / "audit.jsonl"
        path.write_text(path.read_text().replace("command line", "somebody"))
        with pytest.raises(InvalidInput, match="not as it was written"):
            location.publish(add("b"))
        with pytest.raises(InvalidInput, match="not as it was written"):
            location.publication()
        assert names(location.open_current()) == {"a"}

    def test_a_location_without_a_log(self, location: Location) -> None:
        for name in ("a", "b"):
            location.publish(add(name))
        (location.root / "audit.jsonl").unlink()
        assert location.publication().everything == Version(2)
        location.publish(add("c"))
        assert [record["commit"] for record in log(location)] == [3]
        assert names(location.open_current()) == {"a", "b", "c"}

    def test_a_log_that_knows_more_than_the_folder(self, location: Location) -> None:
        for name in ("a", "b", "c"):
            location.publish(add(name))
        (location.root / "CURRENT").write_text("000001\n", encoding="ascii")
        with pytest.raises(InvalidInput, match="CURRENT names 1, but the log says that 2"):
            location.publish(add("d"))


def fail(store: Store) -> None:
    store.add(quad("b"))
    raise ZeroDivisionError


@pytest.mark.parametrize("found", [True, False])
def test_a_first_failure_leaves_no_folder_that_was_not_there(tmp_path: Path, found: bool) -> None:
    root = tmp_path / "new"
    if found:
        root.mkdir()
    with pytest.raises(ZeroDivisionError):
        Location.create(root).publish(fail)
    assert root.exists() is found
    assert not found or not list(root.iterdir())


def test_a_failure_leaves_everything_as_it_was(location: Location) -> None:
    location.publish(add("a"))
    before = snapshot(location.root)
    with pytest.raises(ZeroDivisionError):
        location.publish(fail)
    assert snapshot(location.root) == before


def test_an_older_generation_does_not_change(location: Location) -> None:
    location.publish(add("a"))
    folder = location.current()
    assert folder is not None
    before = snapshot(folder)
    location.publish(add("b"))
    assert snapshot(folder) == before
    assert names(Store.read_only(str(folder))) == {"a"}


def test_two_writers(location: Location) -> None:
    def publish_meanwhile(_: Store) -> None:
        with pytest.raises(Locked, match="another process is writing"):
            Location(location.root).publish(add("b"))

    location.publish(publish_meanwhile)
    assert location.publish(add("c")) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from pyoxigraph import NamedNode, Quad
from econsec.engine.location import Location

def fill(store):
    store.add(Quad(*[NamedNode("https://example.org/b")] * 3))
    store.flush()
    os.kill(os.getpid(), signal.SIGKILL)

Location(Path(sys.argv[1])).publish(fill)
"""


def test_a_writer_that_is_killed(location: Location) -> None:
    location.publish(add("a"))
    process = subprocess.run([sys.executable, "-c", KILLED, str(location.root)], check=False)
    assert process.returncode == -signal.SIGKILL
    assert names(location.open_current()) == {"a"}
    location.publish(add("c"))
    location.publish(add("d"))
    assert names(location.open_current()) == {"a", "c", "d"}
    assert folders(location) == ["000001", "000002", "000003"]


def test_an_unpublished_generation_is_passed_over(location: Location) -> None:
    location.publish(add("a"))
    Store(location.root / "generations" / "000002").add(quad("lost"))
    location.publish(add("b"))
    current = location.current()
    assert current is not None and current.name == "000003"
    assert names(location.open_current()) == {"a", "b"}


def test_a_folder_with_something_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something else"):
        Location.create(tmp_path)
    with pytest.raises(UsageError, match="holds something else"):
        Location.create(tmp_path / "letter.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_and_a_location_are_taken(tmp_path: Path) -> None:
    Location.create(tmp_path).publish(add("a"))
    Location.create(tmp_path).publish(add("b"))
    assert names(Location(tmp_path).open_current()) == {"a", "b"}


@pytest.mark.parametrize("name", ["absent", "letter.txt"])
def test_there_is_no_location(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(NotAvailable, match="econsec build -l"):
        Location(tmp_path / name).open_current()


@pytest.mark.parametrize("current", ["000009", "../../elsewhere", "", "generations"])
def test_current_must_name_a_generation(location: Location, current: str) -> None:
    location.publish(add("a"))
    (location.root / "CURRENT").write_text(current, encoding="ascii")
    with pytest.raises(InvalidInput, match="which is no generation"):
        location.open_current()


def test_a_broken_generation(location: Location) -> None:
    location.publish(add("a"))
    folder = location.current()
    assert folder is not None
    (folder / "CURRENT").write_text("nothing", encoding="ascii")
    with pytest.raises(InvalidInput, match="cannot be opened"):
        location.open_current()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(NotAvailable, match="cannot be written"):
        Location.create(blocked / "location").publish(add("a"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_location_without_permission(location: Location) -> None:
    location.root.chmod(0o500)
    with pytest.raises(NotAvailable, match="cannot be written"):
        location.publish(add("a"))
