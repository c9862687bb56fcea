"""Backups: taken while others write, known again to the last bit, and restored."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.engine.backup import Damaged, Inventory, back_up, check, differences, restore
from econsec.engine.backup.content import content_of
from econsec.engine.location import Location, Locked
from econsec.engine.writing.audit import entries
from econsec.engine.writing.retention import Retention
from econsec.errors import InvalidInput, NotAvailable, UsageError

EX = "http://example.org/"


def insert(number: int) -> Callable[[ox.Store], None]:
    """Adds one quad whose object is `number`, and a triple to the default graph."""

    def fill(store: ox.Store) -> None:
        store.update(
            f"INSERT DATA {{ <{EX}s> <{EX}p> {number} GRAPH <{EX}g> "
            f'{{ <{EX}s> <{EX}p> {number} , "line\\nbreak {number}"@ja }} }}'
        )

    return fill


def located(root: Path, *, commits: int = 1, retention: Retention | None = None) -> Location:
    location = Location.create(root, retention=retention)
    for number in range(1, commits + 1):
        location.publish(insert(number))
    return location


def numbers(location: Location) -> set[int]:
    rows = location.open_current().query(
        f"SELECT ?n {{ GRAPH <{EX}g> {{ ?s ?p ?n FILTER(isNumeric(?n)) }} }}"
    )
    return {int(row["n"].value) for row in rows}


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of three commits; tests damage copies of it."""
    folder = tmp_path_factory.mktemp("taken")
    back_up(located(folder / "location", commits=3), folder / "backup")
    return folder / "backup"


@pytest.fixture
def backup(taken: Path, tmp_path: Path) -> Path:
    shutil.copytree(taken, tmp_path / "backup")
    return tmp_path / "backup"


def found(backup: Path, tmp_path: Path) -> tuple[str, ...]:
    return differences(backup, tmp_path / "place")


def test_a_backup_holds_the_published_state_and_its_log(tmp_path: Path) -> None:
    location = located(tmp_path / "location", commits=3)
    inventory = back_up(location, tmp_path / "backup")
    assert inventory == Inventory.read(tmp_path / "backup")
    assert inventory.commit == 3
    assert inventory.content.graphs == {"": 3, f"{EX}g": 6}
    assert inventory.content.quads == 9
    assert (
        tmp_path / "backup" / "audit.jsonl"
    ).read_bytes() == location.generations.log.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "location"]
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        "audit.jsonl",
        "backup.json",
        "store",
    }


def test_the_files_of_the_store_are_hard_links_where_they_can_be(tmp_path: Path) -> None:
    location = located(tmp_path / "location")
    back_up(location, tmp_path / "backup")
    tables = list((tmp_path / "backup" / "store").glob("*.sst"))
    assert tables
    assert all(table.stat().st_nlink > 1 for table in tables)


def test_what_was_written_later_is_in_neither_store_nor_log(tmp_path: Path) -> None:
    location = located(tmp_path / "location", commits=2)
    # The next commit is recorded, but not published yet.
    published = (location.root / "CURRENT").read_bytes()
    location.publish(insert(3))
    (location.root / "CURRENT").write_bytes(published)
    assert back_up(location, tmp_path / "backup").commit == 2
    copied = [entry.record.number for entry in entries(tmp_path / "backup" / "audit.jsonl")]
    assert copied == [1, 2]
    assert found(tmp_path / "backup", tmp_path) == ()


def test_the_content_does_not_depend_on_the_order_or_the_files() -> None:
    forwards, backwards = ox.Store(), ox.Store()
    for number in range(20):
        insert(number)(forwards)
        insert(19 - number)(backwards)
    assert content_of(forwards) == content_of(backwards)
    backwards.add(ox.Quad(ox.BlankNode("b"), ox.NamedNode(f"{EX}p"), ox.Literal("x")))
    assert content_of(forwards).sha256 != content_of(backwards).sha256


def test_a_generation_that_goes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = located(tmp_path / "location", retention=Retention(last=1, hourly=0, daily=0))
    opened = location.generations.open
    seen: list[int] = []

    def slow(number: int) -> ox.Store:
        store = opened(number)
        seen.append(number)
        if len(seen) == 1:  # it is open, but its files go before they are copied
            Location(location.root, retention=location.retention).publish(insert(2))
        return store

    monkeypatch.setattr(location.generations, "open", slow)
    assert back_up(location, tmp_path / "backup").commit == 2
    assert seen == [1, 2]
    assert found(tmp_path / "backup", tmp_path) == ()


