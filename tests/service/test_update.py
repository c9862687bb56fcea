"""The update operation: what is refused, and what is handed to whoever writes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.writing.requests import Receipt, UpdateWrite, Version, Write
from econsec.errors import EconSecError, InvalidInput, Refused
from econsec.service.update import Author, Update, update
from econsec.settings import Settings

BY = Author(agent="ann", request_id="r1")
INSERT = Update(text="INSERT DATA { GRAPH <g> { <a> <b> 1 } }", base="http://e.org/sparql")


class Recording(InProcess):
    """Keeps what is to be written."""

    def __init__(self) -> None:
        super().__init__(EmbeddedStore(ox.Store(), Settings()))
        self.writes: list[Write] = []

    async def write(self, write: Write, *, deadline: float | None = None) -> Receipt:
        self.writes.append(write)
        return Receipt(Version(2))


def carried_out(asked: Update, settings: Settings | None = None) -> UpdateWrite:
    backend = Recording()
    receipt = asyncio.run(update(asked, by=BY, backend=backend, settings=settings or Settings()))
    assert receipt == Receipt(Version(2))
    (done,) = backend.writes
    assert isinstance(done, UpdateWrite)
    return done


def test_an_update_is_handed_over_with_the_graphs_that_it_names() -> None:
    assert carried_out(INSERT) == UpdateWrite(
        agent="ann",
        request_id="r1",
        text=INSERT.text,
        base="http://e.org/sparql",
        graphs=frozenset({"http://e.org/g"}),
    )


def test_graphs_that_the_text_leaves_open_are_left_open() -> None:
    text = "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert carried_out(Update(text=text)).graphs is None


def test_the_graphs_of_the_protocol_go_along() -> None:
    text = "INSERT { GRAPH <http://e.org/g> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    asked = Update(text=text, using_graphs=("http://e.org/1",), using_named=("http://e.org/2",))
    done = carried_out(asked)
    assert (done.using_graphs, done.using_named) == (("http://e.org/1",), ("http://e.org/2",))


def test_a_long_text_is_read_too() -> None:
    triples = " ".join(f"<a> <b> {number} ." for number in range(1_000))
    asked = replace(INSERT, text=f"INSERT DATA {{ GRAPH <g> {{ {triples} }} }}")
    assert carried_out(asked).graphs == frozenset({"http://e.org/g"})


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Update(text="LOAD <http://127.0.0.1:9/x>"), Refused),
        (Update(text="INSERT { <http://a> <http://b> ?x } WHERE { SERVICE ?s { } }"), Refused),
        (Update(text="SELECT * { ?s ?p ?o }"), InvalidInput),
        (Update(text="CLEAR XYZ"), InvalidInput),
        (
            Update(
                text="WITH <http://e.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
                using_graphs=("http://e.org/g",),
            ),
            InvalidInput,
        ),
    ],
)
def test_what_is_refused_never_reaches_the_writer(asked: Update, error: type[EconSecError]) -> None:
    backend = Recording()
    with pytest.raises(error):
        asyncio.run(update(asked, by=BY, backend=backend, settings=Settings()))
    assert backend.writes == []


@pytest.mark.parametrize(("limit", "fits"), [(0, True), (-1, False)])
def test_the_size_of_an_update_is_limited(limit: int, fits: bool) -> None:
    settings = Settings(max_update_bytes=len(INSERT.text.encode()) + limit)
    if fits:
        carried_out(INSERT, settings)
    else:
        with pytest.raises(EconSecError, match="max_update_bytes") as raised:
            carried_out(INSERT, settings)
        assert raised.value.status == 413
