"""`/update`: the update operation of the SPARQL 1.1 Protocol (2.2), which `/sparql` takes too."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response

from econsec.engine.backends import Backend
from econsec.errors import InvalidInput
from econsec.service.update import Update, update
from econsec.settings import Settings
from econsec.web.api import problems
from econsec.web.authors import Authors
from econsec.web.protocol import FORM, SPARQL_UPDATE, read
from econsec.web.receipts import committed

__all__ = ["PATH", "Updates"]

PATH = "/update"


class Updates:
    """The update operation over a backend."""

    def __init__(self, backend: Backend, authors: Authors, *, settings: Settings) -> None:
        self._backend = backend
        self._authors = authors
        self._settings = settings

    async def carry_out(self, request: Request, asked: Update) -> Response:
        """The answer to an update that was read already. Raises `EconSecError`."""
        author = self._authors.author(request)
        receipt = await update(asked, by=author, backend=self._backend, settings=self._settings)
        return committed(receipt)

    def install(self, app: FastAPI) -> None:
        """Add `/update`, which takes nothing else."""

        async def post(request: Request) -> Response:
            # Before the body is read.
            self._authors.author(request)
            operation = await read(request, self._settings, by_author=True)
            if not isinstance(operation, Update):
                raise InvalidInput(
                    "the parameter 'update' is missing", remedy="queries are answered at /sparql"
                )
            return await self.carry_out(request, operation)

        async def get() -> Response:
            raise InvalidInput("an update is sent by POST")

        async def options() -> Response:
            return Response(status_code=204, headers={"Allow": "OPTIONS, POST"})

        app.post(
            PATH,
            operation_id="update",
            summary="Carry out a SPARQL update",
            openapi_extra={"requestBody": _BODY},
            response_class=Response,
            status_code=204,
            responses={204: {"description": "It is durable and visible"}, **_PROBLEMS},
        )(post)
        app.get(PATH, include_in_schema=False)(get)
        app.options(PATH, include_in_schema=False)(options)


_PROBLEMS = problems(401, 403, 422, 507)
_TEXT: dict[str, Any] = {"type": "string"}
_FIELDS = {"type": "object", "properties": {"update": _TEXT}, "required": ["update"]}
_BODY = {
    "required": True,
    "content": {SPARQL_UPDATE: {"schema": _TEXT}, FORM: {"schema": _FIELDS}},
}
