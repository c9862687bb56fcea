"""The example queries as RDF, so that tools find them with the data.

A query is a `sh:SPARQLExecutable` (SHACL, 5.2) as at https://github.com/sib-swiss/sparql-examples;
its prefixes are declared once for all (SHACL, 5.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from econsec.knowledge.catalogue import QueryFile, read_catalogue
from econsec.knowledge.manifest import EXAMPLES
from econsec.rdf.namespaces import BASE, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD

__all__ = ["described", "read_examples"]

_ENDPOINT = NamedNode(BASE + "sparql")
_KINDS = {
    "SELECT": "SPARQLSelectExecutable",
    "ASK": "SPARQLAskExecutable",
    "CONSTRUCT": "SPARQLConstructExecutable",
}
"""The classes that SHACL has; for DESCRIBE it has none."""

_MATTER = re.compile(r"(?:#\+[^\n]*\n)+\s*")
_ASIDE = re.compile(r"#[^\n]*|<[^<>\s]*>|(?:PREFIX|BASE)\s+[^<]*", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


def read_examples(tree: Path) -> Iterator[Triple]:
    """What the examples below a folder say. Raises `InvalidInput` on one that cannot be read."""
    return described(read_catalogue(tree / "queries")["examples"])


def described(queries: Iterable[QueryFile]) -> Iterator[Triple]:
    """The queries, and the prefixes that they may use."""
    yield Triple(EXAMPLES, RDF("type"), OWL("Ontology"))
    for prefix, namespace in sorted(PREFIXES.items()):
        declaration = NamedNode(f"{EXAMPLES.value}#{prefix}")
        yield Triple(EXAMPLES, SH("declare"), declaration)
        yield Triple(declaration, SH("prefix"), Literal(prefix))
        iri = Literal(namespace, datatype=XSD("anyURI"))
        yield Triple(declaration, SH("namespace"), iri)
    for query in queries:
        yield from _example(query)


def _example(query: QueryFile) -> Iterator[Triple]:
    example = NamedNode(f"{EXAMPLES.value}/{query.name}")
    text = _MATTER.sub("", query.text, count=1)
    form = _form(text)
    yield Triple(example, RDF("type"), SH("SPARQLExecutable"))
    if form in _KINDS:
        yield Triple(example, RDF("type"), SH(_KINDS[form]))
    for predicate, texts in (("label", query.title), ("comment", query.description)):
        for language, words in texts.items():
            yield Triple(example, RDFS(predicate), Literal(words, language=language))
    for keyword in query.keywords:
        yield Triple(example, SCHEMA("keywords"), Literal(keyword))
    yield Triple(example, SCHEMA("target"), _ENDPOINT)
    yield Triple(example, SH("prefixes"), EXAMPLES)
    yield Triple(example, SH(form.lower()), Literal(text))


def _form(text: str) -> str:
    """The first word of the four that is neither in a comment, nor in an IRI or a prefix."""
    found = _FORM.search(_ASIDE.sub(" ", text))
    return "SELECT" if found is None else found[1].upper()
