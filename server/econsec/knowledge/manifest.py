"""The manifest: which named graphs there are, from which files, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyoxigraph import NamedNode

from econsec.errors import InvalidInput
from econsec.knowledge.description import Description
from econsec.paths import resources
from econsec.rdf.namespaces import BASE, DCTERMS, ES, GRAPH, OWL, VOID

__all__ = [
    "EXAMPLES",
    "INFERRED",
    "ONTOLOGY",
    "ROLES",
    "SHAPES",
    "VOID_GRAPH",
    "Dump",
    "GraphEntry",
    "Manifest",
    "Role",
    "default_manifest",
    "graph_name",
]

INFERRED = GRAPH("inferred")
ONTOLOGY = GRAPH("ontology")
SHAPES = GRAPH("shapes")
VOID_GRAPH = GRAPH("void")
EXAMPLES = NamedNode(BASE + ".well-known/sparql-examples")
"""The graph of the example queries, which a build makes of their files; a known place for tools."""


class Role(StrEnum):
    """What a named graph is to the default graph."""

    MERGED = "merged"
    NAMED_ONLY = "named only"
    GENERATED = "generated"


ROLES = {
    ES("MergedGraph"): Role.MERGED,
    ES("NamedOnlyGraph"): Role.NAMED_ONLY,
    ES("GeneratedGraph"): Role.GENERATED,
}
"""The individuals of the ontology that stand for the roles."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A file of a graph and the IRI that it is published under."""

    iri: str
    path: Path


