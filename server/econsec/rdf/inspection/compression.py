"""Documents compressed with gzip, expanded no further than somebody asks for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from econsec.errors import InvalidInput
from econsec.rdf.inspection.stream import BLOCK

__all__ = ["decompressed"]

_GZIP = 31  # zlib's window bits for a gzip member and nothing else


def decompressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a gzip stream of one or several members, in blocks.

    Raises `InvalidInput` on a stream that is broken, breaks off, or is followed
    by anything but zeros (RFC 1952; gzip pads with these).
    """
    member = zlib.decompressobj(_GZIP)
    begun = members = 0
    try:
        for block in blocks:
            while block:
                if not begun and members:
                    block = block.lstrip(b"\0")
                begun += len(block)
                yield from _inflated(member, block)
                block = b""
                if member.eof:
                    block, member = member.unused_data, zlib.decompressobj(_GZIP)
                    begun, members = 0, members + 1
    except zlib.error as error:
        detail = "is followed by something else" if members else f"is broken: {error}"
        raise InvalidInput(f"the gzip stream {detail}") from error
    if begun or not members:
        raise InvalidInput("the gzip stream breaks off before its end")


def _inflated(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while True:
        piece = member.decompress(data, BLOCK)
        if piece:
            yield piece
        data = member.unconsumed_tail
        # Without input, what is left of the output comes in further calls.
        if member.eof or (not data and len(piece) < BLOCK):
            return
