"""The data set whose graphs are put under validation: a folder, or a server that runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import typer

from econsec.cli.locations import existing
from econsec.engine.protecting import protect, protected, unprotect
from econsec.engine.writing.failures import GraphNotFound
from econsec.engine.writing.protection import Setting
from econsec.errors import EconSecError, InvalidInput, NotAvailable, Refused, UsageError
from econsec.rdf.statements import Iri

__all__ = ["EndpointOption", "FolderOption", "Local", "Remote", "TokenFileOption", "data_set"]

FolderOption = Annotated[
    Path | None, typer.Option("--location", "-l", help="The folder of the data set.")
]
EndpointOption = Annotated[
    str | None, typer.Option("--endpoint", help="A server that runs, by its root.")
]
TokenFileOption = Annotated[
    Path | None, typer.Option("--token-file", help="A file with a token for the server.")
]

_SECONDS = 120
_KINDS: dict[int, type[EconSecError]] = {401: Refused, 403: Refused, 404: GraphNotFound}


def data_set(
    location: Path | None, endpoint: str | None, token_file: Path | None
) -> Local | Remote:
    """The one that the options name. Raises `UsageError` where they name none or two."""
    if location is not None and endpoint is None and token_file is None:
        return Local(location)
    if endpoint is None or location is not None:
        raise UsageError(
            "one data set is meant", remedy="give --location, or --endpoint with its --token-file"
        )
    return Remote.of(endpoint, token_file)


@dataclass(frozen=True, slots=True)
class Local:
    """A data set on disk that no server writes to."""

    root: Path

    def settings(self) -> list[dict[str, Any]]:
        """The graphs under validation."""
        return [each.as_json() for each in protected(existing(self.root))]

    def put(self, setting: Setting) -> Mapping[str, Any]:
        """Put a graph under validation; the report on what violates already."""
        return protect(existing(self.root), setting)

    def delete(self, graph: Iri) -> None:
        """Let a graph go."""
        unprotect(existing(self.root), graph)


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

    def delete(self, graph: Iri) -> None:
        """Let a graph go."""
        self._ask("DELETE", {"graph": graph.value})

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
