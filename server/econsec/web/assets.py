"""`/static`: the built scripts and styles, under names that change with their content."""

from __future__ import annotations

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

__all__ = ["PATH", "Assets", "install"]

PATH = "/static"
FOLDER = Path(__file__).parent / "static"
_MANIFEST = "manifest.json"
_FOR_EVER = "public, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=3600"
_LEVEL = 9
_PACKED = (".js", ".css", ".svg", ".txt", ".json")


class AssetNotFound(EconSecError):
    """There is no such file."""

    status = 404
    title = "Not found"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    packed: bytes | None
    media_type: str


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
        return name in self.names.values() or "/chunks/" in f"/{name}"


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
        if file.packed is None or not takes:
            return Response(file.content, headers=headers)
        return Response(file.packed, headers={**headers, "Content-Encoding": GZIP})

    path = PATH + "/{name:path}"
    app.get(path, include_in_schema=False)(read)
    app.head(path, include_in_schema=False)(read)


def _read(path: Path) -> _File:
    content = path.read_bytes()
    packed = gzip.compress(content, _LEVEL, mtime=0) if path.suffix in _PACKED else None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or path.suffix in {".js", ".json"}
    return _File(content, packed, f"{kind}; charset=utf-8" if is_text else kind)
