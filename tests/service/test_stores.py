"""The stores that commands work on."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from econsec.engine.location import Location
from econsec.engine.store import Query
from econsec.errors import NotAvailable
from econsec.service.stores import opened
from econsec.settings import Settings

INFERRED = "ASK { GRAPH <https://w3id.org/econsec/graph/inferred> { ?s ?p ?o } }"


def test_without_a_location_it_is_the_packaged_data_set_with_its_inferences() -> None:
    with opened(None, Settings()) as store:
        assert store.query(Query(INFERRED)).truth() is True


def test_a_location_is_opened_and_closed(tmp_path: Path) -> None:
    def fill(contents: ox.Store) -> None:
        contents.update("INSERT DATA { <x:s> <x:p> <x:o> }")

    Location.create(tmp_path).publish(fill)
    with opened(tmp_path, Settings()) as store:
        assert store.query(Query("ASK { <x:s> <x:p> <x:o> }")).truth() is True
    with pytest.raises(NotAvailable, match="closed"):
        store.query(Query("ASK {}"))


def test_a_folder_without_a_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="econsec build"), opened(tmp_path, Settings()):
        pass
