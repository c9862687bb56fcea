"""With a scheme come its concepts, with the graphs that describe them."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.rdf.namespaces import SKOS
from econsec.service.resources import Resources
from econsec.service.schemes import is_scheme, with_concepts
from econsec.settings import Settings

DATA = f"""
INSERT DATA {{
  GRAPH <x:g> {{ <x:s> a <{SKOS}ConceptScheme> .
    <x:c> <{SKOS}inScheme> <x:s> ; <{SKOS}prefLabel> "one"@en .
    <x:d> <{SKOS}inScheme> <x:other> ; <{SKOS}prefLabel> "two"@en }}
  GRAPH <x:h> {{ <x:c> <{SKOS}notation> "1" }}
  <x:c> <{SKOS}inScheme> <x:s>
}}
"""


def test_the_concepts_of_a_scheme_are_added_and_no_others() -> None:
    store = ox.Store()
    store.update(DATA)
    backend = InProcess(EmbeddedStore(store, Settings()))

    async def read() -> None:
        scheme = await Resources(backend).resource("x:s")
        assert is_scheme(scheme)
        whole = await with_concepts(backend, scheme)
        added = whole.leading[len(scheme.leading) :]
        assert {(each.subject.value, each.object.value, each.graphs) for each in added} == {
            ("x:c", "x:s", ("x:g",)),
            ("x:c", "one", ("x:g",)),
            ("x:c", "1", ("x:h",)),
        }
        assert not is_scheme(await Resources(backend).resource("x:c"))

    asyncio.run(read())
