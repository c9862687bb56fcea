"""Every place at which a commit can fail: nothing is lost, torn, or half there."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from steps import DiskRunsFull, Killed, Stuck
from writes import INCREMENT, G, insert, log, names, update

from econsec.engine.location import Location
from econsec.engine.writing.failures import DiskFull, WriteDeadlineExceeded, WriterLost
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.publishing import Step

pytestmark = pytest.mark.anyio

INVISIBLE = (Step.APPLIED, Step.RECORDED, Step.COPIED)
HERE = Path(__file__).parent


@pytest.fixture
def armed(tmp_path: Path) -> Path:
    """The file that lets a fault happen, as soon as it is there."""
    return tmp_path / "armed"


def kill(pid: int | None) -> None:
    with suppress(ProcessLookupError):
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def folders(location: Location) -> list[str]:
    return sorted(path.name for path in location.generations.folders.iterdir())


def is_sound(location: Location) -> bool:
    """Whether each commit of the log has its generation or is marked as aborted, and vice versa."""
    records = log(location)
    aborted = {record["aborted"] for record in records if "aborted" in record}
    published = {record["commit"] for record in records if "commit" in record} - aborted
    return {each.number for each in location.kept()} == published


@pytest.mark.parametrize("step", INVISIBLE)
async def test_killed_before_it_is_visible(writing, armed: Path, step: Step) -> None:
    async with writing(on_step=Killed(step, armed)) as asked:
        await asked.submit(insert("a"))
        armed.touch()
        with pytest.raises(WriterLost) as caught:
            await asked.submit(insert("b"))
        assert caught.value.retryable
        assert asked.names() == {"a"}
        receipt = await asked.submit(insert("c"))
        assert asked.names() == {"a", "c"}
        assert receipt.version.commit == (3 if step is Step.APPLIED else 4)
        assert is_sound(asked.location)


async def test_killed_after_it_is_visible(writing, armed: Path) -> None:
    async with writing(on_step=Killed(Step.PUBLISHED, armed)) as asked:
        armed.touch()
        receipt = await asked.submit(insert("a"))
        assert receipt.version.commit == 2
        assert asked.publication.commit == 2
        assert asked.publication.version(G) == receipt.version
        assert asked.names() == {"a"}
        await asked.submit(insert("b"))
        assert asked.names() == {"a", "b"}
        assert is_sound(asked.location)


@pytest.mark.parametrize("step", list(Step))
async def test_the_others_of_the_group_are_there(writing, armed: Path, step: Step) -> None:
    async with writing(on_step=Killed(step, armed)) as asked:
        armed.touch()
        outcomes = await asyncio.gather(
            *(asked.submit(insert(n)) for n in range(6)), return_exceptions=True
        )
        there = {str(n) for n, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)}
        assert len(there) >= 5
        assert asked.names() == there
        assert is_sound(asked.location)


@pytest.mark.parametrize("step", INVISIBLE)
async def test_the_disk_is_full(writing, armed: Path, step: Step) -> None:
    async with writing(on_step=DiskRunsFull(step, armed)) as asked:
        await asked.submit(insert("a"))
        armed.touch()
        with pytest.raises(DiskFull) as caught:
            await asked.submit(insert("b"))
        assert caught.value.status == 507
        assert asked.names() == {"a"}
        await asked.submit(insert("c"))
        assert asked.names() == {"a", "c"}
        assert is_sound(asked.location)


@pytest.mark.parametrize("step", INVISIBLE)
async def test_a_commit_that_hangs_ends_at_the_deadline(writing, armed: Path, step: Step) -> None:
    async with writing(on_step=Stuck(step, armed)) as asked:
        armed.touch()
        with pytest.raises(WriteDeadlineExceeded):
            await asked.submit(insert("a"), deadline=0.5)
        await asked.submit(insert("b"))
        assert asked.names() == {"b"}
        assert is_sound(asked.location)


async def test_one_that_hangs_when_it_is_visible_is_acknowledged(writing, armed: Path) -> None:
    async with writing(on_step=Stuck(Step.PUBLISHED, armed)) as asked:
        armed.touch()
        await asked.submit(insert("a"), deadline=0.5)
        assert asked.names() == {"a"}


async def test_closing_in_the_middle_of_a_commit(writing, armed: Path) -> None:
    async with writing(on_step=Stuck(Step.PUBLISHED, armed)) as asked:
        armed.touch()
        visible = asyncio.create_task(asked.submit(insert("a")))
        while asked.location.generations.current() != 2:
            await asyncio.sleep(0.01)
        await asked.writer.close(drain_seconds=0.1)
        assert (await visible).version.commit == 2


async def test_an_idle_process_that_ends_is_replaced(writing) -> None:
    async with writing() as asked:
        kill(asked.writer.statistics.pid)
        outcomes = [await _tried(asked, n) for n in range(2)]
        assert outcomes[1]
        assert asked.names() == {str(n) for n, done in enumerate(outcomes) if done}


async def _tried(asked, name: object) -> bool:
    try:
        await asked.submit(insert(name))
    except WriterLost:
        return False
    return True


async def test_killed_at_random_under_load(writing) -> None:
    randomly = random.Random(4)
    async with writing() as asked:
        await asked.submit(update("INSERT DATA { GRAPH ex:g { ex:x ex:n 0 } }"))
        done = 0

        async def client() -> None:
            nonlocal done
            for _ in range(20):
                with suppress(WriterLost):
                    await asked.submit(update(INCREMENT))
                    done += 1

        async def killer() -> None:
            while True:
                await asyncio.sleep(randomly.uniform(0.1, 0.6))
                kill(asked.writer.statistics.pid)

        killing = asyncio.create_task(killer())
        await asyncio.gather(*(client() for _ in range(4)))
        killing.cancel()
        assert asked.writer.statistics.restarts > 0
        assert asked.ask(f"GRAPH ex:g {{ ex:x ex:n {done} }}")
        assert is_sound(asked.location)


PARENT = """
import asyncio, sys
from pathlib import Path
sys.path.append({here!r})
from writes import INCREMENT, update
from econsec.engine.location import Location
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.writer import Writer

