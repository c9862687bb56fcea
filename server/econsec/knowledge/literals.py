"""Literals that the engine writes differently from the document they came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from econsec.rdf.namespaces import XSD

__all__ = ["rewritten_literals"]

_SUBJECT = NamedNode("urn:x-econsec:literal")
_STRING = XSD("string")


def rewritten_literals(quads: Iterable[Quad]) -> int:
    """How many literals of `quads` a store gives back in another form.

    The engine keeps the value and not the text: `1.50` comes back as `1.5`,
    `ja-Hira` as `ja-hira`. The files stay the truth; this says how far the
    index is from them. It asks the engine rather than repeating its rules.
    """
    sent = Counter(
        literal
        for quad in quads
        for literal in _literals(quad.object)
        if literal.language is not None or literal.datatype != _STRING
    )
    scratch = Store()
    scratch.extend(Quad(_SUBJECT, _SUBJECT, literal) for literal in sent)
    kept = {quad.object for quad in scratch}
    return sum(times for literal, times in sent.items() if literal not in kept)


def _literals(term: object) -> Iterator[Literal]:
    if isinstance(term, Literal):
        yield term
    elif isinstance(term, Triple):
        yield from _literals(term.object)
