"""JSON-LD contexts that come with the package; no other is ever read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from econsec.paths import resources
from econsec.rdf.namespaces import BASE

__all__ = ["Contexts"]


class Contexts:
    """IRIs of JSON-LD contexts and the files that hold them: `{"@context": …}`.

    A file stands on its own: it names no other context, and @import neither.
    """

    def __init__(self, files: Mapping[str, Path] | None = None) -> None:
        self._files = dict(files or {})
        self._texts: dict[str, bytes] = {}

    @classmethod
    def bundled(cls) -> Contexts:
        """The project's own: a document that names it can be read again where it came from."""
        return cls({f"{BASE}context.jsonld": resources() / "ontology" / "context.jsonld"})

    def written(self, iri: str) -> bytes | None:
        """The value of @context on one line, `None` for a context that is not here."""
        if iri not in self._files:
            return None
        if iri not in self._texts:
            content = json.loads(self._files[iri].read_text("utf-8"))
            self._texts[iri] = json.dumps(content["@context"], ensure_ascii=False).encode()
        return self._texts[iri]

    def offer(self) -> str:
        """Which contexts there are, in words."""
        known = ", ".join(sorted(self._files))
        return f"known by name are {known}" if known else "none is known by name"
