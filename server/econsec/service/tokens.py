"""Who may write: bearer tokens (RFC 6750) from a file that only its owner can read."""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from econsec.errors import EconSecError, InvalidInput, NotAvailable

__all__ = ["Tokens", "Unauthenticated"]

_REALM = 'Bearer realm="econsec"'
_LEAST_LENGTH = 16
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
"""The alphabet of a bearer token (RFC 6750, 2.1)."""
_HASHED = "sha256:"
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_REMEDY = "write one 'name token' or 'name sha256:hex' a line"


class Unauthenticated(EconSecError):
    """The request does not say who asks, or with a token that nobody has here."""

    status: ClassVar[int] = 401
    title: ClassVar[str] = "Not authenticated"

    def __init__(self, detail: str, *, error: str | None = None) -> None:
        super().__init__(detail, remedy="send 'Authorization: Bearer' with a token of this service")
        challenge = _REALM if error is None else f'{_REALM}, error="{error}"'
        self.headers: Mapping[str, str] = {"WWW-Authenticate": challenge}


class Tokens:
    """The SHA-256 digests of the tokens, by the names of those who hold them.

    The tokens themselves are not kept, so that nothing can write them anywhere.
    """

    def __init__(self, digests: Mapping[str, bytes] | None = None) -> None:
        self._digests = dict(digests or {})

    @classmethod
    def read(cls, path: Path) -> Tokens:
        """The tokens of a file.

        Raises `NotAvailable` where it cannot be read, and `InvalidInput` where others
        may read it, or where a line is no token, a weak one or one that came before.
        """
        digests: dict[str, bytes] = {}
        for number, line in _lines(path):
            name, digest = _entry(line, path=path, number=number)
            if name in digests:
                raise _fault(f"the name {name} comes twice", path=path, line=number)
            if digest in digests.values():
                raise _fault(f"the token of {name} is another's too", path=path, line=number)
            digests[name] = digest
        if not digests:
            raise InvalidInput("the file holds no token", source=str(path), remedy=_REMEDY)
        return cls(digests)

    def agent(self, authorization: str | Sequence[str] | None) -> str:
        """The name of who sent these Authorization headers. Raises `Unauthenticated`."""
        headers = _as_list(authorization)
        if not headers:
            raise Unauthenticated("the request has no token")
        if len(headers) > 1:
            raise Unauthenticated(
                "there are several Authorization headers", error="invalid_request"
            )
        scheme, _, token = headers[0].partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("only Bearer tokens are taken")
        name = self._holder(token.strip(" "))
        if name is None:
            raise Unauthenticated("the token is not valid here", error="invalid_token")
        return name

    def __len__(self) -> int:
        """The number of tokens."""
        return len(self._digests)

    def __repr__(self) -> str:
        return f"Tokens({', '.join(self._digests)})"

    def _holder(self, token: str) -> str | None:
        """Compares with every token, so that the time tells nothing about any."""
        given = sha256(token.encode()).digest()
        holder = None
        for name, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                holder = name
        return holder


def _as_list(authorization: str | Sequence[str] | None) -> Sequence[str]:
    if authorization is None:
        return ()
    return (authorization,) if isinstance(authorization, str) else authorization


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    try:
        with path.open("rb") as file:
            # Of the file that is open, not of what stands under its name by now.
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                raise InvalidInput(
                    f"others than its owner have access to the file (mode {mode & 0o777:03o})",
                    source=str(path),
                    remedy=f"chmod 600 {path}",
                )
            text = file.read().decode()
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotAvailable(f"the tokens cannot be read: {reason}", source=str(path)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("the file is not UTF-8", source=str(path)) from error
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if said and not said.startswith("#"):
            yield number, said


def _entry(line: str, *, path: Path, number: int) -> tuple[str, bytes]:
    name, *rest = line.split()
    if len(rest) != 1 or _NAME.fullmatch(name) is None:
        # The line is not shown: what stands in the wrong place may be a token.
        raise _fault("the line is not a name and a token", path=path, line=number)
    (token,) = rest
    if token.startswith(_HASHED):
        digits = token.removeprefix(_HASHED)
        if _DIGEST.fullmatch(digits) is None:
            raise _fault(f"the digest of {name} is not 64 hex digits", path=path, line=number)
        return name, bytes.fromhex(digits)
    if _TOKEN.fullmatch(token) is None:
        detail = f"the token of {name} has characters that a Bearer token cannot have"
        raise _fault(detail, path=path, line=number)
    if len(token) < _LEAST_LENGTH:
        raise InvalidInput(
            f"the token of {name} is shorter than {_LEAST_LENGTH} characters",
            source=str(path),
            line=number,
            remedy="make one with: openssl rand -hex 32",
        )
    return name, sha256(token.encode()).digest()


def _fault(detail: str, *, path: Path, line: int) -> InvalidInput:
    return InvalidInput(detail, source=str(path), line=line, remedy=_REMEDY)
