"""RDF documents that come in the body of a request: as it is, gzipped, or as files of a form."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from econsec.engine.upload import Upload, UploadTooLarge
from econsec.errors import EconSecError, InvalidInput
from econsec.rdf.formats import READABLE, TURTLE, Format, by_suffix
from econsec.rdf.negotiation import MediaType
from econsec.service.graphs import Sent
from econsec.service.spool import Session, Spooled

__all__ = ["ACCEPTED", "MULTIPART", "Part", "Received", "UnsupportedUpload", "Uploads"]

MULTIPART = "multipart/form-data"
ACCEPTED = ", ".join((*(format.media_type for format in READABLE), MULTIPART))
_GZIP = frozenset({"gzip", "x-gzip"})
_UNTYPED = frozenset({"", "application/octet-stream", "application/gzip", "text/plain"})
"""What clients call a file whose ending they do not know."""

_MAX_FILES = 100
_BLOCK = 1 << 18


class UnsupportedUpload(EconSecError):
    """The body is not in a format that a graph can be sent in (RFC 9110, 15.5.16)."""

    status: ClassVar[int] = 415
    title: ClassVar[str] = "Unsupported media type"
    headers: ClassVar[Mapping[str, str]] = {"Accept-Post": ACCEPTED, "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Part:
    """A document that a request sends: in a form, under the `name` of its part."""

    name: str
    document: Upload


@dataclass(frozen=True, slots=True)
class Received:
    """What a form, or a body that is one document, has: documents, and fields that are text."""

    parts: tuple[Part, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    def documents(self, name: str) -> tuple[Upload, ...]:
        """Those of one name."""
        return tuple(part.document for part in self.parts if part.name == name)


class Uploads:
    """Reads what a request sends for a graph, into the files of its session.

    With `quads` a document may name graphs of its own.
    """

    def __init__(self, *, limit: int, quads: bool = False) -> None:
        self._limit = limit
        self._quads = quads

    def check(self, request: Request) -> None:
        """Refuse by its head what would be refused anyway, before any of it is read.

        Raises `UnsupportedUpload` and `UploadTooLarge`.
        """
        media_type = _media_type(request)
        _is_gzipped(request)
        if media_type.essence != MULTIPART:
            _format(media_type)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._limit:
            raise UploadTooLarge(
                f"the body has {length} bytes; the limit max_upload_bytes is {self._limit}"
            )

    async def receive(self, request: Request, session: Session, *, base: str) -> Sent:
        """Keep the body, and say what is in it; `base` resolves its relative IRIs.

        Raises `UnsupportedUpload`, `UploadTooLarge`, `DiskFull`, and `InvalidInput`
        on a form that cannot be read.
        """
        body = await session.receive(request.stream(), limit=self._limit)
        received = await self._taken_apart(request, body, session, base=base)
        if received.fields:
            raise InvalidInput("a field of the form is no file", remedy="give each part a filename")
        if not received.parts:
            raise InvalidInput("the form has no files")
        return Sent(
            documents=tuple(part.document for part in received.parts),
            media_type=_media_type(request).essence,
            size=body.size,
            sha256=body.sha256,
        )

    async def receive_parts(
        self, request: Request, session: Session, *, base: str, names: Sequence[str]
    ) -> Received:
        """The parts of a form with their names, or the body as one part, called `names[0]`.

        Raises what `receive` raises, but a form may have fields here; a field with one of
        the `names` is a document in Turtle, as somebody types it into a page.
        """
        body = await session.receive(request.stream(), limit=self._limit)
        received = await self._taken_apart(request, body, session, base=base, name=names[0])
        typed = [
            Part(name, await self._typed(name, text, session, base=base))
            for name, text in received.fields
            if name in names and text.strip()
        ]
        fields = tuple(field for field in received.fields if field[0] not in names)
        return Received((*received.parts, *typed), fields)

    async def _typed(self, name: str, text: str, session: Session, *, base: str) -> Upload:
        kept = await session.receive(_encoded(text), limit=self._limit)
        return Upload(
            path=kept.path,
            format=TURTLE.name,
            base=base,
            gzipped=False,
            name=f"the field {name}",
            quads=False,
        )

    async def _taken_apart(
        self, request: Request, body: Spooled, session: Session, *, base: str, name: str = ""
    ) -> Received:
        media_type, gzipped = _media_type(request), _is_gzipped(request)
        if media_type.essence == MULTIPART:
            if gzipped:
                raise UnsupportedUpload(
                    "a form cannot be compressed", remedy="compress the files in it (.ttl.gz)"
                )
            return await self._form(request.headers, body, session, base=base)
        document = Upload(
            path=body.path,
            format=_format(media_type).name,
            base=base,
            gzipped=gzipped,
            name="the body",
            quads=self._quads,
        )
        return Received((Part(name, document),))

    async def _form(
        self, headers: Headers, body: Spooled, session: Session, *, base: str
    ) -> Received:
        try:
            form = await MultiPartParser(headers, _chunks(body), max_files=_MAX_FILES).parse()
        except (MultiPartException, KeyError) as error:
            detail = getattr(error, "message", "it has no boundary")
            raise InvalidInput(f"the form cannot be read: {detail}") from error
        try:
            items = form.multi_items()
            fields = tuple((name, text) for name, text in items if isinstance(text, str))
            parts = [
                Part(name, await self._file(file, session, base=base))
                for name, file in items
                # A browser sends a field of files that was left empty, too.
                if isinstance(file, UploadFile) and (file.filename or file.size)
            ]
        finally:
            await form.close()
        return Received(tuple(parts), fields)

    async def _file(self, part: UploadFile, session: Session, *, base: str) -> Upload:
        kept = await session.receive(_contents(part), limit=self._limit)
        name = part.filename or "a file of the form"
        return Upload(
            path=kept.path,
            format=_format_of_file(part).name,
            base=base,
            gzipped=name.lower().endswith(".gz"),
            name=name,
            quads=self._quads,
        )


def _media_type(request: Request) -> MediaType:
    header = request.headers.get("content-type", "")
    media_type = MediaType.parse(header)
    if media_type is None:
        raise UnsupportedUpload(
            f"the Content-Type {header!r} is no media type"
            if header
            else "the body has no Content-Type",
            remedy=f"send one of {ACCEPTED}",
        )
    if media_type.charset not in {"utf-8", "us-ascii"}:
        raise UnsupportedUpload(f"the charset {media_type.charset!r} is not UTF-8")
    return media_type


def _is_gzipped(request: Request) -> bool:
    codings = [coding.strip() for coding in request.headers.get("content-encoding", "").split(",")]
    found = [coding.lower() for coding in codings if coding and coding.lower() != "identity"]
    if len(found) > 1 or not _GZIP.issuperset(found):
        raise UnsupportedUpload(
            f"the body is encoded as {', '.join(found)}", remedy="send it as it is or gzipped"
        )
    return bool(found)


def _format(media_type: MediaType) -> Format:
    for format in READABLE:
        if media_type.essence in (format.media_type, *format.aliases):
            return format
    raise UnsupportedUpload(
        f"a graph cannot be sent as {media_type.essence}", remedy=f"send one of {ACCEPTED}"
    )


def _format_of_file(part: UploadFile) -> Format:
    media_type = MediaType.parse(part.content_type or "")
    if media_type is None or media_type.essence in _UNTYPED:
        return by_suffix(PurePath(part.filename or ""))
    return _format(media_type)


async def _chunks(body: Spooled) -> AsyncGenerator[bytes, None]:
    with body.path.open("rb") as file:
        while chunk := file.read(_BLOCK):
            yield chunk


async def _encoded(text: str) -> AsyncGenerator[bytes, None]:
    yield text.encode()


async def _contents(part: UploadFile) -> AsyncGenerator[bytes, None]:
    while chunk := await part.read(_BLOCK):
        yield chunk
