"""The process that works on queries, one at a time, until it is killed or hung up on."""

from __future__ import annotations

import json
import os
import pickle
import socket
import sys
import traceback
from dataclasses import dataclass, replace
from typing import IO, cast

from econsec.engine.store import Answer, Query, Store
from econsec.engine.upload import Upload, parsed
from econsec.engine.validation import Validation, ValidationAnswer, validated
from econsec.engine.workers import confinement
from econsec.engine.workers.confinement import AddressSpace
from econsec.engine.workers.failures import encoded
from econsec.engine.workers.frames import Kind, framed, receive
from econsec.engine.workers.limits import Limits, Source
from econsec.engine.workers.output import Output
from econsec.engine.workers.rows import row_counter
from econsec.errors import EconSecError
from econsec.rdf.formats import FORMATS, Form, Format

__all__ = ["OUT_OF_MEMORY", "Job", "Task", "Worker", "confined", "noun"]

Task = Query | Upload | Validation
"""What a worker carries out."""

OUT_OF_MEMORY = b"memory allocation"
"""What the log of a worker says that ran out of memory; the engine aborts with these words."""

_FAILED = 70
_UPLOAD_GROWTH = 4
_ENGINES = 2
"""That a validation may have at work at once: their time of the processor adds up."""


@dataclass(frozen=True, slots=True)
class Job:
    """A task, the name of the answer's format, the seconds until the deadline, and the commit.

    A worker that has opened another commit opens this one; `None` stands for
    whichever it has.
    """

    task: Task
    format: str
    seconds: float
    commit: int | None = None

    def framed(self) -> bytes:
        """The job as a worker receives it."""
        return framed(Kind.JOB, pickle.dumps(self, pickle.HIGHEST_PROTOCOL))

    def __reduce__(self) -> tuple[type[Job], tuple[object, ...]]:
        # What dataclasses do by themselves takes three times as long.
        return Job, (self.task, self.format, self.seconds, self.commit)


def noun(task: Task) -> str:
    """What people call such a task."""
    match task:
        case Query():
            return "query"
        case Upload():
            return "upload"
        case Validation():
            return "validation"


@dataclass(slots=True)
class Worker:
    """A confined process with a store and a socket to the process that asks."""

    sock: socket.socket
    store: Store
    source: Source
    limits: Limits
    space: AddressSpace
    commit: int | None = None

    def serve(self) -> None:
        """Answer until the other side hangs up."""
        while True:
            try:
                job: Job = pickle.loads(receive(self.sock).payload)
                confinement.limit_cpu(job.seconds * _engines(job.task))
                self._answer(job)
            except (EOFError, ConnectionError):
                return

    def _answer(self, job: Job) -> None:
        try:
            self._write(job)
        except EconSecError as error:
            self.sock.sendall(framed(Kind.ERROR, encoded(error)))
        except (ConnectionError, EOFError):
            raise
        except MemoryError:
            _leave(OUT_OF_MEMORY)
        except BaseException:  # the engine's panic is no Exception
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(_FAILED)

    def _write(self, job: Job) -> None:
        format = _format(job.format)
        answer, limits = self._begun(job), self.limits
        if isinstance(job.task, Upload):
            # A long prefix makes much of little; what comes of it is no result.
            limits = replace(
                limits, result_bytes=_UPLOAD_GROWTH * limits.uploads.max_decompressed_bytes
            )
        head = {
            "form": answer.form,
            "truth": answer.truth(),
            "truncated": isinstance(answer, ValidationAnswer) and answer.is_truncated,
        }
        output = Output(
            self.sock.sendall,
            head=framed(Kind.HEAD, json.dumps(head).encode()),
            rows=row_counter(format) if answer.form is Form.SOLUTIONS else None,
            limits=limits,
        )
        answer.write(cast("IO[bytes]", output), format)
        del answer
        output.finish(retiring=self.space.is_half_spent())

    def _begun(self, job: Job) -> Answer:
        if isinstance(job.task, Upload):
            return parsed(job.task, self.limits.uploads)
        reload = self.source.reload
        if reload is not None and job.commit is not None and job.commit != self.commit:
            self.store.close()
            self.store = reload(job.commit)
            self.commit = job.commit
        if isinstance(job.task, Validation):
            return validated(job.task, self.store, self.limits.uploads)
        return self.store.query(job.task)


def confined(sock: socket.socket, *, limits: Limits, needs_files: bool) -> AddressSpace:
    """Give up what no query needs, and tell the other side by what means."""
    space = AddressSpace(limits.memory_bytes)
    confinement.limit_files()
    network = confinement.forbid_sockets(needs_files=needs_files, needs_network=limits.network)
    sock.sendall(framed(Kind.HELLO, network.encode()))
    return space


def _format(name: str) -> Format:
    return next(format for format in FORMATS if format.name == name)


def _leave(message: bytes) -> None:
    os.write(2, message)
    os._exit(_FAILED)


def _engines(task: Task) -> int:
    return _ENGINES if isinstance(task, Validation) else 1