@dataclass(frozen=True, slots=True)
class GraphEntry:
    """What the manifest says of one named graph."""

    iri: NamedNode
    role: Role
    files: tuple[Dump, ...]
    title_en: str | None
    title_ja: str | None
    licence: NamedNode | None
    source: NamedNode | None

    @property
    def is_evidence(self) -> bool:
        """Whether `econsec evidence build` writes the file of this graph."""
        return _is_evidence(self.iri)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The data set that a manifest describes, its graphs in the order of their IRIs."""

    path: Path
    iri: NamedNode
    version: str
    modified: date | None
    title_en: str | None
    title_ja: str | None
    licence: NamedNode | None
    graphs: tuple[GraphEntry, ...]

    @property
    def tree(self) -> Path | None:
        """The folder whose `data/manifest.ttl` this is; `None` for a manifest that lies alone."""
        return _tree(self.path)

    @classmethod
    def read(cls, path: Path, *, without_evidence: bool = False) -> Manifest:
        """Read and check a manifest (DCAT and VoID, in any RDF syntax).

        A `void:dataDump` below the project's base IRI is the file of the same
        path in the tree whose `data/manifest.ttl` this is, else among the
        package's resources; any other is a `file:` IRI, and a relative one
        stands for a file beside the manifest. Nothing is ever
        fetched. Each file must be there; `without_evidence`, the evidence may be
        missing. Raises `InvalidInput` that points into the manifest.
        """
        _refuse_no_file(path)
        text = Description(path)
        iri = _dataset(text)
        return cls(
            path=path,
            iri=iri,
            version=_version(text, iri),
            modified=_modified(text, iri),
            title_en=text.literal(iri, DCTERMS("title"), language="en"),
            title_ja=text.literal(iri, DCTERMS("title"), language="ja"),
            licence=text.link(iri, DCTERMS("license")),
            graphs=tuple(
                _entry(text, graph, may_lack=without_evidence and _is_evidence(graph))
                for graph in _graphs(text, iri)
            ),
        )

    def with_role(self, role: Role) -> tuple[NamedNode, ...]:
        """The graphs that play `role`."""
        return tuple(entry.iri for entry in self.graphs if entry.role is role)


def graph_name(name: str) -> NamedNode:
    """The IRI that a person wrote. Raises `InvalidInput` on what is none."""
    try:
        return NamedNode(name)
    except ValueError as error:
        raise InvalidInput(f"{name!r} is not the IRI of a graph: {error}") from error


def default_manifest() -> Path:
    """The manifest of the packaged data set."""
    return resources() / "data" / "manifest.ttl"


def _refuse_no_file(path: Path) -> None:
    """What a wrong path is, in place of what its name says of the format."""
    if path.is_dir():
        raise InvalidInput(
            "this is a folder, not a manifest", source=str(path), remedy="give the file in it"
        )
    if not path.exists():
        raise InvalidInput("No such file, so no manifest can be read", source=str(path))


def _is_evidence(graph: NamedNode) -> bool:
    return graph.value.rpartition("/")[2] == "evidence"


def _dataset(text: Description) -> NamedNode:
    found = text.subjects(VOID("subset"))
    if len(found) == 1:
        return found[0]
    listed = " and ".join(str(iri) for iri in found) if found else "none"
    raise text.error(f"one data set must list its graphs with void:subset; here: {listed}")


def _version(text: Description, dataset: NamedNode) -> str:
    version = text.literal(dataset, OWL("versionInfo"))
    if version is None:
        raise text.error(f"{dataset} has no owl:versionInfo", dataset)
    return version


def _modified(text: Description, dataset: NamedNode) -> date | None:
    day = text.literal(dataset, DCTERMS("modified"))
    try:
        return None if day is None else date.fromisoformat(day)
    except ValueError as error:
        raise text.error(f"dcterms:modified {day!r} is not a date", dataset) from error


def _graphs(text: Description, dataset: NamedNode) -> list[NamedNode]:
    """The graphs of the data set; the listed and the described must be the same ones."""
    listed = text.links(dataset, VOID("subset"))
    described = {*text.subjects(ES("graphRole")), *text.subjects(VOID("dataDump"))}
    for graph in listed:
        if graph not in described:
            raise text.error(
                f"unknown graph {graph}: it is listed, but not described",
                graph,
                remedy="describe it with es:graphRole and void:dataDump, or take it off the list",
            )
    for graph in sorted(described - {*listed}, key=str):
        raise text.error(
            f"unknown graph {graph}: it is described, but not listed",
            graph,
            remedy=f"add it to the void:subset of {dataset}",
        )
    return sorted(listed, key=str)


def _entry(text: Description, graph: NamedNode, *, may_lack: bool) -> GraphEntry:
    role = _role(text, graph)
    files = tuple(_dump(text, dump, graph=graph) for dump in text.links(graph, VOID("dataDump")))
    for dump in () if may_lack else files:
        if not dump.path.is_file():
            raise _missing(text, dump, graph=graph)
    if bool(files) is (role is Role.GENERATED or graph == EXAMPLES):
        problem = "is generated, but has a file" if files else "has no file"
        raise text.error(f"the graph {graph} {problem} (void:dataDump)", graph)
    return GraphEntry(
        iri=graph,
        role=role,
        files=files,
        title_en=text.literal(graph, DCTERMS("title"), language="en"),
        title_ja=text.literal(graph, DCTERMS("title"), language="ja"),
        licence=text.link(graph, DCTERMS("license")),
        source=text.link(graph, DCTERMS("source")),
    )


def _role(text: Description, graph: NamedNode) -> Role:
    known = ", ".join(str(role) for role in ROLES)
    value = text.link(graph, ES("graphRole"))
    if value is None:
        raise text.error(
            f"the graph {graph} has no role", graph, remedy=f"es:graphRole is one of {known}"
        )
    if value not in ROLES:
        raise text.error(
            f"{value} is not a role of a graph",
            graph,
            remedy=f"es:graphRole is one of {known}",
        )
    role = ROLES[value]
    if (role is Role.GENERATED) is not (graph == INFERRED):
        raise text.error(f"{INFERRED} is the graph that reasoning writes, and no other is", graph)
    return role


def _dump(text: Description, iri: NamedNode, *, graph: NamedNode) -> Dump:
    ours = iri.value.startswith(BASE)
    path = _below(_root(text.path), iri.value) if ours else _local(iri.value)
    if path is None:
        raise text.error(
            f"the file {iri} lies elsewhere, and nothing is ever fetched",
            iri,
            graph,
            remedy=f"name a file beside the manifest, or one below <{BASE}>",
        )
    return Dump(iri=iri.value, path=path)


def _missing(text: Description, dump: Dump, *, graph: NamedNode) -> InvalidInput:
    iri = NamedNode(dump.iri)
    written = "econsec evidence build --source FILE"
    return text.error(
        f"the file {iri} does not exist: {dump.path}",
        iri,
        graph,
        remedy=f"`{written}` writes it" if _is_evidence(graph) else None,
    )


def _root(manifest: Path) -> Path:
    """The folder that the base IRI stands for: of a tree's own manifest, that tree."""
    return _tree(manifest) or resources().resolve()


def _tree(manifest: Path) -> Path | None:
    path = manifest.resolve()
    return path.parent.parent if path.parts[-2:] == ("data", "manifest.ttl") else None


def _below(root: Path, iri: str) -> Path | None:
    path = (root / unquote(iri.removeprefix(BASE))).resolve()
    return path if path.is_relative_to(root) else None


def _local(iri: str) -> Path | None:
    parts = urlsplit(iri)
    return Path(unquote(parts.path)) if parts.scheme == "file" and not parts.netloc else None
