"""Terms as a person writes them: `es:State` for an IRI under a known prefix."""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from econsec.rdf.namespaces import PREFIXES

__all__ = ["short"]

_LOCAL_NAME = re.compile(r"[\w](?:[\w.-]*[\w-])?")


def short(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """The prefixed name where a prefix of the project fits, else the N-Triples form."""
    return _prefixed(term.value) if isinstance(term, NamedNode) else str(term)


@lru_cache(maxsize=4096)
def _prefixed(iri: str) -> str:
    fitting = [
        (len(namespace), prefix)
        for prefix, namespace in PREFIXES.items()
        if iri.startswith(namespace)
    ]
    length, prefix = max(fitting, default=(0, ""))
    local = iri[length:]
    return f"{prefix}:{local}" if prefix and _LOCAL_NAME.fullmatch(local) else f"<{iri}>"