async def main():
    limits = WriteLimits(default_graph="plain")
    writer = Writer(Location(Path(sys.argv[1])), limits, lambda publication: None)
    await writer.start()
    while True:
        await writer.submit(update(INCREMENT))
        print("done", flush=True)

asyncio.run(main())
"""


async def test_the_service_itself_is_killed(writing, location: Location) -> None:
    async with writing() as asked:
        await asked.submit(update("INSERT DATA { GRAPH ex:g { ex:x ex:n 0 } }"))
    acknowledged = 0
    for lines in (3, 7):
        program = [sys.executable, "-c", PARENT.format(here=str(HERE)), str(location.root)]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as parent:
            assert parent.stdout is not None
            for _ in range(lines):
                assert parent.stdout.readline() == b"done\n"
            parent.kill()
            acknowledged += lines + parent.stdout.read().count(b"done\n")
    for _ in range(100):  # the writer's process holds the lock until it has ended too
        try:
            async with writing() as again:
                store = again.location.open_current()
                [row] = store.query(f"SELECT ?n {{ GRAPH <{G}> {{ ?x ?p ?n }} }}")
                assert acknowledged <= int(row["n"].value) <= acknowledged + 2
                assert is_sound(again.location)
                return
        except Exception as error:
            if type(error).__name__ != "Locked":
                raise
            await asyncio.sleep(0.05)


class TestRestart:
    """What an earlier writer left behind when it was killed."""

    @pytest.mark.parametrize("step", [Step.RECORDED, Step.COPIED])
    async def test_a_record_without_its_generation(
        self, writing, location: Location, step: Step
    ) -> None:
        async with writing() as asked:
            await asked.submit(insert("a"))
        interrupt_after(location, step)
        assert "commit" in log(location)[-1]
        async with writing() as again:
            assert log(location)[-1]["aborted"] == 3
            assert again.names() == {"a"}
            assert folders(location)[:2] == ["000001", "000002"]
            assert (await again.submit(insert("b"))).version.commit == 4
            assert is_sound(location)

    async def test_a_torn_record_is_kept_aside(self, writing, location: Location) -> None:
        async with writing() as asked:
            await asked.submit(insert("a"))
        whole = location.generations.log.read_bytes()
        location.generations.log.write_bytes(whole + b'{"commit":3,"requ')
        async with writing() as again:
            assert (await again.submit(insert("b"))).version.commit == 3
            assert again.names() == {"a", "b"}
        [torn] = location.root.glob("audit.jsonl.torn-*")
        assert torn.read_bytes() == b'{"commit":3,"requ'
        assert location.generations.log.read_bytes().startswith(whole)

    async def test_the_spool_is_emptied(self, writing, location: Location) -> None:
        location.generations.spool.mkdir(parents=True)
        (location.generations.spool / "half.nt").touch()
        location.generations.folders.mkdir()
        async with writing():
            assert list(location.generations.spool.iterdir()) == []


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from econsec.engine.location import Location
from econsec.engine.writing import publishing

def stop(self, number):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "copied":
    from econsec.engine.writing.generations import Generations
    Generations.point_to = stop
    Location(Path(sys.argv[1])).publish(lambda store: None)
else:
    import pyoxigraph
    from econsec.engine.writing.audit import Audit
    append = Audit.append
    def then_stop(self, record):
        append(self, record)
        stop(self, 0)
    Audit.append = then_stop
    Location(Path(sys.argv[1])).publish(lambda store: None)
"""


def interrupt_after(location: Location, step: Step) -> None:
    """A publisher of another kind is killed after the step."""
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(location.root), step], check=False
    )
    assert process.returncode == -signal.SIGKILL
    assert names(location) == {"a"}
    assert Generations(location.root).current() == 2
