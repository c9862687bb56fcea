"""Blocks of bytes as the binary file that the parser reads from."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

__all__ = ["BLOCK", "Blocks", "blocks_of"]

BLOCK = 64 * 1024


class Blocks(io.RawIOBase):
    """A file whose content is made while it is read; what making it raises, `read` raises."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is only read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; more than it asked for would end the parser's process."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = memoryview(block)
        taken = bytes(self._rest[:size] if size >= 0 else self._rest)
        self._rest = self._rest[len(taken) :]
        return taken


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file in pieces."""
    while block := file.read(BLOCK):
        yield block
