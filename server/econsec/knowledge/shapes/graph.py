"""The shapes graph as engines and reports read it: an index of its statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from econsec.errors import InvalidInput, Refused
from econsec.knowledge.reports import Term, Texts
from econsec.rdf.namespaces import RDF, RDFS, SH

__all__ = ["Node", "ShapesGraph", "texts_of"]

Node: TypeAlias = NamedNode | BlankNode

_FIRST, _REST, _NIL = RDF("first"), RDF("rest"), RDF("nil")
_CLASSES = frozenset({RDFS("Class"), NamedNode("http://www.w3.org/2002/07/owl#Class")})


class ShapesGraph:
    """The statements of a shapes graph, each once, by subject and predicate.

    Raises `Refused` for a triple term, which RDF 1.1 and SHACL do not know.
    """

    def __init__(self, statements: Iterable[Triple | Quad]) -> None:
        self._by_subject: dict[Node, dict[NamedNode, dict[Term, None]]] = {}
        self._subjects: dict[NamedNode, dict[Node, None]] = defaultdict(dict)
        for each in statements:
            subject, object = each.subject, each.object
            if isinstance(subject, Triple) or isinstance(object, Triple):
                raise Refused(f"triple terms are not validated: {each}")
            said = self._by_subject.setdefault(subject, {})
            said.setdefault(each.predicate, {})[object] = None
            self._subjects[each.predicate][subject] = None

    def __iter__(self) -> Iterator[Triple]:
        for subject in self._by_subject:
            yield from self.about(subject)

    def about(self, subject: Term) -> Iterator[Triple]:
        """The statements with this subject."""
        if isinstance(subject, Literal):
            return
        for predicate, objects in self._by_subject.get(subject, {}).items():
            for object in objects:
                yield Triple(subject, predicate, object)

    def predicates(self, subject: Term) -> tuple[NamedNode, ...]:
        """What is said of `subject`, by which predicates."""
        return tuple(self._by_subject.get(cast(Node, subject), {}))

    def objects(self, subject: Term, predicate: NamedNode) -> tuple[Term, ...]:
        """The values of a predicate, in the order in which they came."""
        return tuple(self._by_subject.get(cast(Node, subject), {}).get(predicate, ()))

    def nodes(self, subject: Term, predicate: NamedNode) -> tuple[Node, ...]:
        """The values of a predicate that are no literals."""
        found = self.objects(subject, predicate)
        return tuple(each for each in found if not isinstance(each, Literal))

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """One value of a predicate, `None` where there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def subjects(self, predicate: NamedNode) -> tuple[Node, ...]:
        """All that a predicate is used of."""
        return tuple(self._subjects.get(predicate, ()))

    def members(self, head: Term) -> tuple[Term, ...]:
        """The members of an RDF list. Raises `InvalidInput` for one that is malformed."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.objects(head, _FIRST), self.objects(head, _REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise InvalidInput(f"the shapes cannot be used: {head} is no well-formed list")
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return tuple(found)

    def closure(self, node: Term) -> Iterator[Triple]:
        """The statements about a node and, again, about the blank nodes in them."""
        waiting, seen = [node], {node}
        while waiting:
            for triple in self.about(waiting.pop()):
                yield triple
                object = cast(Term, triple.object)
                if isinstance(object, BlankNode) and object not in seen:
                    seen.add(object)
                    waiting.append(object)

    def is_class(self, shape: Node) -> bool:
        """Whether a shape is a class too, and so aims at its own members (SHACL, 2.1.3.3)."""
        return not _CLASSES.isdisjoint(self.objects(shape, RDF("type")))

    def texts(self, subject: Term, predicate: NamedNode) -> Texts:
        """The texts of a predicate by language."""
        return texts_of(self.objects(subject, predicate))

    def is_property_shape(self, shape: Term) -> bool:
        """Whether a shape looks along a path."""
        return SH("path") in self._by_subject.get(cast(Node, shape), {})


def texts_of(terms: Iterable[Term]) -> Texts:
    """Texts by language; of several in one language, the first in order."""
    literals = (term for term in terms if isinstance(term, Literal))
    tagged = sorted(((text.language or "", text.value) for text in literals), reverse=True)
    return dict(sorted(dict(tagged).items()))
