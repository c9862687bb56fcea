"""EconSec: a linked-data knowledge graph of economic security, and its service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from econsec.knowledge.reports import Report

__all__ = ["__version__", "validate"]

__version__ = "0.1.0"


def validate(
    data: Any,
    *,
    format: str | None = None,
    profile: str | None = None,
    shapes: Any = None,
    graphs: Sequence[str] = (),
    engine: str = "fast",
) -> Report:
    """Hold `data` against the project's SHACL shapes, or `shapes` of your own.

    `data` is one of these, or a sequence of several documents that are judged together:

    - a path (`str` or `Path`) of an RDF file, gzipped or not, or of the folder of a
      data set on disk, of which `graphs` names those to judge;
    - an RDF document as `bytes`, with its `format`: an extension or a media type;
    - an `rdflib.Graph` or `rdflib.Dataset`;
    - a `pyoxigraph.Store`, or any iterable of its quads or triples;
    - `None`: the packaged data set, or the `graphs` of it that are named.

    `profile` is `hygiene`, `designation`, `document`, `federation` or `all`, which it is
    where neither profile nor shapes are given; with `shapes` of your own (in the same
    forms; bytes are Turtle) ours count only where a profile is named too. `engine` is `fast`, or
    `reference` for pySHACL alone. Nothing is fetched.

    The report says whether the data conform (`report.conforms`), lists each result, and
    counts for each shape the nodes that it was applied to:

    >>> report = econsec.validate("designations.ttl", profile="designation")
    >>> for result in report.results:
    ...     print(result.place, result.messages["en"])

    `econsec.knowledge.reports.formats.render` writes it: as SARIF, HTML, Turtle, ….

    Raises `econsec.errors.UsageError` on what is not known (a profile, an engine, a kind
    of data) and `econsec.errors.InvalidInput`, with file, line and column, on data and
    shapes that cannot be read.
    """
    # Who imports the package for its version does not wait for the engines.
    from econsec.service.programs import validation

    return validation(
        data, format=format, profile=profile, shapes=shapes, graphs=graphs, engine=engine
    )
