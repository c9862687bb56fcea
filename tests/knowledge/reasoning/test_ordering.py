"""The order of the rules: nothing runs before what it waits for."""

from __future__ import annotations

from random import Random

import pytest

from econsec.knowledge.reasoning.ordering import strata
from econsec.knowledge.reasoning.patterns import Pattern, Symbol, is_a
from econsec.knowledge.reasoning.rules import Rule
from econsec.rdf.namespaces import RDF, Namespace

EX = Namespace("http://example.org/")


def rule(reads: str, writes: str) -> Rule:
    patterns = [is_a("?x", EX(name)) for name in reads]
    body = Pattern("", frozenset().union(*(pattern.reads for pattern in patterns)))
    return Rule(f"{reads}>{writes}", "", body, Symbol(RDF("type"), EX(writes)), once=False)


def order(*rules: tuple[str, str]) -> list[set[str]]:
    return [{rule.axiom for rule in group} for group in strata([rule(*r) for r in rules])]


def test_a_rule_comes_after_those_that_write_what_it_reads() -> None:
    assert order(("b", "c"), ("a", "b")) == [{"a>b"}, {"b>c"}]
    assert order(("bc", "d"), ("a", "b"), ("b", "c")) == [{"a>b"}, {"b>c"}, {"bc>d"}]


def test_rules_that_feed_each_other_form_a_group() -> None:
    groups = order(("b", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "c"))
    assert groups == [{"a>b", "b>a"}, {"b>c"}, {"c>d", "d>c"}]


@pytest.mark.parametrize("seed", range(30))
def test_no_group_reads_what_a_later_one_writes(seed: int) -> None:
    random = Random(seed)
    names = "abcdefghij"
    rules = [
        rule("".join(random.sample(names, random.randint(1, 2))), random.choice(names))
        for _ in range(random.randint(1, 25))
    ]
    groups = strata(rules)
    assert sorted(r.axiom for group in groups for r in group) == sorted(r.axiom for r in rules)
    for position, group in enumerate(groups):
        read = {symbol for r in group for symbol in r.body.reads}
        assert read.isdisjoint(r.writes for later in groups[position + 1 :] for r in later)
