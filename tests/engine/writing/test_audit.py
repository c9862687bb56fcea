"""The log: durable, whole, and as it was written."""

from __future__ import annotations

import hashlib
import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from econsec.engine.writing.audit import Audit, Tip, entries, keep_torn_tail_aside
from econsec.engine.writing.failures import is_disk_full
from econsec.engine.writing.records import Aborted, Commit, Deed
from econsec.errors import InvalidInput

TIME = datetime(2026, 11, 23, 7, 0, 0, 123456, tzinfo=UTC)


def commit(number: int, **more: object) -> Commit:
    deed = Deed(
        kind="update",
        agent="東京",
        id="r",
        graphs=frozenset({None, "http://example.org/g"}),
        text="INSERT DATA { }\n",
        size=16,
    )
    return replace(Commit(number=number, time=TIME, deeds=(deed,), inferred=True), **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


@pytest.fixture
def written(path: Path) -> list[Commit | Aborted]:
    audit = Audit(path, Tip())
    records = [
        commit(1),
        commit(2, deeds=(Deed(kind="restore", agent="a"),), plain=True),
        Aborted(number=2, time=TIME, reason="the disk is full"),
        commit(3),
    ]
    for record in records:
        audit.append(record)
    return records


def read(path: Path) -> list[object]:
    return [entry.record for entry in entries(path)]


def test_what_is_written_is_read(path: Path, written: list[object]) -> None:
    assert read(path) == written


def test_a_record_is_a_line_of_json(path: Path, written: list[object]) -> None:
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert first["commit"] == 1
    assert first["time"] == "2026-11-23T07:00:00.123456Z"
    assert first["inferred"] is True
    assert first["previous"] is None
    assert first["requests"][0]["graphs"] == [None, "http://example.org/g"]
    assert first["requests"][0]["mediaType"] is None


def test_anybody_can_check_the_hashes(path: Path, written: list[object]) -> None:
    before = None
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        stated = record.pop("hash")
        assert record["previous"] == before
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == stated
        before = stated


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"agent":"東京"', '"agent":"大阪"', 1),
        ('"reason":"the disk is full"', '"reason":"the disk was full"', 3),
        ('"commit":3', '"commit":4', 4),
        ('"previous":null', '"previous":"0"', 1),
    ],
)
def test_a_changed_record_is_found(path: Path, written, old: str, new: str, line: int) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert caught.value.line == line


@pytest.mark.parametrize("kept", [(0, 1, 3), (1, 2, 3), (0, 2, 1, 3), (0, 0, 1)])
def test_records_left_out_or_moved_are_found(path: Path, written, kept: tuple[int, ...]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in kept))
    with pytest.raises(InvalidInput, match="does not follow"):
        read(path)


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b'{"hash":1}\n', b"\xff\n"])
def test_a_line_that_is_no_record(path: Path, written, line: bytes) -> None:
    path.write_bytes(path.read_bytes() + line)
    with pytest.raises(InvalidInput, match="cannot be read") as caught:
        read(path)
    assert caught.value.line == 5


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_a_torn_record_is_no_record(path: Path, written: list[object], cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    assert read(path) == written[:-1]


def test_it_is_kept_aside(path: Path, written: list[object]) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b"half")
    tip = [*entries(path)][-1].tip
    aside = keep_torn_tail_aside(path, tip)
    assert aside is not None
    assert aside.read_bytes() == b"half"
    assert path.read_bytes() == whole
    assert keep_torn_tail_aside(path, tip) is None


def test_reading_goes_on_where_it_ended(path: Path, written: list[object]) -> None:
    tips = [entry.tip for entry in entries(path)]
    assert [entry.record for entry in entries(path, after=tips[1])] == written[2:]
    assert [entry.tip for entry in entries(path, after=tips[1])] == tips[2:]


def test_no_log_is_an_empty_one(path: Path) -> None:
    assert read(path) == []
    assert keep_torn_tail_aside(path, Tip()) is None


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_record_that_finds_no_room_leaves_the_log_as_it_was(path: Path, written) -> None:
    before, tip = path.read_bytes(), [*entries(path)][-1].tip
    audit = Audit(path, tip)
    with no_room_beyond(len(before) + 50), pytest.raises(OSError, match="too large") as caught:
        audit.append(commit(4))
    assert is_disk_full(caught.value)
    assert path.read_bytes() == before
    audit.append(commit(4))
    assert read(path)[-1] == commit(4)


def test_nothing_of_somebody_else_is_overwritten(path: Path, written) -> None:
    audit = Audit(path, [*entries(path)][1].tip)
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match="does not end where it did"):
        audit.append(commit(4))
    assert path.read_bytes() == before
