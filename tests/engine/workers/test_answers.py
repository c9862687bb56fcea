"""Workers answer as the store in this process does."""

from __future__ import annotations

from functools import partial
from io import BytesIO

import pyoxigraph as ox
import pytest
from worker_stores import EX, at_commit, things

from econsec.engine.store import Binding, Query
from econsec.engine.workers import ResultTooLarge, TooManyRows
from econsec.engine.workers.confinement import Network
from econsec.errors import InvalidInput, NotAvailable, UsageError
from econsec.rdf.formats import (
    CSV,
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TSV,
    TURTLE,
    XML,
    Form,
)

pytestmark = pytest.mark.anyio

SELECT = Query("SELECT ?s ?n WHERE { ?s ?p ?n } ORDER BY ?n LIMIT 500")
ALL = Query("SELECT * WHERE { ?s ?p ?n } ORDER BY ?n")
ASK = Query(f"ASK {{ <{EX}1> ?p ?n }}")
CONSTRUCT = Query(f"CONSTRUCT {{ ?s <{EX}is> ?n }} WHERE {{ ?s ?p ?n }} ORDER BY ?n LIMIT 50")
SUM = "SELECT (SUM(?n) AS ?sum) WHERE { ?s ?p ?n }"
CASES = [
    *((SELECT, format) for format in (JSON, XML, CSV, TSV)),
    *((ASK, format) for format in (JSON, XML)),
    *((CONSTRUCT, format) for format in (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)),
    (Query(SUM, default_graphs=(f"{EX}one", f"{EX}two")), JSON),
    (Query(SUM, infer=False), TSV),
    (Query(SUM, bindings=(Binding("s", ox.NamedNode(f"{EX}7")),)), CSV),
    (ALL, JSON),
]


def local(query: Query, format) -> bytes:
    output = BytesIO()
    things().query(query).write(output, format)
    return output.getvalue()


async def test_answers_equal_those_of_the_store(started) -> None:
    async with started(workers=1) as pool:
        for query, format in CASES:
            reply = await pool.run(query, format)
            assert reply.body == local(query, format), (query, format.name)
            assert reply.head.format is format
        assert pool.statistics.kills == {}


async def test_the_head_tells_form_and_truth(started) -> None:
    async with started(workers=1) as pool:
        yes = await pool.run(ASK, JSON)
        no = await pool.run(Query("ASK { ?s <urn:absent> ?o }"), JSON)
        rows = await pool.run(SELECT, JSON)
    assert [(r.head.form, r.head.truth) for r in (yes, no, rows)] == [
        (Form.BOOLEAN, True),
        (Form.BOOLEAN, False),
        (Form.SOLUTIONS, None),
    ]


async def test_a_large_answer_comes_in_chunks(started) -> None:
    async with started(workers=1, buffer_bytes=70_000) as pool:
        reply = await pool.run(ALL, XML)
        assert reply.body is None
        chunks = [chunk async for chunk in reply]
        assert len(chunks) > 3
        assert b"".join(chunks) == local(ALL, XML)
        assert pool.statistics.working == 0


async def test_the_error_of_a_query_keeps_its_class_and_place(started) -> None:
    async with started(workers=1) as pool:
        with pytest.raises(InvalidInput) as caught:
            await pool.run(Query("SELECT *\nWHERE { ?s ex:p }"), JSON)
        assert (caught.value.line, caught.value.column is not None) == (2, True)
        with pytest.raises(UsageError):
            await pool.run(ASK, TURTLE)
        assert (await pool.run(ASK, JSON)).head.truth is True
        assert pool.statistics.kills == {}


@pytest.mark.parametrize("format", [JSON, XML, CSV, TSV])
async def test_a_result_may_have_as_many_rows_as_the_limit_says(started, format) -> None:
    async with started(workers=1, result_rows=500) as pool:
        assert (await pool.run(SELECT, format)).body == local(SELECT, format)
        with pytest.raises(TooManyRows, match="500 rows"):
            await pool.run(Query(SELECT.text.replace("500", "501")), format)
        assert pool.statistics.kills == {}


async def test_a_result_may_have_as_many_bytes_as_the_limit_says(started) -> None:
    size = len(local(SELECT, JSON))
    async with started(workers=1, result_bytes=size) as pool:
        assert (await pool.run(SELECT, JSON)).body == local(SELECT, JSON)
        with pytest.raises(ResultTooLarge, match="limit result_bytes"):
            await pool.run(Query(SELECT.text.replace("500", "501")), JSON)


async def test_a_limit_that_is_met_after_the_first_chunk_breaks_the_answer(started) -> None:
    async with started(workers=1, result_bytes=200_000, buffer_bytes=10_000) as pool:
        reply = await pool.run(ALL, XML)
        with pytest.raises(ResultTooLarge):
            async for _ in reply:
                pass
        assert (await pool.run(ASK, JSON)).head.truth is True


async def test_a_store_on_disk_is_opened_by_each_worker_at_the_commit_asked_for(
    started, tmp_path
) -> None:
    live = ox.Store(str(tmp_path / "live"))
    for commit in (1, 2):
        live.add(ox.Quad(ox.NamedNode(f"{EX}{commit}"), ox.NamedNode(f"{EX}p"), ox.Literal("x")))
        live.flush()
        live.backup(str(tmp_path / str(commit)))
    count = Query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    load, reload = partial(at_commit, tmp_path, 1), partial(at_commit, tmp_path)
    async with started(load=load, reload=reload, workers=1) as pool:
        for commit in (None, 1, 2, 1, None):
            body = (await pool.run(count, CSV, commit=commit)).body
            assert body == f"n\r\n{commit or 1}\r\n".encode()
        assert pool.network in {Network.SECCOMP, Network.OPEN}
        with pytest.raises(NotAvailable):
            await pool.run(count, CSV, commit=3)
        assert (await pool.run(count, CSV, commit=2)).body == b"n\r\n2\r\n"
