"""`econsec serve`: answer over HTTP."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from econsec.service.stores import opened
from econsec.settings import Settings
from econsec.web.app import create_app
from econsec.web.server import Listening
from econsec.web.server import serve as run

__all__ = ["serve"]

_EXAMPLE = (
    "SELECT ?class (COUNT(?thing) AS ?things) { ?thing a ?class } "
    "GROUP BY ?class ORDER BY DESC(?things) LIMIT 5"
)


def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="0 for any free port.", show_default="8000"),
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="A data set on disk to serve.")
    ] = None,
) -> None:
    """Serve the data set over HTTP, read-only."""
    # The log of a server is kept under --quiet too: it has the causes of its errors.
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.__stderr__
    )
    settings = Settings.from_environment(os.environ)
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    with opened(location, settings) as store:
        run(create_app(settings, store), settings, _announce)


def _announce(address: Listening) -> None:
    endpoint = f"{address.url}/sparql"
    curl = shlex.join(
        ["curl", endpoint, "-H", "Accept: text/csv", "--data-urlencode", f"query={_EXAMPLE}"]
    )
    print(
        f"EconSec answers SPARQL at {endpoint} (stop it with Ctrl-C). Try:\n\n  {curl}", flush=True
    )
