"""A server whose graphs are put under validation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from econsec.engine.writing.protection import Setting
from econsec.errors import EconSecError, InvalidInput, NotAvailable, Refused, UsageError

__all__ = ["Remote"]

_SECONDS = 120
_KINDS = {401: Refused, 403: Refused}


@dataclass(frozen=True, slots=True)
class Remote:
    """Speaks to `/protection` below `root` (W3C tools call the server's `/sparql` by the same)."""

    root: str
    token: str | None

    @classmethod
    def of(cls, endpoint: str, token_file: Path | None) -> Remote:
        """Of the server's root or of its endpoint; the first token of a file is taken."""
        if not endpoint.startswith(("http://", "https://")):
            raise UsageError(f"{endpoint} is no address of a server", remedy="give http://…")
        root = endpoint.rstrip("/").removesuffix("/sparql")
        return cls(root, None if token_file is None else _token(token_file))

    def settings(self) -> list[dict[str, Any]]:
        """The graphs under validation."""
        found: list[dict[str, Any]] = self._ask("GET", {})["graphs"]
        return found

    def put(self, setting: Setting) -> dict[str, Any]:
        """Put a graph under validation; the report on what violates already."""
        fields = {"graph": setting.graph.value}
        if setting.profile is not None:
            fields["profile"] = setting.profile
        found: dict[str, Any] = self._ask("PUT", fields, setting.shapes)
        return found

    def delete(self, graph: str) -> None:
        """Let a graph go."""
        self._ask("DELETE", {"graph": graph})

    def _ask(self, method: str, fields: dict[str, str], body: str | None = None) -> Any:
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/n-triples"
        request = Request(
            f"{self.root}/protection?{urlencode(fields)}",
            method=method,
            headers=headers,
            data=None if body is None else body.encode(),
        )
        try:
            with urlopen(request, timeout=_SECONDS) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except HTTPError as error:
            raise self._failure(error) from error
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise NotAvailable(f"the server does not answer: {reason}", source=self.root) from error
        except ValueError as error:
            raise NotAvailable("the server's answer is no JSON", source=self.root) from error

    def _failure(self, error: HTTPError) -> EconSecError:
        kind = NotAvailable if error.code >= 500 else _KINDS.get(error.code, InvalidInput)
        try:
            problem = json.loads(error.read())
            return kind(problem["detail"], source=self.root, remedy=problem.get("remedy"))
        except (ValueError, KeyError, TypeError):
            return kind(f"the server answers {error.code}", source=self.root)


def _token(path: Path) -> str:
    """The token of the first line that says something; `name token`, or the token alone."""
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise NotAvailable(f"the token cannot be read: {error}", source=str(path)) from error
    said = [words for words in lines if words and not words[0].startswith("#")]
    if not said or said[0][-1].startswith("sha256:"):
        raise InvalidInput("the file holds no token that could be sent", source=str(path))
    return said[0][-1]
