"""The ontology of the data set, whole or by its modules."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from econsec.engine.backends import Backend
from econsec.errors import EconSecError
from econsec.knowledge.json_ld_context import CONTEXT
from econsec.knowledge.manifest import ONTOLOGY
from econsec.paths import resources
from econsec.rdf.excerpts import Parts, Statement, of_file, written
from econsec.rdf.formats import N_TRIPLES, Format
from econsec.rdf.namespaces import BASE, ES, OWL, RDF, RDFS
from econsec.rdf.statements import iri
from econsec.service.contexts import context
from econsec.service.graphs import Graphs
from econsec.service.memo import Memo
from econsec.settings import Settings

__all__ = ["WHOLE", "Ontologies", "OntologyNotFound"]

WHOLE = ES.removesuffix("#")
"""The IRI of the ontology that imports its modules."""

_MOST_KEPT = 64


class OntologyNotFound(EconSecError):
    """The data set has no such ontology, module or version."""

    exit_code = 3
    status = 404
    title = "There is no such ontology"


@dataclass(frozen=True, slots=True)
class _Known:
    """The graph, its modules, and what was written of them: by module and format."""

    parts: Parts
    modules: frozenset[str]
    written: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Ontologies:
    """What `graph/ontology` holds, read once for each version of it."""

    def __init__(self, backend: Backend, settings: Settings) -> None:
        self._graphs = Graphs(backend, settings)
        self._known = Memo(backend, self._read, graph=ONTOLOGY)
        self._lock = asyncio.Lock()

    async def document(self, name: str, format: Format) -> bytes:
        """The ontology, module or version by its IRI. Raises `OntologyNotFound`.

        The whole has every triple of the graph. A module has what its packaged file has,
        as long as the graph holds it; else its header, the terms that it defines, and the
        axioms without a name that are about them.
        """
        known = await self._known.value()
        module = _module(known, name)
        key = module, format.name
        async with self._lock:
            if key not in known.written:
                while len(known.written) >= _MOST_KEPT:
                    known.written.pop(next(iter(known.written)))
                known.written[key] = await asyncio.to_thread(_write, known.parts, module, format)
            return known.written[key]

    async def _read(self, commit: int) -> _Known:
        reply = await self._graphs.read(ONTOLOGY.value, N_TRIPLES, commit=commit)
        parts = await asyncio.to_thread(Parts, await reply.whole())
        return _Known(parts, frozenset(parts.subjects(RDF("type"), OWL("Ontology"))))


def _module(known: _Known, name: str) -> str:
    if name == WHOLE or name in known.modules:
        return name
    with suppress(ValueError):  # what is no IRI
        for module in known.parts.subjects(OWL("versionIRI"), iri(name)):
            return module
    raise OntologyNotFound(
        f"the ontology has no module or version <{name}>",
        remedy=f"the modules are {', '.join(sorted(known.modules))}",
    )


def _write(parts: Parts, module: str, format: Format) -> bytes:
    triples = parts.all() if module == WHOLE else _stated(parts, module)
    return written(triples, format, context=context(), named=CONTEXT)


def _stated(parts: Parts, module: str) -> Sequence[Statement]:
    # The graph does not tell which module declares another one's term, or says more of it.
    file = resources() / f"{module.removeprefix(BASE)}.ttl"
    if module.startswith(WHOLE) and file.is_file():
        triples = of_file(file)
        if parts.holds(triples):
            return triples
    return parts.about({module, *parts.subjects(RDFS("isDefinedBy"), iri(module))})
