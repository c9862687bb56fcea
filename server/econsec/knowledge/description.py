"""What an RDF document says of resources, with errors that point into its text."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from econsec.errors import InvalidInput
from econsec.knowledge.position import locate
from econsec.knowledge.reading import read_document

__all__ = ["Description"]


class Description:
    """The statements of a small document that a person wrote."""

    def __init__(self, path: Path) -> None:
        document = read_document(path)
        self.path = path
        self._source = document.name
        self._text = document.data.decode(errors="replace")
        # A list and not a set of quads: what is written twice is told from what is not.
        self._quads: list[Quad] = list(document.quads())

    def subjects(self, predicate: NamedNode) -> list[NamedNode]:
        """Whatever has a `predicate`, each once and sorted."""
        found = {quad.subject for quad in self._quads if quad.predicate == predicate}
        named = (subject for subject in found if isinstance(subject, NamedNode))
        return sorted(named, key=lambda subject: subject.value)

    def links(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """The IRIs that `predicate` leads to, as written; refuses literals and repetitions."""
        found: list[NamedNode] = []
        for value in self._values(subject, predicate):
            if not isinstance(value, NamedNode):
                raise self.error(f"{predicate} of {subject} is {value}, not an IRI", subject)
            if value in found:
                raise self.error(f"{subject} is given {predicate} {value} twice", value)
            found.append(value)
        return found

    def link(self, subject: NamedNode, predicate: NamedNode) -> NamedNode | None:
        """The one IRI that `predicate` leads to, or `None`."""
        found = self.links(subject, predicate)
        if len(found) > 1:
            listed = " and ".join(str(value) for value in found)
            raise self.error(
                f"{subject} has more than one {predicate}: {listed}",
                subject,
            )
        return found[0] if found else None

    def literal(
        self, subject: NamedNode, predicate: NamedNode, *, language: str | None = None
    ) -> str | None:
        """The text of the one literal in `language` (`None`: without one), or `None`."""
        found = [
            value.value
            for value in self._values(subject, predicate)
            if isinstance(value, Literal) and value.language == language
        ]
        if len(found) > 1:
            kind = f"{predicate} in {language!r}" if language is not None else str(predicate)
            raise self.error(f"{subject} has more than one {kind}", subject)
        return found[0] if found else None

    def error(self, detail: str, *about: NamedNode, remedy: str | None = None) -> InvalidInput:
        """An error in this document, at the first of `about` that it can be found to name."""
        places = (locate(iri.value, self._text) for iri in about)
        position = next((place for place in places if place is not None), None)
        return InvalidInput(
            detail,
            source=self._source,
            line=None if position is None else position.line,
            column=None if position is None else position.column,
            remedy=remedy,
        )

    def _values(self, subject: NamedNode, predicate: NamedNode) -> list[object]:
        return [
            quad.object
            for quad in self._quads
            if quad.subject == subject and quad.predicate == predicate
        ]
