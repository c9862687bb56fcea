"""`/dumps/`: the data set as files to take away."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse

from econsec.rdf.formats import JSON, Format
from econsec.service.about import About
from econsec.service.dumps import FORMATS, MOST_CANONICAL, Dump, DumpNotFound, Dumps, Release
from econsec.web.api import PROBLEM, problems
from econsec.web.conditions import condition, is_fresh
from econsec.web.pages.rendering import Renderer, fields
from econsec.web.routes import add_reading
from econsec.web.variants import PAGE, chosen
from econsec.web.whole import whole

__all__ = ["CANONICAL_HASH", "DIGEST", "PATH", "install"]

PATH = "/dumps/"
DIGEST = "Repr-Digest"
"""RFC 9530, of the file."""

CANONICAL_HASH = "EconSec-RDFC-1.0-SHA-256"
"""Of the data set that is in it, in hexadecimal."""

_GZIP = "application/gzip"
_SUMS = ".sha256"
_WAIT_SECONDS = 15.0
_LIST = replace(JSON, name="list", media_type="application/json", aliases=(), extensions=("json",))
_OFFERED = (_LIST, PAGE)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A dump in the list; `file` is `None` as long as it is not written."""

    name: str
    format: Format
    file: Dump | None


class _Dumps:
    def __init__(self, dumps: Dumps, *, about: About, renderer: Renderer) -> None:
        self._dumps = dumps
        self._about = about
        self._renderer = renderer

    async def all(self, request: Request) -> Response:
        """The list, as a page or as JSON."""
        format = chosen(request, fields(request), _OFFERED)
        release = await self._dumps.release(within=_WAIT_SECONDS)
        files = {} if release is None else {each.name: each for each in release.files}
        listed = [
            _Listed(name, each, files.get(name))
            for name, each in zip(await self._dumps.names(), FORMATS, strict=True)
        ]
        if format.name == PAGE.name:
            return await self._renderer.respond(
                request,
                "dumps.html.j2",
                listed=listed,
                release=release,
                most_canonical=MOST_CANONICAL,
            )
        body = json.dumps(_as_json(listed, release), ensure_ascii=False, indent=2) + "\n"
        vary = {"Vary": "Accept, Accept-Language, Accept-Encoding"}
        return await whole(request, body.encode(), format.content_type, headers=vary)

    async def one(self, request: Request, name: str) -> Response:
        """A file, or the line that `sha256sum --check` reads."""
        release, dump = await self._dumps.find(name.removesuffix(_SUMS))
        licence = (await self._about.facts()).licence
        headers = {
            "Cache-Control": "public, no-cache",
            **({} if licence is None else {"Link": f'<{licence}>; rel="license"'}),
        }
        if name.endswith(_SUMS):
            return Response(f"{dump.sha256}  {dump.name}\n", media_type="text/plain")
        tag = dump.sha256[:32]
        digest = base64.b64encode(bytes.fromhex(dump.sha256)).decode()
        headers |= {"ETag": f'"{tag}"', DIGEST: f"sha-256=:{digest}:"}
        if release.canonical is not None:
            headers[CANONICAL_HASH] = release.canonical
        if is_fresh(condition(request), tag):
            return Response(status_code=304, headers=headers)
        if not dump.path.is_file():
            raise DumpNotFound(f"there is no dump {name!r} any more", remedy=f"see {PATH}")
        return FileResponse(dump.path, media_type=_GZIP, filename=dump.name, headers=headers)


def install(app: FastAPI, *, dumps: Dumps, about: About, renderer: Renderer) -> None:
    """Add the dumps to `app`."""
    found = _Dumps(dumps, about=about, renderer=renderer)
    described: dict[str, Any] = {"response_class": Response}
    add_reading(
        app,
        PATH,
        found.all,
        operation_id="getDumps",
        summary="The files of the whole data set, with their sizes and hashes",
        openapi_extra={"parameters": [_FORMAT]},
        responses={
            200: {"description": "A list", "content": {each.media_type: {} for each in _OFFERED}},
            304: {"description": "It is what the client has"},
            **problems(406),
        },
        **described,
    )
    add_reading(
        app,
        PATH + "{name}",
        found.one,
        operation_id="getDump",
        summary="A file of the whole data set, or its SHA-256",
        responses={
            200: {"description": "The file", "content": {_GZIP: {}, "text/plain": {}}},
            206: {"description": "The part that Range names", "content": {_GZIP: {}}},
            304: {"description": "It is what the client has"},
            416: {"description": "The file does not go that far", "content": {"text/plain": {}}},
            **problems(),
            404: {"description": "There is no dump of this name", **PROBLEM},
        },
        **described,
    )


def _as_json(listed: list[_Listed], release: Release | None) -> dict[str, Any]:
    return {
        "ready": release is not None,
        "version": None if release is None else release.version,
        "commit": None if release is None else release.commit,
        "quads": None if release is None else release.quads,
        "canonicalHash": _canonical(release),
        "files": [_file(each) for each in listed],
    }


def _file(listed: _Listed) -> dict[str, Any]:
    file = listed.file
    return {
        "name": listed.name,
        "href": PATH + listed.name,
        "mediaType": listed.format.media_type,
        "compression": _GZIP,
        "bytes": None if file is None else file.size,
        "sha256": None if file is None else file.sha256,
    }


def _canonical(release: Release | None) -> dict[str, Any]:
    """The hash, or why there is none."""
    told: dict[str, Any] = {"algorithm": "RDFC-1.0", "hash": "SHA-256", "value": None}
    if release is None:
        return told
    if release.canonical is not None:
        return {**told, "value": release.canonical}
    too_large = release.quads > MOST_CANONICAL
    limit = f"more than {MOST_CANONICAL} quads" if too_large else "its blank nodes are too tangled"
    return {**told, "missing": limit}


_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "json or html; wins over Accept",
    "schema": {"type": "string"},
}
