"""Terms as a person writes them: `es:State` for an IRI under a known prefix."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.rdf.notation import short_iri

__all__ = ["short"]


def short(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """The prefixed name where a prefix of the project fits, else the N-Triples form."""
    return short_iri(term) if isinstance(term, NamedNode) else str(term)
