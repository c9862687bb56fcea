"""The statements of a thing as its page shows them: by property, the technical ones last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from econsec.knowledge.manifest import INFERRED
from econsec.rdf.namespaces import DCTERMS, ES, RDF, RDFS, SKOS
from econsec.rdf.notation import short_iri
from econsec.rdf.statements import iri as node
from econsec.service.named import Labels, Named
from econsec.service.resources import Resource, Statement
from econsec.web.pages.texts import texts
from econsec.web.pages.view import View

__all__ = ["Group", "Groups", "Value", "divided", "kinds", "own", "referring"]

_TITLE = DCTERMS("title").value
_TYPE = RDF("type").value
_IN_THE_HEAD = {
    RDFS("label").value,
    SKOS("prefLabel").value,
    SKOS("definition").value,
}
"""What the page shows above its statements."""

_TECHNICAL = {
    _TYPE,
    RDFS("isDefinedBy").value,
    SKOS("editorialNote").value,
    SKOS("inScheme").value,
    SKOS("topConceptOf").value,
    *(
        ES + name
        for name in (
            "anchor",
            "dateInferred",
            "listMarker",
            "mappedIn",
            "marker",
            "notStated",
            "openEnumeration",
            "position",
            "textLength",
            "textSha256",
        )
    ),
}
"""Properties that serve the keeping of the data: they stand last."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or what leads to the thing, and the graphs that say so."""

    thing: Named
    graphs: tuple[Named, ...]
    is_inferred: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A property and its values."""

    predicate: Named
    found: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Statements to read, and those for who wants to know exactly."""

    shown: list[Group]
    last: list[Group]


def kinds(resource: Resource) -> list[Named]:
    """Its classes in our words; those of others where there are no others."""
    ours = [each for each in resource.types if each.value.startswith(ES)]
    return ours or list(resource.types)


def own(resource: Resource) -> list[Statement]:
    """What is said of it below the head of its page."""
    shown = {each.value for each in kinds(resource)}
    names = set(resource.named.labels.values())
    return [
        statement
        for statement in resource.said
        if statement.subject.value == resource.iri
        and statement.predicate.value not in _IN_THE_HEAD
        and not (statement.predicate.value == _TYPE and statement.object.value in shown)
        and not (statement.predicate.value == _TITLE and statement.object.value in names)
    ]


def referring(resource: Resource) -> list[Statement]:
    """What leads to the thing and has a page; a property is called by its other end, if it can."""
    return [
        replace(statement, predicate=_turned(statement.predicate))
        for statement in resource.leading
        if statement.subject.is_iri
    ]


def _turned(predicate: Named) -> Named:
    words = _words_for_inverse(predicate.value)
    return predicate if words is None else replace(predicate, labels=words)


@cache
def _words_for_inverse(predicate: str) -> Labels | None:
    words = texts().get(f"inverse.{short_iri(node(predicate))}")
    return None if words is None else {language.value: text for language, text in words.items()}


def divided(
    view: View, resource: Resource, statements: list[Statement], *, by_object: bool
) -> Groups:
    """What is technical, and what only repeats another statement in wider words, stands last."""
    said = {_ends(each) for each in statements if not each.is_inferred}

    def stands_last(each: Statement) -> bool:
        return each.predicate.value in _TECHNICAL or (each.is_inferred and _ends(each) in said)

    shown, last = (
        _groups(
            view,
            resource,
            (each for each in statements if stands_last(each) is wanted),
            by_object=by_object,
        )
        for wanted in (False, True)
    )
    return Groups(shown, last)


def _ends(statement: Statement) -> tuple[str, str]:
    return statement.subject.value, statement.object.value


def _groups(
    view: View, resource: Resource, statements: Iterable[Statement], *, by_object: bool
) -> list[Group]:
    """Statements by property, what is stated before what only follows."""
    found: dict[str, list[Value]] = {}
    predicates: dict[str, Named] = {}
    for statement in statements:
        predicates[statement.predicate.value] = statement.predicate
        value = Value(
            thing=statement.object if by_object else statement.subject,
            graphs=tuple(
                Named(graph, "uri", labels=resource.labels.get(graph, {}))
                for graph in statement.graphs
                if graph != INFERRED.value
            ),
            is_inferred=statement.is_inferred,
        )
        found.setdefault(statement.predicate.value, []).append(value)
    groups = [
        Group(predicates[name], tuple(sorted(values, key=lambda each: _order(view, each))))
        for name, values in found.items()
    ]
    return sorted(
        groups,
        key=lambda group: (
            all(value.is_inferred for value in group.found),
            view.name(group.predicate).text.casefold(),
        ),
    )


def _order(view: View, value: Value) -> tuple[bool, str]:
    return value.is_inferred, view.name(value.thing).text.casefold()
