"""What a person should know about an answer without rows: what it was asked about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from econsec.cli.console import did_you_mean
from econsec.engine.store import Binding, Query
from econsec.knowledge.catalogue import ParameterType
from econsec.rdf.formats import CSV, JSON, TSV, Form
from econsec.rdf.namespaces import Namespace
from econsec.rdf.notation import short_iri
from econsec.service.query import Choice, Result

__all__ = ["Ask", "notes_on"]

Ask = Callable[[Query, Choice], Result]
"""Puts a query to the data set that was named."""

_KNOWN = """ASK {
  { ?thing ?p ?o } UNION { ?s ?p ?thing } UNION { ?s ?thing ?o }
  UNION { GRAPH ?thing { ?s ?p ?o } }
  UNION { GRAPH ?g { { ?thing ?p ?o } UNION { ?s ?p ?thing } UNION { ?s ?thing ?o } } }
}"""
_NAMES = """SELECT DISTINCT ?thing {
  ?thing ?p ?o FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), ?namespace))
}"""


def notes_on(query: Query, result: Result, ask: Ask) -> Iterator[str]:
    """Why an answer to a query with values may have no rows; nothing about any other.

    A value that the data set does not hold is named, with those most like it.
    """
    if not query.bindings or not _is_empty(result):
        return
    unknown = [each for each in query.bindings if not _is_known(each, query, ask)]
    for binding in unknown:
        names = did_you_mean(_text(binding), _neighbours(binding, query, ask))
        detail = f"nothing is known of {_text(binding)}"
        yield detail if names is None else f"{detail} ({names})"
    if not unknown:
        yield "no rows for " + ", ".join(
            f"{each.variable}={_text(each)}" for each in query.bindings
        )


def _is_empty(result: Result) -> bool:
    if Form.SOLUTIONS not in result.format.forms or result.truth is not None:
        return False
    if result.format == JSON:
        return not json.loads(result.body)["results"]["bindings"]
    if result.format in {TSV, CSV}:
        return result.body.count(b"\n") <= 1  # the names of the columns
    return b"<result>" not in result.body


def _is_iri(binding: Binding) -> bool:
    return str(binding.term).startswith("<")


def _is_known(binding: Binding, query: Query, ask: Ask) -> bool:
    """Whether a graph has it as a subject, property, value or name; a literal always is."""
    asked = replace(query, text=_KNOWN, bindings=(replace(binding, variable="thing"),))
    return not _is_iri(binding) or ask(asked, lambda _: JSON).truth is True


def _neighbours(binding: Binding, query: Query, ask: Ask) -> list[str]:
    """The things whose IRI differs in its last part alone, shortened."""
    iri = binding.term.value
    namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    space = Binding("namespace", ParameterType.STRING.term(namespace))
    result = ask(replace(query, text=_NAMES, bindings=(space,)), lambda _: JSON)
    rows = json.loads(result.body)["results"]["bindings"]
    return [_short(row["thing"]["value"]) for row in rows]


def _text(binding: Binding) -> str:
    return _short(binding.term.value) if _is_iri(binding) else binding.term.value


def _short(iri: str) -> str:
    return short_iri(Namespace(iri)(""))
