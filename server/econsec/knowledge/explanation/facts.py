"""What a data set states of a designation, asked with SPARQL.

The default graph of the store is the merge of its graphs with all inferences;
evidence and shapes stand in named graphs of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store, Variable

from econsec.knowledge.explanation.sentences import listed, sentence
from econsec.knowledge.manifest import SHAPES
from econsec.knowledge.reports import LegalBasis, Term, Texts
from econsec.rdf.namespaces import ES, PREFIXES, RDF, SH, SKOS
from econsec.rdf.notation import short_iri

__all__ = ["Facts", "joined"]

_PROVISIONS = "?this es:hasLegalBasis/(es:hasLegalBasis|es:partOf)* ?provision ."
_LABEL = SKOS("prefLabel")
_ASSESSING = frozenset({ES("hasAssessment"), ES("hasMetAssessment"), ES("hasUnmetAssessment")})
_STEPS = (SH("path"), RDF("first"), RDF("rest"), SH("alternativePath"))


class Facts:
    """Questions to one store; what is not stated is an empty answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def label(self, term: Term) -> Texts:
        """What a term is called, by language; without a label, how Turtle writes it."""
        if isinstance(term, Literal):
            return {"en": term.value}
        found = self._texts(term, _LABEL)
        if found:
            return found
        if not isinstance(term, NamedNode):
            return {"en": str(term)}
        short = short_iri(term)
        return {"en": term.value if short.startswith("<") else short}

    def is_designation(self, this: NamedNode) -> bool:
        """Whether it is typed so, or as any kind of it."""
        return bool(self._column("SELECT ?this (1 AS ?x) { ?this a es:Designation }", this))

    def exists(self, this: NamedNode) -> bool:
        """Whether anything is stated of it."""
        return bool(self._column("SELECT ?this (1 AS ?x) { ?this ?p ?o } LIMIT 1", this))

    def designations(self, this: NamedNode) -> tuple[NamedNode, ...]:
        """The designations that name it, the earliest first."""
        found = self._column(
            "SELECT DISTINCT ?this ?x { ?x es:designates ?this"
            " OPTIONAL { ?x es:designationDate ?d } } ORDER BY ?d ?x",
            this,
        )
        return tuple(term for term in found if isinstance(term, NamedNode))

    def values(self, this: NamedNode, *predicates: str) -> tuple[Term, ...]:
        """The values of properties, in order of their labels; each is named as in `es:partOf`."""
        path = "|".join(predicates)
        found = self._column(f"SELECT DISTINCT ?this ?x {{ ?this {path} ?x }}", this)
        return tuple(sorted(found, key=lambda term: (self.label(term).get("en", ""), str(term))))

    def shapes(self, this: NamedNode) -> tuple[NamedNode, ...]:
        """The shapes that its classes are targets of."""
        found = self._column(
            f"SELECT DISTINCT ?this ?x {{ ?this a ?class ."
            f" GRAPH {SHAPES} {{ ?x sh:targetClass ?class }} }} ORDER BY ?x",
            this,
        )
        return tuple(term for term in found if isinstance(term, NamedNode))

    def demands(self, shape: NamedNode) -> tuple[tuple[Term, Texts], ...]:
        """What a shape for a kind of designation demands: each constraint with its name.

        Criteria and their assessments are told one by one, and not again here.
        """
        rows = self._rows(
            f"SELECT DISTINCT ?this ?x {{ GRAPH {SHAPES} {{ ?this sh:property|sh:sparql ?x ;"
            f" sh:targetClass ?class FILTER(?class != {ES('Designation')}) }} }}",
            shape,
        )
        found = (cast(Term, row["x"]) for row in rows)
        kept = (each for each in found if _ASSESSING.isdisjoint(self._steps(each)))
        named = ((each, self._texts(each, SH("name"), graph=SHAPES)) for each in kept)
        return tuple(
            sorted(((e, name) for e, name in named if name), key=lambda pair: pair[1].get("en", ""))
        )

    def bases(self, this: NamedNode) -> tuple[LegalBasis, ...]:
        """The provisions that the shapes for its kind stand for, and that it rests on."""
        rows = self._rows(
            f"SELECT DISTINCT ?this ?basis ?act ?article ?from ?source {{ ?this a ?class ."
            f" GRAPH {SHAPES} {{ ?shape sh:targetClass ?class ; esh:legalBasis ?basis ."
            " OPTIONAL { ?basis esh:act ?act } OPTIONAL { ?basis esh:article ?article }"
            " OPTIONAL { ?basis esh:inForceFrom ?from }"
            " OPTIONAL { ?basis rdfs:seeAlso ?source } } } ORDER BY ?basis",
            this,
        )
        found = {row["basis"]: self._basis(row) for row in rows}
        rests_on = self._articles(this)
        return tuple(b for b in found.values() if (b.act, b.article) in rests_on)

    def criteria(self, this: NamedNode) -> dict[NamedNode, NamedNode]:
        """What its provisions, as far as they lead, require to be met, all of it or any.

        Each criterion comes with the provision that requires it.
        """
        rows = self._rows(
            f"SELECT DISTINCT ?this ?x ?provision {{ {_PROVISIONS}"
            " ?provision es:hasCriterionRule ?rule . ?rule es:requiresAllOf|es:requiresAnyOf ?x"
            " OPTIONAL { ?x es:position ?n } } ORDER BY ?n ?x ?provision",
            this,
        )
        found: dict[NamedNode, NamedNode] = {}
        for row in rows:
            found.setdefault(cast(NamedNode, row["x"]), cast(NamedNode, row["provision"]))
        return found

    def definition(self, term: Term) -> Texts:
        """What a term means, by language."""
        return self._texts(term, SKOS("definition"))

    def assessments(self, this: NamedNode, how: str, *, of: NamedNode) -> tuple[NamedNode, ...]:
        """The assessments of a criterion that hang on it by the property `how`."""
        found = self._column(
            f"SELECT DISTINCT ?this ?x {{ ?this {how} ?x . ?x es:assessesCriterion {of} }}", this
        )
        return tuple(term for term in found if isinstance(term, NamedNode))

    def sections(self, this: NamedNode) -> tuple[tuple[NamedNode, int, int], ...]:
        """The passages about it: section, first and last position in characters of the text."""
        rows = self._rows(
            "SELECT DISTINCT ?this ?section ?start ?end { GRAPH ?g { ?a oa:hasBody ?this ;"
            " oa:hasTarget ?p . ?p es:inSection ?section ; oa:hasSelector ?s ."
            " ?s oa:start ?start ; oa:end ?end } } ORDER BY ?start",
            this,
        )
        return tuple(
            (cast(NamedNode, row["section"]), _number(row["start"]), _number(row["end"]))
            for row in rows
        )

    def _steps(self, constraint: Term) -> set[Term]:
        """What the path of a constraint is made of."""
        # As a path of SPARQL in FILTER NOT EXISTS this takes the engine a tenth of a second.
        seen, waiting = {constraint}, [constraint]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Literal):
                continue
            for step in _STEPS:
                for quad in self._store.quads_for_pattern(node, step, None, SHAPES):
                    object = cast(Term, quad.object)
                    if object not in seen:
                        seen.add(object)
                        waiting.append(object)
        return seen

    def _articles(self, this: NamedNode) -> set[tuple[NamedNode | None, str | None]]:
        """The acts that its provisions belong to, each with the number of the article."""
        rows = self._rows(
            f"SELECT DISTINCT ?this ?act ?number {{ {_PROVISIONS} ?provision es:partOf* ?act ."
            " OPTIONAL { ?provision eli:id_local ?number } }",
            this,
        )
        found: set[tuple[NamedNode | None, str | None]] = set()
        for row in rows:
            act, number = cast(NamedNode, row["act"]), cast("Literal | None", row["number"])
            found |= {(act, None), (act, None if number is None else number.value)}
        return found

    def _basis(self, row: QuerySolution) -> LegalBasis:
        iri = cast(NamedNode, row["basis"])
        begins = cast("Literal | None", row["from"])
        article = cast("Literal | None", row["article"])
        return LegalBasis(
            iri=iri,
            label=self._texts(iri, _LABEL, graph=SHAPES),
            act=cast("NamedNode | None", row["act"]),
            article=None if article is None else article.value,
            in_force_from=None if begins is None else date.fromisoformat(begins.value),
            source=cast("NamedNode | None", row["source"]),
        )

    def _texts(
        self, term: Term, predicate: NamedNode, *, graph: NamedNode | None = None
    ) -> dict[str, str]:
        if isinstance(term, Literal):
            return {}
        quads = self._store.quads_for_pattern(term, predicate, None, graph)
        texts = (quad.object for quad in quads if isinstance(quad.object, Literal))
        return dict(sorted((text.language or "", text.value) for text in texts))

    def _column(self, query: str, this: NamedNode) -> list[Term]:
        return [cast(Term, row["x"]) for row in self._rows(query, this)]

    def _rows(self, query: str, this: NamedNode) -> Iterator[QuerySolution]:
        # The engine puts in values only for variables that are selected.
        return cast(
            QuerySolutions,
            self._store.query(query, prefixes=PREFIXES, substitutions={Variable("this"): this}),
        )


def joined(facts: Facts, this: NamedNode, predicate: str, *, quoted: bool = False) -> Texts | None:
    """The labels of the values, in a list; addresses as they are."""
    labels = [facts.label(term) for term in facts.values(this, predicate)]
    if not labels:
        return None
    if quoted:
        labels = [sentence("{it}", "「{it}」", it=label) for label in labels]
    return listed(labels, en=", ", ja="、")


def _number(term: object) -> int:
    return int(cast(Literal, term).value)
