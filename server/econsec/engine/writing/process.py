"""The process that alone writes: it applies one request after the other, and commits them."""

from __future__ import annotations

import gc
import json
import os
import pickle
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any, BinaryIO

import pyoxigraph as ox

from econsec.engine.workers import confinement
from econsec.engine.workers.failures import encoded
from econsec.engine.workers.frames import Kind, framed, receive
from econsec.engine.workers.worker import OUT_OF_MEMORY
from econsec.engine.writing.applying import Spoiled, apply, reads_derived
from econsec.engine.writing.audit import Audit, Tip
from econsec.engine.writing.failures import DiskFull, Protected, is_disk_full
from econsec.engine.writing.generations import Generations
from econsec.engine.writing.limits import WriteLimits
from econsec.engine.writing.mirror import Mirror, bring_up
from econsec.engine.writing.publishing import Publisher, Step
from econsec.engine.writing.records import Commit, Deed
from econsec.engine.writing.requests import ProtectionWrite, UpdateWrite, Write
from econsec.engine.writing.retention import Retention
from econsec.engine.writing.upkeep import fingerprint, is_small
from econsec.engine.writing.watching import Watch
from econsec.errors import EconSecError

__all__ = ["COMMAND", "DERIVE", "ApplyIt", "CommitIt", "Start", "main"]

DERIVE = "derive"
"""The deed that brings up merge and inferences, whatever their size."""

COMMAND = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from econsec.engine.writing.process import main; main(sys.stdin.buffer)"
)

_FAILED = 70


@dataclass(frozen=True, slots=True)
class Start:
    """What the process reads first. `sock` and `lock` are descriptors that it inherits.

    It holds the lock as long as it lives: who starts the service anew waits for it to end.
    """

    root: Path
    limits: WriteLimits
    tip: Tip
    sock: int
    lock: int
    parent: int
    on_step: Callable[[Step], None]

    def pickled(self) -> bytes:
        """For the standard input of `COMMAND`."""
        return pickle.dumps(sys.path) + pickle.dumps(self)


@dataclass(frozen=True, slots=True)
class ApplyIt:
    """Apply a write within `seconds`; `tag` is the entity tag of its graph."""

    write: Write
    deed: Deed
    tag: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CommitIt:
    """Publish what was applied as commit `number`, or a deed of the service's `own`."""

    number: int
    seconds: float
    in_use: tuple[int, ...] = ()
    own: Deed | None = None


def main(stream: BinaryIO) -> None:
    """Do as asked until the other side hangs up or the parent ends."""
    start: Start = pickle.load(stream)
    confinement.die_with(start.parent)
    confinement.default_signals()
    confinement.close_descriptors(keep=(start.sock, start.lock))
    with socket.socket(fileno=start.sock) as sock:
        _forbid_core_dumps()
        # Before the engine starts its threads, so that it holds for them too.
        network = confinement.forbid_sockets(needs_files=True)
        process = _Process(start)
        sock.sendall(framed(Kind.HELLO, network.encode()))
        try:
            process.serve(sock)
        except (EOFError, ConnectionError):
            pass
        except MemoryError:
            _leave(OUT_OF_MEMORY)
        except BaseException:  # the engine's panic is no Exception
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(_FAILED)
        finally:
            process.discard()


