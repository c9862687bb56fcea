"""`/static`: the built scripts and styles, under names that change with their content."""

from __future__ import annotations

import asyncio
import gzip
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Request, Response

from econsec.errors import EconSecError
from econsec.web.encoding import GZIP, takes_gzip
from econsec.web.pages.view import View
from econsec.web.routes import add_reading

__all__ = ["PATH", "Assets", "install"]

PATH = "/static"
FOLDER = Path(__file__).parent / "static"
_MANIFEST = "manifest.json"
_FOR_EVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=3600"
_HASHED = ("chunks/", "media/")
_LEVEL = 9
_PACKED = (".js", ".css", ".svg", ".txt", ".json")


class AssetNotFound(EconSecError):
    """There is no such file."""

    status = 404
    title = "Not found"


@dataclass(slots=True)
class _File:
    """A file, which is packed when it is first asked for: all at once would take half a second."""

    content: bytes
    media_type: str
    is_packable: bool
    _packed: bytes | None = None

    async def packed(self) -> bytes | None:
        """The content as gzip, where that is shorter by much."""
        if self._packed is None and self.is_packable:
            self._packed = await asyncio.to_thread(gzip.compress, self.content, _LEVEL, mtime=0)
        return self._packed


@dataclass(frozen=True, slots=True)
class Assets:
    """The files that were built, and their names: `editor.js` is `editor-5KQ2.js`."""

    names: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, _File] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Assets:
        """All of a folder; nothing where none were built, which leaves the pages plain."""
        if not (folder / _MANIFEST).is_file():
            return cls()
        names = json.loads((folder / _MANIFEST).read_text("utf-8"))
        files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != _MANIFEST
        }
        return cls(names, files)

    def url(self, view: View, name: str) -> str | None:
        """The address of a file by the name that it was built from; `None` without it."""
        built = self.names.get(name)
        return None if built is None else f"{view.root}{PATH}/{built}"

    def is_hashed(self, name: str) -> bool:
        """Whether the name changes with the content."""
        return name in self.names.values() or name.startswith(_HASHED)


def install(app: FastAPI, assets: Assets) -> None:
    """Add `/static` to `app`."""

    async def read(request: Request, name: str) -> Response:
        file = assets.files.get(name)
        if file is None:
            raise AssetNotFound(f"there is no file {name}")
        headers = {
            "Cache-Control": _FOR_EVER if assets.is_hashed(name) else _BRIEFLY,
            "Content-Type": file.media_type,
            "Vary": "Accept-Encoding",
        }
        takes = takes_gzip(", ".join(request.headers.getlist("accept-encoding")))
        packed = await file.packed() if takes else None
        if packed is None:
            return Response(file.content, headers=headers)
        return Response(packed, headers={**headers, "Content-Encoding": GZIP})

    add_reading(app, PATH + "/{name:path}", read)


def _read(path: Path) -> _File:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or path.suffix in {".js", ".json"}
    media_type = f"{kind}; charset=utf-8" if is_text else kind
    return _File(content, media_type, is_packable=path.suffix in _PACKED)
