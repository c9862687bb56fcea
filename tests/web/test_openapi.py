"""The API behaves as its OpenAPI description says, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.knowledge.manifest import ONTOLOGY
from econsec.settings import Settings
from econsec.web.app import create_app

from .conftest import listening

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]

APP = create_app(Settings(), InProcess(EmbeddedStore(ox.Store(), Settings())))
API = schemathesis.openapi.from_dict(APP.openapi())
OPERATIONS = {
    f"{found.ok().method.upper()} {found.ok().path}": found.ok()
    for found in API.get_all_operations()
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server whose store has an ontology: validations do not wait for that of the package."""
    store = ox.Store()
    store.update(f"INSERT DATA {{ GRAPH {ONTOLOGY} {{ <x:a> <x:b> <x:c> }} }}")
    with listening(InProcess(EmbeddedStore(store, Settings())), Settings()) as root:
        yield root


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_keeps_to_its_description(server: str, name: str) -> None:
    @given(case=OPERATIONS[name].as_strategy())
    @settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck], database=None)
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=server, checks=CHECKS)

    holds()


def test_every_route_is_described() -> None:
    assert {name.split()[1] for name in OPERATIONS} == {
        "/.well-known/void",
        "/context.jsonld",
        "/dcat",
        "/dumps/",
        "/dumps/{name}",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/ontology",
        "/protection",
        "/search",
        "/shapes",
        "/shapes/{name}",
        "/sparql",
        "/store",
        "/suggest",
        "/update",
        "/validate",
        "/vocab",
    }
