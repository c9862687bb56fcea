"""A document that a client sent, parsed under limits in a process that can be killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar, cast

from pyoxigraph import QuadParser, RdfFormat, parse, serialize

from econsec.errors import InvalidInput, UsageError
from econsec.rdf.formats import READABLE, Form, Format
from econsec.rdf.inspection import Contexts, Inspector
from econsec.rdf.inspection.compression import decompressed
from econsec.rdf.inspection.stream import blocks_of

__all__ = [
    "DecompressedTooLarge",
    "ParsedUpload",
    "RatioTooHigh",
    "Upload",
    "UploadLimits",
    "UploadTooLarge",
    "parsed",
]

_RATIO_MATTERS_ABOVE = 1 << 20
_TOKEN_TOO_LONG = "Reached the buffer maximal size"


@dataclass(frozen=True, slots=True)
class Upload:
    """A document in the file `path`: a task for a worker.

    `format` is the name of a readable `Format`, `base` resolves relative IRIs,
    and errors call the document `name`. Without `quads` it may name no graphs.
    """

    path: Path
    format: str
    base: str | None
    gzipped: bool
    name: str
    quads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What a document may be.

    `max_upload_bytes` counts it as it was sent. The ratio, of what it
    decompresses to and what was sent, counts above 1 MiB.
    """

    max_upload_bytes: int = 256 << 20
    max_decompressed_bytes: int = 1 << 30
    max_compression_ratio: int = 100
    max_upload_nesting: int = 256


class UploadTooLarge(InvalidInput):
    """The document has more bytes than the setting `limit` allows."""

    status: ClassVar[int] = 413
    title: ClassVar[str] = "The document is too large"
    limit: ClassVar[str] = "max_upload_bytes"


class DecompressedTooLarge(UploadTooLarge):
    """The document has more bytes than the setting `limit` allows, once it is decompressed."""

    limit: ClassVar[str] = "max_decompressed_bytes"


class RatioTooHigh(UploadTooLarge):
    """The document is much smaller compressed than documents are."""

    title: ClassVar[str] = "The document is compressed too much"
    limit: ClassVar[str] = "max_compression_ratio"


@dataclass(frozen=True, slots=True)
class ParsedUpload:
    """An upload as an answer to be written; it is read and parsed while it is written.

    Blank nodes get random labels, which no other document and no store has.
    """

    upload: Upload
    limits: UploadLimits
    contexts: Contexts

    @property
    def form(self) -> Form:
        """A graph, or a data set where the document may name graphs."""
        return Form.DATASET if self.upload.quads else Form.GRAPH

    def truth(self) -> bool | None:
        """Nothing: a document is no ASK."""
        return None

    def write(self, output: IO[bytes], format: Format) -> None:
        """Parse and serialise in a stream.

        Raises `InvalidInput`, `Refused` and `UploadTooLarge`, perhaps after much
        has been written: what there is then is no document.
        """
        if self.form not in format.forms:
            raise UsageError(f"a {self.form} cannot be written as {format.name}")
        syntax = _syntax(self.upload.format)
        inspector = Inspector(
            syntax,
            name=self.upload.name,
            max_nesting=self.limits.max_upload_nesting,
            contexts=self.contexts,
        )
        with self._opened() as file:
            blocks = _bounded(_content(file, self.upload), self.upload, limits=self.limits)
            quads: QuadParser = parse(
                cast("IO[bytes]", inspector.file(blocks)),
                syntax,
                base_iri=self.upload.base,
                without_named_graphs=not self.upload.quads,
                rename_blank_nodes=True,
            )
            try:
                serialize(quads, output, cast("RdfFormat", format.engine))
            except SyntaxError as error:
                raise inspector.failure(error) from error
            except MemoryError as error:
                if _TOKEN_TOO_LONG not in str(error):
                    raise
                detail = "a string, an IRI, a comment or a number is longer than 16 MiB"
                raise InvalidInput(detail, source=self.upload.name) from error

    def _opened(self) -> IO[bytes]:
        try:
            return self.upload.path.open("rb")
        except OSError as error:
            raise _unreadable(error, self.upload) from error


def parsed(
    upload: Upload,
    limits: UploadLimits | None = None,
    *,
    contexts: Contexts | None = None,
) -> ParsedUpload:
    """What an upload says, to be written as N-Triples or N-Quads.

    Raises `UploadTooLarge`, and `UsageError` on a format that is not read.
    """
    bounds = UploadLimits() if limits is None else limits
    _syntax(upload.format)
    if _size(upload) > bounds.max_upload_bytes:
        raise UploadTooLarge(
            f"the document has more than {bounds.max_upload_bytes} bytes (limit max_upload_bytes)",
            source=upload.name,
        )
    return ParsedUpload(upload, bounds, Contexts.bundled() if contexts is None else contexts)


def _syntax(name: str) -> RdfFormat:
    for format in READABLE:
        if format.name == name:
            return cast("RdfFormat", format.engine)
    raise UsageError(f"the format {name} is not read")


def _size(upload: Upload) -> int:
    try:
        return upload.path.stat().st_size
    except OSError as error:
        raise _unreadable(error, upload) from error


def _unreadable(error: OSError, upload: Upload) -> InvalidInput:
    reason = error.strerror or str(error)
    return InvalidInput(f"the document cannot be read: {reason}", source=upload.name)


def _content(file: IO[bytes], upload: Upload) -> Iterator[bytes]:
    blocks = blocks_of(file)
    return decompressed(blocks) if upload.gzipped else blocks


def _bounded(blocks: Iterator[bytes], upload: Upload, *, limits: UploadLimits) -> Iterator[bytes]:
    """The blocks, as long as they are not too many."""
    sent = _size(upload)
    size = 0
    for block in blocks:
        size += len(block)
        if size > limits.max_decompressed_bytes:
            raise DecompressedTooLarge(
                f"the document has more than {limits.max_decompressed_bytes} bytes once it is"
                " decompressed (limit max_decompressed_bytes)"
            )
        if size > max(_RATIO_MATTERS_ABOVE, limits.max_compression_ratio * sent):
            raise RatioTooHigh(
                f"the document decompresses to more than {limits.max_compression_ratio} times"
                " what was sent (limit max_compression_ratio)"
            )
        yield block
