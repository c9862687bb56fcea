"""`/validate`: data that somebody sends, or graphs of this data set, held against shapes."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.engine.validation import Presentation, Validation
from econsec.engine.workers import Reply
from econsec.errors import EconSecError, InvalidInput
from econsec.knowledge.reports import Severity
from econsec.knowledge.reports.formats import Grouping, media_type
from econsec.rdf.formats import READABLE
from econsec.service.receipts import COMPLETE, TRUNCATED
from econsec.service.spool import Spool
from econsec.service.verdicts import judge
from econsec.settings import Settings
from econsec.web.address import own_url
from econsec.web.api import PROBLEM, problems
from econsec.web.languages import Language
from econsec.web.leaving import cancelled_when_left
from econsec.web.parameters import Fields, fields_of, only, seconds, single
from econsec.web.presentation import OFFERED, presentation
from econsec.web.receipts import COMMIT
from econsec.web.streaming import StreamedReply
from econsec.web.uploads import ACCEPTED, MULTIPART, Received, Uploads

__all__ = ["CONFORMS", "PATH", "install"]

PATH = "/validate"

CONFORMS = "EconSec-Conforms"
"""The verdict: `true` where there is no violation, else `false`."""

_DATA, _SHAPES = "data", "shapes"
_PARAMETERS = ("graph", "profile", "report", "lang", "severity", "limit", "group", "timeout")
_MAX_FIELDS = 100


class _Validations:
    """Validations over a backend, each in a worker that can be killed."""

    def __init__(self, backend: Backend, *, spool: Spool, settings: Settings) -> None:
        self._backend = backend
        self._spool = spool
        self._settings = settings
        self._uploads = Uploads(limit=settings.max_upload_bytes, quads=True)

    async def respond(self, request: Request) -> Response:
        """The report, whatever the verdict. Raises `EconSecError`."""
        fields = fields_of(request.scope["query_string"], "query string", most=_MAX_FIELDS)
        only(fields, _PARAMETERS)
        presentation(request, fields, self._settings)  # before anything is sent
        async with self._spool.session() as session:
            received = Received()
            if _has_body(request):
                self._uploads.check(request)
                received = await self._uploads.receive_parts(
                    request,
                    session,
                    base=own_url(request, self._settings),
                    names=(_DATA, _SHAPES),
                )
            fields = _merged(fields, received)
            only(fields, _PARAMETERS)
            task = self._task(request, fields, received)
            request.state.commit = self._backend.publication.commit
            reply = await self._judged(request, task, seconds(fields, "timeout"))
        return _response(reply, task.presentation, commit=request.state.commit)

    async def _judged(self, request: Request, task: Validation, wish: float | None) -> Reply:
        try:
            with cancelled_when_left(request):
                return await judge(
                    task,
                    backend=self._backend,
                    settings=self._settings,
                    seconds=wish,
                    client=request.state.client,
                )
        except EconSecError as error:
            if error.source is not None:  # of several documents, one has the line
                error.detail = f"{error.source}: {error.detail}"
            raise

    def _task(self, request: Request, fields: Fields, received: Received) -> Validation:
        known = {_DATA, _SHAPES}
        for part in received.parts:
            if part.name not in known:
                raise InvalidInput(
                    f"the form has a part {part.name!r}", remedy="call it data or shapes"
                )
        task = Validation(
            documents=received.documents(_DATA),
            graphs=tuple(dict.fromkeys(fields.get("graph", ()))),
            shapes=received.documents(_SHAPES),
            profile=single(fields, "profile"),
            presentation=presentation(request, fields, self._settings),
        )
        if not task.documents and not task.graphs:
            raise InvalidInput(
                "there is nothing to validate",
                remedy="send RDF, a form with a part called data, or name a graph with ?graph=",
            )
        return task


def install(app: FastAPI, *, backend: Backend, spool: Spool, settings: Settings) -> None:
    """Add `/validate` to `app`."""
    validations = _Validations(backend, spool=spool, settings=settings)

    async def options() -> Response:
        headers = {"Allow": "GET, HEAD, OPTIONS, POST", "Accept-Post": ACCEPTED}
        return Response(status_code=204, headers=headers)

    app.post(
        PATH,
        operation_id="validate",
        summary="Hold data against SHACL shapes",
        openapi_extra={"parameters": _QUERY, "requestBody": _BODY},
        response_class=Response,
        responses=_RESPONSES,
    )(validations.respond)
    app.options(PATH, include_in_schema=False)(options)


def _response(reply: Reply, asked: Presentation, *, commit: int) -> Response:
    headers = {
        "Content-Type": media_type(asked.format),
        "Cache-Control": "no-store",
        "Content-Language": asked.language,
        CONFORMS: "true" if reply.head.truth else "false",
        COMMIT: str(commit),
    }
    if reply.head.truncated:
        headers[TRUNCATED] = "true"
    if reply.body is None:
        return StreamedReply(reply, headers=headers)
    if not reply.head.truncated:
        headers[COMPLETE] = "true"
    return Response(reply.body, headers=headers)


def _has_body(request: Request) -> bool:
    """Whether anything follows the head (RFC 9112, 6.3)."""
    length = request.headers.get("content-length", "0").strip()
    return "transfer-encoding" in request.headers or length.strip("0") != ""


def _merged(fields: Fields, received: Received) -> Fields:
    merged = {name: [*values] for name, values in fields.items()}
    for name, text in received.fields:
        merged.setdefault(name, []).append(text)
    return merged


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


_TEXT: dict[str, Any] = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_QUERY = [
    _parameter("graph", "A graph of this data set to validate; may be repeated", _IRIS),
    _parameter("profile", "The shapes: hygiene, designation, document, federation, all", _TEXT),
    _parameter("report", "A media type or a name of a form; wins over Accept", _TEXT),
    _parameter("lang", "The language of reports for people", {"enum": [*Language]}),
    _parameter("severity", "Leave out what is less grave", {"enum": [*Severity]}),
    _parameter("limit", "Results to list; all are counted", {"type": "integer", "minimum": 0}),
    _parameter("group", "How the HTML report is put together", {"enum": [*Grouping]}),
    _parameter("timeout", "The deadline in seconds", {"type": "number", "exclusiveMinimum": 0}),
]
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_FORM = {"type": "object", "properties": {_DATA: _FILES, _SHAPES: _FILES}}
_BODY = {
    "description": "The data in any RDF format, gzipped or not, or a form with files called data "
    "and shapes; the parameters may be its fields, too",
    "content": {
        **{format.media_type: {"schema": _TEXT} for format in READABLE},
        MULTIPART: {"schema": _FORM},
    },
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, whatever the verdict",
        "content": {format.media_type: {} for format in OFFERED},
        "headers": {
            CONFORMS: {
                "description": "Whether there is no violation",
                "schema": {"type": "boolean"},
            }
        },
    },
    403: {"description": "The shapes ask for what is never done here, such as SERVICE", **PROBLEM},
    **problems(404, 406, 507),
}
