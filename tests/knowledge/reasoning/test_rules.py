"""Each rule of OWL 2 RL, on a graph of its own, against a conclusion written by hand."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode

from econsec.knowledge.reasoning import materialise


def test_exactly_what_is_expected_follows(rule_case, tbox: NamedNode, inferred: NamedNode) -> None:
    store = rule_case.store()
    result = materialise(store, tbox=tbox, into=inferred)
    drawn = {quad.triple for quad in store.quads_for_pattern(None, None, None, inferred)}
    expected = set(rule_case.graph("expected"))
    assert {str(t) for t in drawn - expected} == set()
    assert {str(t) for t in expected - drawn} == set()
    assert result.inferred == len(expected)


def test_the_default_graph_gains_what_is_inferred_and_no_more(
    rule_case, tbox: NamedNode, inferred: NamedNode
) -> None:
    store = rule_case.store()
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    materialise(store, tbox=tbox, into=inferred)
    after = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    drawn = {quad.triple for quad in store.quads_for_pattern(None, None, None, inferred)}
    assert drawn.isdisjoint(before)
    assert after == before | drawn


def test_a_saturated_graph_gains_nothing(rule_case, tbox: NamedNode, inferred: NamedNode) -> None:
    store = rule_case.store()
    materialise(store, tbox=tbox, into=inferred)
    assert materialise(store, tbox=tbox, into=inferred).inferred == 0
