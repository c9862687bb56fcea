"""A view as an RDF/XML file, written through owlready2, which HermiT's parser reads."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import owlready2
from owlready2.base import OwlReadyOntologyParsingError, owl_class, rdf_type
from pyoxigraph import Literal, RdfFormat, parse

from econsec.errors import InvalidInput
from econsec.knowledge.reasoning.view import View
from econsec.rdf.namespaces import BASE

__all__ = ["write_rdfxml"]


def write_rdfxml(view: View, path: Path) -> Path:
    """Write the view to `path`, and an N-Triples file beside it; returns `path`.

    owlready2 loads nothing from a format that it does not know and says
    nothing, so what it loaded and wrote is counted. Raises `InvalidInput` if
    something got lost, or for a number that is none.
    """
    source = path.with_suffix(".nt")
    source.write_bytes(view.ntriples())
    with closing(owlready2.World()) as world:
        ontology = world.get_ontology(f"{BASE}consistency")
        try:
            ontology.load(only_local=True, fileobj=source.open("rb"), format="ntriples")
        except OwlReadyOntologyParsingError as error:
            raise InvalidInput(f"owlready2 cannot read {_culprit(view, error)}") from error
        # Blank nodes have negative numbers.
        declared = world.get_triples(p=rdf_type, o=owl_class)
        loaded = sum(subject > 0 for subject, _, _ in declared)
        if loaded != view.classes:
            raise InvalidInput(f"owlready2 read {loaded} of {view.classes} classes")
        ontology.save(file=str(path), format="rdfxml")
    saved = parse(path=path, format=RdfFormat.RDF_XML)
    kept = sum(not isinstance(quad.object, Literal) for quad in saved)
    if kept < view.links:
        raise InvalidInput(f"owlready2 wrote {kept} of {view.links} statements")
    return path


def _culprit(view: View, error: OwlReadyOntologyParsingError) -> str:
    """The statement with the number that is none, or whatever else owlready2 complains of."""
    complaint = str(error.__cause__ or error)
    for triple in view.triples:
        if isinstance(triple.object, Literal) and repr(triple.object.value) in complaint:
            return f"{triple}: the literal is no value of its datatype"
    return complaint
