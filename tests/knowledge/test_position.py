"""Where a Turtle text speaks of a resource."""

from __future__ import annotations

import pytest

from econsec.knowledge.position import Position, locate

TEXT = """\
@prefix ex: <https://example.org/> .
PREFIX deep: <https://example.org/deep/>
ex:list ex:has ex:one-more , ex:one , <https://example.org/deep/er> .
  ex:one ex:p deep:thing .
ex:one.two a deep:a\\/b .
"""


@pytest.mark.parametrize(
    ("iri", "place"),
    [
        ("https://example.org/list", Position(3, 1)),
        ("https://example.org/one", Position(3, 30)),
        ("https://example.org/one-more", Position(3, 16)),
        ("https://example.org/one.two", Position(5, 1)),
        ("https://example.org/deep/er", Position(3, 39)),
        ("https://example.org/deep/thing", Position(4, 15)),
        ("https://example.org/deep/a/b", Position(5, 14)),
        ("https://example.org/absent", None),
        ("https://example.org/thing", None),
    ],
)
def test_finds_every_spelling(iri: str, place: Position | None) -> None:
    assert locate(iri, TEXT) == place


def test_a_description_comes_before_a_mention() -> None:
    text = "<https://e/a> <https://e/p> <https://e/b> .\n<https://e/b> <https://e/p> 1 ."
    assert locate("https://e/b", text) == Position(2, 1)
