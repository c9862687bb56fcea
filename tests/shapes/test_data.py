"""The packaged data set keeps to its own shapes."""

from __future__ import annotations

from pyoxigraph import Quad

from econsec.knowledge.conformance import conformance_of_data
from econsec.knowledge.manifest import Manifest, default_manifest
from econsec.knowledge.reports import spelt


def test_the_packaged_data_conform(shapes: list[Quad]) -> None:
    report = conformance_of_data(Manifest.read(default_manifest()), shapes=shapes)
    assert [(spelt(r.focus), spelt(r.shape), spelt(r.value)) for r in report.results] == []
    assert sum(audit.focus_nodes for audit in report.audit) > 1000
