"""Uploads on their way: files that exist as long as the request that sent them."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize

from econsec.engine.upload import UploadTooLarge
from econsec.engine.writing.failures import DiskFull, is_disk_full
from econsec.errors import EconSecError, NotAvailable

__all__ = ["Session", "Spool", "Spooled"]

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file of what was received, its bytes and the SHA-256 of them in hexadecimal."""

    path: Path
    size: int
    sha256: str


class Spool:
    """A folder for uploads; without one of its own it uses the system's."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A folder for one request; it and all in it are removed at the end, whatever happens."""
        folder = await asyncio.to_thread(self._made)
        try:
            yield Session(folder)
        finally:
            # A request that is cancelled while it clears up leaves nothing either.
            await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))

    def lasting(self) -> Path:
        """A folder that is there as long as the spool is. Raises `DiskFull` and `NotAvailable`."""
        folder = self._made()
        finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _made(self) -> Path:
        try:
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
            return Path(mkdtemp(prefix="upload-", dir=self._folder))
        except OSError as error:
            raise _failure(error) from error


class Session:
    """The files of one request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0

    def place(self) -> Path:
        """Where the next file goes."""
        self._files += 1
        return self._folder / str(self._files)

    async def receive(
        self,
        chunks: AsyncIterable[bytes],
        *,
        limit: int | None = None,
        append_to: Path | None = None,
    ) -> Spooled:
        """Keep what comes, in pieces and off the event loop.

        Raises `UploadTooLarge` on more than `limit` bytes, `DiskFull` or
        `NotAvailable` on a disk that does not take them, and what `chunks` raises.
        """
        path = append_to or self.place()
        digest = hashlib.sha256()
        size = 0
        pending = bytearray()
        with path.open("ab", buffering=0) as file:
            async for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise UploadTooLarge(
                        f"the body has more than {limit} bytes (limit max_upload_bytes)"
                    )
                pending += chunk
                if len(pending) >= _BLOCK:
                    await asyncio.to_thread(_keep, file, bytes(pending), digest.update)
                    pending.clear()
            await asyncio.to_thread(_keep, file, bytes(pending), digest.update)
        return Spooled(path, size, digest.hexdigest())


def _keep(file: FileIO, data: bytes, update: Callable[[bytes], None]) -> None:
    left = memoryview(data)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        raise _failure(error) from error
    update(data)


def _failure(error: OSError) -> EconSecError:
    detail = f"the upload cannot be kept: {error.strerror}"
    return DiskFull(detail) if is_disk_full(error) else NotAvailable(detail)
