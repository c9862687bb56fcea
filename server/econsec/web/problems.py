"""Errors as RFC 9457 problem details, rendered in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from econsec.errors import EconSecError
from econsec.rdf.namespaces import BASE

__all__ = ["install", "refusal", "unexpected"]

_RETRYABLE = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_RETRY_SECONDS = "1"
_KEPT = ("allow", "retry-after", "www-authenticate", "cache-control")


class Pages(Protocol):
    """What shows a problem to people."""

    def are_preferred(self, request: Request) -> bool:
        """Whether the client would rather have a page."""

    async def respond(
        self, request: Request, problem: dict[str, Any], *, headers: Mapping[str, str]
    ) -> Response:
        """The page of a problem."""


def install(app: FastAPI, *, pages: Pages | None = None) -> None:
    """Let `app` answer every error with a problem, to people with a page."""

    async def own(request: Request, error: Exception) -> Response:
        return await shown(request, await _own(request, error))

    async def http(request: Request, error: Exception) -> Response:
        return await shown(request, await _http(request, error))

    async def shown(request: Request, answer: Response) -> Response:
        if pages is None or not pages.are_preferred(request):
            return answer
        kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        return await pages.respond(request, json.loads(bytes(answer.body)), headers=kept)

    app.add_exception_handler(EconSecError, own)
    app.add_exception_handler(HTTPException, http)


def unexpected(request_id: str) -> Response:
    """The answer to an error that nobody foresaw: it says nothing about its cause."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "the service failed; the log has the cause under this requestId"
    return _problem(status, detail=detail, requestId=request_id)


async def _own(request: Request, error: Exception) -> Response:
    if not isinstance(error, EconSecError):
        raise error
    return refusal(error, request.scope)


def refusal(error: EconSecError, scope: Scope) -> Response:
    """The answer to a request that ends in an error of our own."""
    scope["state"]["problem"] = type(error).__name__
    status = HTTPStatus(error.status)
    is_retryable = getattr(error, "retryable", status in _RETRYABLE)
    headers = dict(getattr(error, "headers", ()))
    if is_retryable and status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", _RETRY_SECONDS)
    return _problem(
        status,
        is_retryable=is_retryable,
        type=BASE + "problems/" + _slug(type(error).__name__),
        title=error.title,
        detail=error.detail,
        remedy=error.remedy,
        line=error.line,
        column=error.column,
        limit=getattr(error, "limit", None),
        offered=getattr(error, "offered", None),
        report=getattr(error, "report", None),
        suggestions=getattr(error, "suggestions", None),
        requestId=scope["state"]["request_id"],
        headers=headers,
    )


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    detail = f"there is nothing at {request.url.path}"
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allowed(request)
        detail = f"{request.url.path} does not take {request.method}, but {headers['Allow']}"
    elif status is not HTTPStatus.NOT_FOUND:
        detail = str(error.detail)
    return _problem(status, detail=detail, requestId=request.state.request_id, headers=headers)


def _allowed(request: Request) -> str:
    """Every method of the path: a single route knows only its own."""
    app: FastAPI = request.app
    matching = (route for route in app.routes if route.matches(request.scope)[0] is not Match.NONE)
    methods = {method for route in matching for method in getattr(route, "methods", None) or ()}
    return ", ".join(sorted(methods))


def _problem(
    status: HTTPStatus,
    *,
    headers: Mapping[str, str] | None = None,
    is_retryable: bool = False,
    **members: Any,
) -> Response:
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        **{name: value for name, value in members.items() if value is not None},
        "retryable": is_retryable,
    }
    return Response(
        json.dumps(body, ensure_ascii=False),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def _slug(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
