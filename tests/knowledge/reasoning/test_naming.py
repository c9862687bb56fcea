"""How terms are called in messages."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from econsec.knowledge.reasoning.naming import short
from econsec.rdf.namespaces import BASE, ES, OWL


@pytest.mark.parametrize(
    ("term", "name"),
    [
        (ES("State"), "es:State"),
        (OWL("Thing"), "owl:Thing"),
        (NamedNode(f"{BASE}id/actor/meti"), "actor:meti"),
        (NamedNode(f"{BASE}id/actor/"), f"<{BASE}id/actor/>"),
        (NamedNode(f"{BASE}id/actor/a/b"), f"<{BASE}id/actor/a/b>"),
        (ES("国家"), "es:国家"),
        (ES("v1.5"), "es:v1.5"),
        (ES("ends."), f"<{ES}ends.>"),
        (NamedNode("http://example.org/x"), "<http://example.org/x>"),
        (BlankNode("b1"), "_:b1"),
        (Literal("言", language="ja"), '"言"@ja'),
    ],
)
def test_a_prefix_stands_for_its_namespace_where_turtle_would_allow_it(
    term: NamedNode | BlankNode | Literal, name: str
) -> None:
    assert short(term) == name