def test_a_generation_that_is_not_there(tmp_path: Path) -> None:
    location = located(tmp_path / "location")
    (location.root / "CURRENT").write_text("000007\n", encoding="ascii")
    with pytest.raises(InvalidInput, match="no generation"):
        back_up(location, tmp_path / "backup")
    (location.root / "generations" / "000007").mkdir()
    with pytest.raises(InvalidInput, match="cannot be opened"):
        back_up(location, tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["location"]


@pytest.mark.parametrize("last", [1, 2])
def test_backups_while_another_writes(tmp_path: Path, last: int) -> None:
    location = located(tmp_path / "location", retention=Retention(last=last, hourly=0, daily=0))
    ended = threading.Event()

    def write() -> None:
        writer = Location(location.root, retention=location.retention)
        number = 1
        while not ended.is_set():
            number += 1
            writer.publish(insert(number))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [back_up(location, tmp_path / f"backup{n}") for n in range(5)]
    finally:
        ended.set()
        thread.join()
    assert made[0].commit < made[-1].commit
    for n, inventory in enumerate(made):
        assert differences(tmp_path / f"backup{n}", tmp_path / f"place{n}") == ()
        assert inventory.content.graphs[f"{EX}g"] == 2 * inventory.commit


def test_a_backup_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = located(tmp_path / "location")

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("econsec.engine.backup.making.made_durable", interrupted)
    with pytest.raises(KeyboardInterrupt):
        back_up(location, tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["location"]


def test_where_a_backup_cannot_be_written(tmp_path: Path) -> None:
    location = located(tmp_path / "location")
    (tmp_path / "there").mkdir()
    for target in (tmp_path / "there", location.root / "generations" / "backup", location.root):
        with pytest.raises(UsageError):
            back_up(location, target)
    with pytest.raises(NotAvailable, match="No such file"):
        back_up(location, tmp_path / "no" / "folder")
    with pytest.raises(NotAvailable, match="holds no data set"):
        back_up(Location(tmp_path / "nowhere"), tmp_path / "backup")


def test_a_log_that_is_damaged_is_not_backed_up(tmp_path: Path) -> None:
    location = located(tmp_path / "location", commits=2)
    log = location.generations.log
    log.write_bytes(log.read_bytes().replace(b"command line", b"somebody els", 1))
    with pytest.raises(InvalidInput, match="not as it was written") as error:
        back_up(location, tmp_path / "backup")
    assert error.value.line == 1
    assert not (tmp_path / "backup").exists()


def test_an_untouched_backup_differs_in_nothing(backup: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    assert found(backup, tmp_path) == ()
    assert {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()} == before


def test_a_flipped_bit_in_any_file_is_found(backup: Path, tmp_path: Path) -> None:
    files = [path for path in backup.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 5
    for count, path in enumerate(files):
        whole = path.read_bytes()
        for place, bit in ((0, 0), (len(whole) // 2, 3), (len(whole) - 1, 7)):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            told = differences(backup, tmp_path / f"place{count}-{place}")
            assert any(path.name in line for line in told), (path, place)
        path.write_bytes(whole)


def test_every_bit_of_the_inventory_counts(backup: Path, tmp_path: Path) -> None:
    path = backup / "backup.json"
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(flipped)
        assert "backup.json" in differences(backup, tmp_path / f"place{place}")[0]


def test_missing_and_extra_files_are_found(backup: Path, tmp_path: Path) -> None:
    table = next((backup / "store").glob("*.sst"))
    table.unlink()
    (backup / "store" / "more.sst").write_bytes(b"")
    (backup / "empty").mkdir()
    assert set(found(backup, tmp_path)) == {
        f"store/{table.name}: it is missing",
        "store/more.sst: it is no part of the backup",
        "empty: it is no part of the backup",
    }


def test_a_link_is_no_file(backup: Path, tmp_path: Path) -> None:
    table = next((backup / "store").glob("*.sst"))
    table.rename(tmp_path / "elsewhere")
    table.symlink_to(tmp_path / "elsewhere")
    assert found(backup, tmp_path) == (f"store/{table.name}: it is no file",)


def test_a_log_cut_short_is_found(backup: Path, tmp_path: Path) -> None:
    log = backup / "audit.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    told = found(backup, tmp_path)
    assert "audit.jsonl: it ends with record 2, not 3" in told


def test_the_inventory_of_another_backup_is_found(backup: Path, tmp_path: Path) -> None:
    other = located(tmp_path / "location", commits=4)
    back_up(other, tmp_path / "other")
    shutil.copy(tmp_path / "other" / "backup.json", backup / "backup.json")
    told = found(backup, tmp_path)
    assert "audit.jsonl: it ends with record 3, not 4" in told
    assert any(line.startswith("store/") for line in told)


def forged(backup: Path, **changes: object) -> None:
    """Write an inventory that is consistent in itself and with all files, but for `changes`."""
    fields = Inventory.read(backup)._as_json() | changes
    (backup / "backup.json").write_bytes(Inventory._from_json(fields).written())


def test_content_that_the_store_does_not_give_back_is_found(backup: Path, tmp_path: Path) -> None:
    content = Inventory.read(backup).content.as_json()
    forged(backup, content=content | {"graphs": {"": 3, f"{EX}g": 7}})
    assert found(backup, tmp_path) == (f"store: the graph <{EX}g> holds 6 triples, not 7",)
    forged(backup, content=content | {"sha256": "0" * 64})
    assert differences(backup, tmp_path / "again") == (
        "store: the quads are not those that were backed up",
    )


def test_a_log_that_goes_on_is_found(backup: Path, tmp_path: Path) -> None:
    forged(backup, commit=2)
    assert found(backup, tmp_path) == ("audit.jsonl: it goes on to commit 3, behind 2",)


def test_an_inventory_of_a_later_version(backup: Path, tmp_path: Path) -> None:
    fields = json.loads((backup / "backup.json").read_text("utf-8")) | {"format": 2}
    (backup / "backup.json").write_text(json.dumps(fields), encoding="utf-8")
    assert found(backup, tmp_path) == ("backup.json: it is no inventory that this version reads",)


@pytest.mark.parametrize("name", ["", "audit.jsonl", "nothing"])
def test_what_is_no_backup(backup: Path, tmp_path: Path, name: str) -> None:
    (backup / "backup.json").unlink()
    with pytest.raises(InvalidInput, match="no backup"):
        differences(backup / name, tmp_path / "place")


@pytest.mark.parametrize("there", [False, True])
def test_a_backup_is_restored_to_a_new_or_an_empty_folder(
    backup: Path, tmp_path: Path, there: bool
) -> None:
    root = tmp_path / "restored"
    if there:
        root.mkdir()
    restored = restore(backup, root)
    assert (restored.inventory.commit, restored.commit) == (3, 4)
    location = Location(root)
    assert numbers(location) == {1, 2, 3}
    assert content_of(location.open_current()) == restored.inventory.content
    kinds = [commit.deeds[0].kind for commit in location._commits()]
    assert kinds == ["load", "load", "load", "restore"]
    location.publish(insert(9))
    assert numbers(location) == {1, 2, 3, 9}
    assert found(backup, tmp_path) == ()  # nothing of the backup is shared


def test_a_damaged_backup_is_not_restored(backup: Path, tmp_path: Path) -> None:
    with next((backup / "store").glob("*.sst")).open("ab") as file:
        file.write(b"x")
    root = tmp_path / "restored"
    with pytest.raises(Damaged, match=r"bytes, not"):
        restore(backup, root)
    assert not root.exists()
    root.mkdir()
    with pytest.raises(Damaged):
        restore(backup, root)
    assert list(root.iterdir()) == []


def test_restoring_that_is_interrupted_leaves_nothing(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Location, "restore", interrupted)
    with pytest.raises(KeyboardInterrupt):
        restore(backup, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_folder_that_holds_something_is_not_restored_to(backup: Path, tmp_path: Path) -> None:
    location = located(tmp_path / "location")
    (tmp_path / "file").write_bytes(b"")
    for root in (location.root, tmp_path / "file", backup):
        with pytest.raises(UsageError, match="holds something"):
            restore(backup, root)
    assert numbers(location) == {1}


def test_a_folder_that_cannot_be_written(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("econsec.engine.backup.restoring.made_durable", full)
    with pytest.raises(NotAvailable, match="No space left") as error:
        restore(backup, tmp_path / "restored")
    assert error.value.status == 507
    assert not (tmp_path / "restored").exists()


def test_a_commit_is_not_restored_while_another_writes(tmp_path: Path) -> None:
    location = located(tmp_path / "location", commits=2)
    with location.generations.locked(), pytest.raises(Locked):
        Location(location.root).restore(1)
    assert numbers(location) == {1, 2}
    assert location.restore(1) == 3
    assert numbers(location) == {1}


def test_a_copy_on_another_file_system(tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system")
    target = elsewhere / f"econsec-backup-{os.getpid()}"
    try:
        back_up(located(tmp_path / "location", commits=2), target)
        assert all(path.stat().st_nlink == 1 for path in (target / "store").iterdir())
        assert check(target, tmp_path / "place").commit == 2
    finally:
        shutil.rmtree(target, ignore_errors=True)
