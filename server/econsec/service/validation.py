"""What `econsec validate` and `econsec.validate` do: choose data and shapes, and judge."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from econsec.engine.background import (
    SOURCES,
    Quads,
    evidence_of,
    graph_quads,
    judged_graphs,
    surroundings_of,
)
from econsec.engine.location import Location
from econsec.engine.writing.failures import GraphNotFound
from econsec.errors import InvalidInput
from econsec.knowledge.conformance import (
    conformance_of_data,
    conformance_of_documents,
    conformance_of_quads,
    load_shapes,
    sources_and_evidence,
)
from econsec.knowledge.locating import locate
from econsec.knowledge.manifest import GraphEntry, Manifest, Role, default_manifest
from econsec.knowledge.reading import Document, read_document
from econsec.knowledge.reports import Audit, Report, Severity
from econsec.knowledge.shapes import Engine
from econsec.knowledge.shapes.linting import check
from econsec.paths import resources
from econsec.service.stores import opened
from econsec.settings import Settings

__all__ = ["ALL", "Request", "joined", "validate"]

ALL = "all"
"""The profile that selects every shape of the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to validate, and by what.

    Documents that were `fetched` have no lines that anybody could look up. Without
    documents or `quads` it is the data set at `location`, or that of the manifest,
    or of either the named `graphs`. With shapes of ones own, in `shape_documents` or
    as `shapes`, even none, the project's count only where a profile is named too. With
    `explained`, the report says of each designation why it is valid or not.
    """

    documents: Sequence[Document] = ()
    fetched: Sequence[Document] = ()
    quads: Quads | None = None
    graphs: Sequence[str] = ()
    manifest: Path | None = None
    location: Path | None = None
    profile: str | None = None
    shapes: Quads | None = None
    shape_documents: Sequence[Document] = ()
    engine: Engine = Engine.FAST
    explained: bool = False


def validate(request: Request) -> Report:
    """Carry out a request. Raises `EconSecError`; an unknown profile is a `UsageError`."""
    shapes = _shapes(request)
    if request.location is not None:
        return _of_location(request, request.location, shapes)
    manifest = Manifest.read(request.manifest or default_manifest())
    documents = [*request.documents, *request.fetched]
    if documents:
        report = conformance_of_documents(
            documents,
            manifest=manifest,
            shapes=shapes,
            engine=request.engine,
            explained=request.explained,
        )
        return locate(report, request.documents)
    if request.quads is None and not request.graphs:
        return conformance_of_data(
            manifest, shapes=shapes, engine=request.engine, explained=request.explained
        )
    report = conformance_of_quads(
        _graphs_of(manifest, request.graphs) if request.quads is None else request.quads,
        background=_asserted(_standing(manifest, request)),
        shapes=shapes,
        engine=request.engine,
        explained=request.explained,
        beside=sources_and_evidence(manifest) if request.explained else (),
    )
    return locate(report, ())


def joined(reports: Sequence[Report]) -> Report:
    """The reports of several validations by the same shapes as one, the gravest results first."""
    audits: dict[object, Audit] = {}
    for audit in (audit for report in reports for audit in report.audit):
        known = audits.get(audit.shape)
        audits[audit.shape] = audit if known is None else _sum(known, audit)
    results = [result for report in reports for result in report.results]
    omitted = {each: sum(r.omitted.get(each, 0) for r in reports) for each in Severity}
    return Report(
        results=tuple(sorted(results, key=lambda result: tuple(Severity).index(result.severity))),
        audit=tuple(audits.values()),
        omitted={each: number for each, number in omitted.items() if number},
        seconds=sum(report.seconds or 0 for report in reports),
        explanations=tuple(each for report in reports for each in report.explanations),
    )


def _sum(one: Audit, other: Audit) -> Audit:
    timed = one.seconds is not None and other.seconds is not None
    return replace(
        one,
        focus_nodes=one.focus_nodes + other.focus_nodes,
        results=one.results + other.results,
        seconds=(one.seconds or 0) + (other.seconds or 0) if timed else None,
    )


def _of_location(request: Request, root: Path, shapes: Quads) -> Report:
    with opened(root, Settings.from_environment(os.environ)) as store:
        graphs = request.graphs or judged_graphs(store)
        try:
            own = [quad for graph in graphs for quad in graph_quads(store, graph)]
        except GraphNotFound as error:  # its exit code would be that of violations
            raise InvalidInput(error.detail, source=str(root)) from error
        if not request.graphs and Location(root).is_plain:
            own += graph_quads(store, None)
        background = surroundings_of(store, graphs)
        beside = evidence_of(store) if request.explained else ()
    report = conformance_of_quads(
        own,
        background=background,
        shapes=shapes,
        engine=request.engine,
        explained=request.explained,
        beside=beside,
    )
    return locate(report, ())


def _shapes(request: Request) -> Quads:
    documents = request.shape_documents
    is_ours = request.shapes is None and not documents
    profile = ALL if request.profile is None and is_ours else request.profile
    ours = load_shapes(resources() / "shapes", profile=profile)
    shapes = [*ours, *(request.shapes or ()), *(q for each in documents for q in each.quads())]
    if documents:
        check(shapes, documents=documents)  # here the documents are known, and so the lines
    return shapes


def _standing(manifest: Manifest, request: Request) -> list[GraphEntry]:
    """What stands behind graphs of the data set, or behind statements from outside.

    The latter may be a later text of a source, and so are judged without.
    """
    return [
        entry
        for entry in manifest.graphs
        if entry.role is Role.MERGED
        and entry.iri.value not in request.graphs
        and (request.quads is None or not entry.iri.value.startswith(SOURCES))
    ]


def _graphs_of(manifest: Manifest, graphs: Sequence[str]) -> Quads:
    entries = {entry.iri.value: entry for entry in manifest.graphs}
    for graph in graphs:
        if graph not in entries:
            raise InvalidInput(
                f"there is no graph {graph}", remedy="`econsec info` lists those there are"
            )
        if entries[graph].role is Role.GENERATED:
            raise InvalidInput(f"the graph {graph} is generated, so that no file has it")
    return _asserted([entries[graph] for graph in graphs])


def _asserted(entries: Sequence[GraphEntry]) -> Quads:
    return [
        quad
        for entry in entries
        for dump in entry.files
        for quad in read_document(dump.path, base=dump.iri).quads(graph=entry.iri)
    ]
