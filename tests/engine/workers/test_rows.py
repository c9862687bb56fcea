"""Rows are counted in the bytes of a result, wherever they are cut."""

from __future__ import annotations

from io import BytesIO

import pyoxigraph as ox
import pytest

from econsec.engine.workers.rows import row_counter
from econsec.rdf.formats import CSV, JSON, TSV, TURTLE, XML

HOSTILE = ['},{"', '},{"x":{', 'a"}},{"', "\n\n", "\r\n,", "<result>", '"', '\\"},{"', '},{"},{"']


def written(values: list[str], format) -> bytes:
    names = " ".join(str(ox.Literal(value)) for value in values)
    results = ox.Store().query(f"SELECT ?x ?y {{ VALUES ?x {{ {names} }} VALUES ?y {{ 1 2 }} }}")
    output = BytesIO()
    results.serialize(output, format.engine)
    return output.getvalue()


@pytest.mark.parametrize("format", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100_000])
def test_values_cannot_look_like_rows(format, size) -> None:
    data = written(HOSTILE, format)
    counter = row_counter(format)
    assert counter is not None
    counts = [counter.feed(data[i : i + size]) for i in range(0, len(data), size)]
    assert counts[-1] == 2 * len(HOSTILE)
    assert counts == sorted(counts)


def test_graphs_have_no_rows() -> None:
    assert row_counter(TURTLE) is None
