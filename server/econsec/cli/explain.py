"""`econsec explain`: why a designation is valid or not, in plain sentences."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from econsec.cli.console import did_you_mean
from econsec.cli.documents import read, used_once
from econsec.engine.location import Location
from econsec.errors import UsageError
from econsec.knowledge.build import build
from econsec.knowledge.conformance import store_of_documents
from econsec.knowledge.explanation import explain_in, things_of
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.reports import Explanation
from econsec.rdf.notation import short_iri

__all__ = ["explain"]


class Language(StrEnum):
    """The languages of the sentences."""

    EN = "en"
    JA = "ja"


class Form(StrEnum):
    """What the sentences are written as."""

    TEXT = "text"
    JSON = "json"


def explain(
    thing: Annotated[
        str,
        typer.Argument(
            metavar="IRI",
            help="A designation, or what is designated; in full, or as good:semiconductors.",
        ),
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="RDF files that describe it, - for stdin; without any, the packaged data set.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        Language, typer.Option("--lang", help="The language of the text.")
    ] = Language.EN,
    format: Annotated[Form, typer.Option("--format", "-f", help="JSON has both languages.")] = (
        Form.TEXT
    ),
    profile: Annotated[
        str, typer.Option("--profile", help="The shapes that judge it.")
    ] = "designation",
    manifest: Annotated[
        Path | None, typer.Option("--manifest", help="The data set; else the packaged one.")
    ] = None,
    location: Annotated[
        Path | None, typer.Option("--location", "-l", help="A data set on disk instead.")
    ] = None,
) -> None:
    """Say why a designation is valid or not; exit 1 if one is not."""
    if location is not None and (manifest is not None or files):
        other = "--manifest" if manifest is not None else "files"
        raise UsageError(f"{other} and --location name two data sets", remedy="give one of them")
    if location is not None:
        store = Location(location).open_current()
    else:
        used_once(files or [])
        documents = [read(file) for file in files or ()]
        data = Manifest.read(manifest or default_manifest())
        store = store_of_documents(documents, manifest=data) if documents else build(data).store
    try:
        found = explain_in(store, thing, profile=profile)
    except UsageError as error:
        if error.remedy is not None:
            raise
        near = did_you_mean(thing, map(short_iri, things_of(store)))
        raise UsageError(error.detail, remedy=near) from error
    if format is Form.JSON:
        content = [_as_object(explanation) for explanation in found]
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n\n".join(explanation.text(language) for explanation in found))
    if any(explanation.is_valid is False for explanation in found):
        raise typer.Exit(1)


def _as_object(explanation: Explanation) -> dict[str, object]:
    return {
        "iri": explanation.focus.value,
        "label": dict(explanation.label),
        "valid": explanation.is_valid,
        "sentences": [dict(sentence) for sentence in explanation.sentences],
    }
