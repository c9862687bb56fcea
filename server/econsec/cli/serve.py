"""`econsec serve`: answer over HTTP."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from econsec.engine.backends import Fixed
from econsec.engine.backends.on_disk import OnDisk
from econsec.errors import UsageError
from econsec.service.spool import Spool
from econsec.service.stores import location_backend, packaged_backend
from econsec.service.tokens import Tokens
from econsec.settings import Settings

if TYPE_CHECKING:
    from econsec.web.server import Listening

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
    token_file: Annotated[
        Path | None,
        typer.Option(help="Who may write to the location: a name and a token on each line."),
    ] = None,
) -> None:
    """Serve the data set over HTTP; with a location and tokens, it can be written to."""
    settings = _settings(
        host=host,
        port=port,
        location=None if location is None else str(location),
        token_file=None if token_file is None else str(token_file),
    )
    tokens = Tokens.read(Path(settings.token_file)) if settings.token_file else Tokens()
    backend = _backend(settings, is_writable=len(tokens) > 0)
    # Meanwhile the data set loads in another process.
    from econsec.web.app import create_app
    from econsec.web.log_lines import configure
    from econsec.web.server import Ending
    from econsec.web.server import serve as run

    # The log of a server is kept under --quiet too: it has the causes of its errors.
    configure(settings.log_format)
    spool = Spool(backend.spool if isinstance(backend, OnDisk) else None)
    app = create_app(settings, backend, tokens=tokens, spool=spool)
    run(
        app,
        settings,
        _announce,
        ending=Ending(
            unready_seconds=settings.unready_seconds,
            drain_seconds=settings.drain_seconds,
            on_signal=lambda: setattr(app.state, "stopping", True),
        ),
        failure=lambda: app.state.failure,
        on_refusal=app.state.metrics.note_refusal,
    )


def _settings(**options: object) -> Settings:
    """The settings of the environment, and the options over them."""
    given = {name: value for name, value in options.items() if value is not None}
    return replace(Settings.from_environment(os.environ), **given)  # type: ignore[arg-type]


def _backend(settings: Settings, *, is_writable: bool) -> Fixed | OnDisk:
    if settings.location:
        return location_backend(Path(settings.location), settings, is_writable=is_writable)
    if is_writable:
        raise UsageError(
            "the packaged data set cannot be written to", remedy="name a folder with --location"
        )
    return packaged_backend(settings)


def _announce(address: Listening) -> None:
    endpoint = f"{address.url}/sparql"
    curl = shlex.join(
        ["curl", endpoint, "-H", "Accept: text/csv", "--data-urlencode", f"query={_EXAMPLE}"]
    )
    print(
        f"EconSec answers SPARQL at {endpoint} (stop it with Ctrl-C). Try:\n\n  {curl}", flush=True
    )
