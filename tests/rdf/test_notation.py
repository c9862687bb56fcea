"""IRIs as a person writes them, and as the project spells them back."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from econsec.rdf.notation import long_iri, short_iri


@pytest.mark.parametrize("name", ["es:State", "actor:meti", "measure:jp-export-ban-ru-4"])
def test_a_short_name_and_its_iri_lead_to_each_other(name: str) -> None:
    assert short_iri(NamedNode(long_iri(name))) == name


@pytest.mark.parametrize("name", ["https://example.org/a", "nope:a", "actor", "actor://meti", ""])
def test_what_bears_no_prefix_of_the_project_stays_as_it_is(name: str) -> None:
    assert long_iri(name) == name
