"""The encoding of a document: UTF-8, or an error with the place where it is not."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from econsec.errors import InvalidInput
from econsec.rdf.inspection.place import Cursor

__all__ = ["utf8"]

_GZIP_MAGIC = b"\x1f\x8b"
_LONGEST_MARK = 4
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Byte-order marks, the longer ones first: one begins with another."""


def utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes without a byte-order mark. Raises `InvalidInput` on any other encoding."""
    head = _head(blocks)
    _refuse_others(head)
    cursor = Cursor()
    held = b""
    for block in _chain(head.removeprefix(codecs.BOM_UTF8), blocks):
        data = held + block
        end = _check(data, cursor=cursor)
        cursor.advance(data[:end])
        yield data[:end]
        held = data[end:]
    _check(held, cursor=cursor, final=True)


def _head(blocks: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < _LONGEST_MARK:
        block = next(blocks, None)
        if block is None:
            break
        head += block
    return head


def _chain(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from blocks


def _refuse_others(head: bytes) -> None:
    if head.startswith(_GZIP_MAGIC):
        raise InvalidInput("the document is compressed with gzip", remedy="say so when sending it")
    found = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    if found is None and b"\0" in head[:_LONGEST_MARK]:
        found = "UTF-16 or UTF-32"
    if found is not None:
        raise InvalidInput(f"the document is in {found}", remedy="send it in UTF-8", line=1)


def _check(data: bytes, *, cursor: Cursor, final: bool = False) -> int:
    """The length of the whole characters in `data`; the last one may go on behind it."""
    try:
        return codecs.utf_8_decode(data, "strict", final)[1]
    except UnicodeDecodeError as error:
        failure = InvalidInput("the document is not valid UTF-8")
        raise cursor.locate(failure, data[: error.start]) from error