class _Process:
    """The private store, and what was applied to it since the last commit."""

    def __init__(self, start: Start) -> None:
        self._limits = start.limits
        self._generations = Generations(start.root)
        self._publisher = Publisher(
            self._generations,
            Audit(self._generations.log, start.tip),
            Retention(
                start.limits.keep_generations, start.limits.keep_hourly, start.limits.keep_daily
            ),
            start.on_step,
        )
        self._mirror = Mirror()
        self._watch = Watch(start.limits)
        self._scratch: Path | None = None
        self._store: ox.Store | None = None
        self._deeds: list[Deed] = []
        self._watch.begin(self._opened())
        gc.collect()
        gc.freeze()  # a collection of what stays for good would hold up some write
        # Above what the engine's threads and caches take.
        self._space = confinement.AddressSpace(start.limits.write_memory_bytes)

    def serve(self, sock: socket.socket) -> None:
        """Answer each order with one frame. Raises `EOFError` when nobody asks any more."""
        while True:
            order = pickle.loads(receive(sock).payload)
            confinement.limit_cpu(order.seconds * (os.cpu_count() or 1))
            sock.sendall(framed(Kind.END, json.dumps(self._answer(order)).encode()))

    def discard(self) -> None:
        """Throw the private store away, with all that is known of it."""
        self._mirror.forget()
        self._watch.forget()
        self._deeds.clear()
        self._close()

    def _close(self) -> None:
        """Let go of the private store; the next one begins as the generation that is current."""
        self._store = None
        if self._scratch is not None:
            rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def _answer(self, order: ApplyIt | CommitIt) -> dict[str, Any]:
        try:
            return self._apply(order) if isinstance(order, ApplyIt) else self._commit(order)
        except Spoiled as error:
            return self._spoiled(error.cause)
        except EconSecError as error:
            if isinstance(order, CommitIt):
                return self._spoiled(error)
            report = getattr(error, "report", None)
            return {"error": encoded(error).decode(), "spoiled": False, "report": report}
        except (OSError, RuntimeError) as error:
            if not is_disk_full(error):
                raise
            return self._spoiled(DiskFull(f"the commit cannot be written: {error}"))

    def _spoiled(self, error: EconSecError) -> dict[str, Any]:
        self.discard()
        return {"error": encoded(error).decode(), "spoiled": True}

    def _apply(self, order: ApplyIt) -> dict[str, Any]:
        write, store = order.write, self._opened()
        if self._deeds and self._limits.merges and reads_derived(write):
            return {"needs_commit": True}
        if isinstance(write, ProtectionWrite):
            report = self._watch.carry_out(store, write)
            self._deeds.append(order.deed)
            return {"created": False, "report": report}
        is_opaque = isinstance(write, UpdateWrite) and write.graphs is None
        before = fingerprint(store, self._limits) if is_opaque else None
        run = partial(apply, store, write, tag=order.tag)
        with self._watch.over(store, write, graphs=order.deed.graphs):
            applied = run(max_merge=self._limits.max_merge_triples)
            if before is not None and fingerprint(store, self._limits) != before:
                raise Spoiled(_protected(self._limits))
        self._deeds.append(order.deed)
        return {"created": applied.created}

    def _commit(self, order: CommitIt) -> dict[str, Any]:
        store, own = self._opened(), order.own
        derives = self._bring_up(store, own)
        commit = Commit(
            number=order.number,
            time=datetime.now(UTC),
            deeds=tuple(self._deeds) if own is None else (own,),
            inferred=derives,
            plain=not self._limits.merges,
        )
        self._publisher.publish(store, commit, in_use=order.in_use)
        self._deeds.clear()
        if self._file_list_bytes() > self._limits.max_file_list_bytes:
            self._close()
        return {
            "time": commit.time.isoformat(),
            "inferred": derives,
            "tip": astuple(self._publisher.audit.tip),
            "retiring": self._space.is_half_spent(),
        }

    def _bring_up(self, store: ox.Store, own: Deed | None) -> bool:
        """Bring up merge and inferences where that is due; whether it was."""
        if not self._limits.merges:
            return False
        if is_small(store, self._limits.max_derived_triples):
            touched = [deed.graphs for deed in self._deeds]
            known = [graphs for graphs in touched if graphs is not None]
            is_known = own is None and len(known) == len(touched)
            self._mirror.bring_up(store, frozenset().union(*known) if is_known else None)
            return True
        self._mirror.forget()
        if own is None or own.kind != DERIVE:
            return False
        bring_up(store)
        return True

    def _file_list_bytes(self) -> int:
        """How long the engine's journal of its files is (RocksDB's MANIFEST)."""
        if self._scratch is None:
            return 0
        return sum(file.stat().st_size for file in (self._scratch / "store").glob("MANIFEST-*"))

    def _opened(self) -> ox.Store:
        if self._store is None:
            self._scratch = self._generations.scratch()
            current = self._generations.current()
            self._store = self._generations.copy(current, self._scratch / "store")
        return self._store


def _protected(limits: WriteLimits) -> Protected:
    default = "the default graph or " if limits.merges else ""
    return Protected(
        f"the update would change {default}a graph that the service alone writes",
        remedy="name the graphs to change, or exclude those of the service with a FILTER",
    )


def _forbid_core_dumps() -> None:
    import resource  # Unix only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave(message: bytes) -> None:
    with suppress(OSError):
        os.write(2, message)
    os._exit(_FAILED)
