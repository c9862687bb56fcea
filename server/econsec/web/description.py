"""The answer to a request without a query: what the service is."""

from __future__ import annotations

from fastapi import Request, Response

from econsec.engine.backends import Backend
from econsec.rdf.formats import Form, offered
from econsec.service.census import Census
from econsec.service.description import Described, describe
from econsec.service.query import Choice
from econsec.settings import Settings
from econsec.web.address import own_url

__all__ = ["Descriptions"]


class Descriptions:
    """The Service Description of an endpoint over a backend."""

    def __init__(self, backend: Backend, *, settings: Settings) -> None:
        self._backend = backend
        self._settings = settings
        self._census = Census(backend)

    async def describe(self, request: Request, choose: Choice) -> Response:
        """The description, in the format that is chosen. Raises `EconSecError`."""
        format = choose(offered(Form.GRAPH))
        described = Described(
            endpoint=own_url(request, self._settings),
            settings=self._settings,
            publication=self._backend.publication,
            graphs=await self._census.sizes(),
            is_writable=self._backend.is_writable,
        )
        headers = {
            "Content-Type": format.content_type,
            "Vary": "Accept",
            "Cache-Control": "no-cache",
        }
        return Response(describe(described).written(format), headers=headers)
