"""Dumps: the whole data set as files, written once for each commit when they are asked for."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from econsec.engine.backends import Backend
from econsec.engine.publication import Publication
from econsec.engine.store import GraphSize
from econsec.errors import EconSecError, NotAvailable
from econsec.knowledge.packing import ORDER
from econsec.rdf.formats import N_QUADS, N_TRIPLES, TRIG, Format
from econsec.service.about import About
from econsec.service.census import Census
from econsec.service.graphs import Graphs
from econsec.service.spool import Session, Spool
from econsec.settings import Settings

__all__ = ["FORMATS", "MOST_CANONICAL", "Dump", "DumpNotFound", "Dumps", "Release"]

FORMATS = (N_QUADS, TRIG)
"""What dumps are written in."""

MOST_CANONICAL = 500_000
"""Quads up to which a data set gets a canonical hash."""

_log = logging.getLogger(__name__)
_KEPT = 3
_CANONICAL_SECONDS = 60
_PACKING_SECONDS = 900


class DumpNotFound(EconSecError):
    """There is no dump of this name, or no longer one."""

    exit_code = 3
    status = 404
    title = "There is no such dump"


@dataclass(frozen=True, slots=True)
class Dump:
    """A file. `size` is in bytes and `sha256` in hexadecimal."""

    name: str
    format: Format
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """The data set of a commit in files.

    `canonical` is the SHA-256 of the canonical N-Quads (RDFC-1.0), `None` for a data
    set that is too large or too tangled for it.
    """

    version: str
    commit: int
    quads: int
    files: tuple[Dump, ...]
    canonical: str | None


class Dumps:
    """The dumps of a backend's data set.

    The triples come from the workers, graph after graph, and a process of its own packs
    them. Of a default graph that is the merge of the others there is nothing in them.
    """

    def __init__(
        self, backend: Backend, *, about: About, census: Census, spool: Spool, settings: Settings
    ) -> None:
        self._backend = backend
        self._about = about
        self._census = census
        self._graphs = Graphs(backend, settings)
        self._merges = settings.default_graph == "merge"
        self._spool = spool
        self._folder: Path | None = None
        self._releases: dict[object, Release] = {}
        self._making: dict[object, asyncio.Task[Release]] = {}

    async def names(self) -> tuple[str, ...]:
        """What the files of the published commit are called, whether or not they are there."""
        name = await self._name(self._backend.publication)
        return tuple(f"{name}.{format.extensions[0]}.gz" for format in FORMATS)

    async def release(self, *, within: float | None = None) -> Release | None:
        """The files of the published commit, which are made if need be.

        `None` where they are not ready `within` so many seconds; they are made
        nevertheless. Raises `EconSecError`.
        """
        publication = self._backend.publication
        state = publication.digest, publication.commit
        if state in self._releases:
            return self._releases[state]
        if state not in self._making:
            self._making[state] = asyncio.create_task(self._made(publication, state))
            self._making[state].add_done_callback(_noted)
        task = self._making[state]
        # Who does not wait any longer does not end what others wait for.
        await asyncio.wait({task}, timeout=within)
        return task.result() if task.done() else None

    async def find(self, name: str) -> tuple[Release, Dump]:
        """A file by its name. Raises `DumpNotFound` and other `EconSecError`."""
        for release in self._releases.values():
            for dump in release.files:
                if dump.name == name:
                    return release, dump
        current = await self.names()
        if name not in current:
            raise DumpNotFound(
                f"there is no dump {name!r}", remedy=f"those of now are {' and '.join(current)}"
            )
        made = await self.release()
        assert made is not None
        # Another commit may have come in between.
        found = [dump for dump in made.files if dump.name == name]
        if not found:
            raise DumpNotFound(f"there is no dump {name!r} any more", remedy="see /dumps/")
        return made, found[0]

    async def _made(self, publication: Publication, state: object) -> Release:
        try:
            release = await self._written(publication)
            self._releases[state] = release
            while len(self._releases) > _KEPT:
                oldest = self._releases.pop(next(iter(self._releases)))
                folder = oldest.files[0].path.parent
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            return release
        finally:
            del self._making[state]

    async def _written(self, publication: Publication) -> Release:
        if self._folder is None:
            self._folder = await asyncio.to_thread(self._spool.lasting)
        name = await self._name(publication)
        sizes = await self._census.sizes()
        async with self._spool.session() as session:
            folder = session.place()
            folder.mkdir()
            graphs = await self._collected(folder, sizes, commit=publication.commit)
            order = json.dumps({"name": name, "graphs": graphs})
            (folder / ORDER).write_text(order, "utf-8")
            packed = await asyncio.to_thread(_worked, "pack", folder, seconds=_PACKING_SECONDS)
            assert packed is not None
            is_small = packed["quads"] <= MOST_CANONICAL
            canonical = await asyncio.to_thread(_canonical, folder) if is_small else None
            kept = self._folder / f"{len(os.listdir(self._folder))}-{publication.commit}"
            await asyncio.to_thread(_keep, folder, kept, [each["name"] for each in packed["files"]])
        return Release(
            version=await self._version(),
            commit=publication.commit,
            quads=packed["quads"],
            files=tuple(
                Dump(each["name"], format, kept / each["name"], each["size"], each["sha256"])
                for format, each in zip(FORMATS, packed["files"], strict=True)
            ),
            canonical=canonical,
        )

    async def _collected(
        self, folder: Path, sizes: Sequence[GraphSize], *, commit: int
    ) -> list[tuple[str, str | None]]:
        """The triples of each graph in a file of its own."""
        files: list[tuple[str, str | None]] = []
        session = Session(folder)
        for size in sizes:
            if size.iri is None and self._merges:
                continue
            reply = await self._graphs.read(size.iri, N_TRIPLES, commit=commit)
            async with reply:
                received = await session.receive(reply)
            files.append((received.path.name, size.iri))
        return files

    async def _version(self) -> str:
        return (await self._about.facts()).version or "0"

    async def _name(self, publication: Publication) -> str:
        version = re.sub(r"[^0-9A-Za-z.]+", "-", await self._version())
        return f"econsec-{version}-{publication.commit}"


def _noted(task: asyncio.Task[Release]) -> None:
    """A failure that nobody waits for is at least in the log."""
    if not task.cancelled() and task.exception() is not None:
        _log.warning("the dumps cannot be written: %s", task.exception())


def _worked(work: str, folder: Path, *, seconds: float) -> Any:
    """What the packing process says. Raises `NotAvailable`, `TimeoutExpired` at the deadline."""
    done = subprocess.run(
        [sys.executable, "-m", "econsec.knowledge.packing", work, str(folder)],
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotAvailable(f"the dump cannot be written: {last or done.returncode}")
    return json.loads(done.stdout)


def _canonical(folder: Path) -> str | None:
    try:
        found: str = _worked("canonical", folder, seconds=_CANONICAL_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return found


def _keep(folder: Path, target: Path, names: Sequence[str]) -> None:
    target.mkdir()
    for name in names:
        os.replace(folder / name, target / name)
