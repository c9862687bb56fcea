"""Receipts: headers that say which data an answer is from, and what it answers."""

from __future__ import annotations

from econsec.service.about import Facts
from econsec.service.answers import Prepared

__all__ = ["COMPLETE", "NAMES", "TRUNCATED", "receipt"]

COMPLETE = "EconSec-Complete"
"""`true` on an answer that was whole before its first byte was sent.

An answer that is streamed proves that it is complete by ending properly.
"""

_VERSION = "EconSec-Dataset-Version"
_COMMIT = "EconSec-Commit"
_INFERENCE = "EconSec-Inference-Commit"
_QUERY = "EconSec-Query-Hash"
_GRAPHS = "EconSec-Graphs"
TRUNCATED = "EconSec-Truncated"
"""`true` on an answer that lacks rows, which only who asked for `truncate=true` gets."""

NAMES = (_VERSION, _COMMIT, _INFERENCE, _QUERY, _GRAPHS, COMPLETE, TRUNCATED, "Link")

_MOST_GRAPHS_BYTES = 2_048


def receipt(prepared: Prepared, facts: Facts) -> dict[str, str]:
    """The headers of an answer, `COMPLETE` aside.

    The commit is 0 for a data set in memory. The hash is the SHA-256 of the
    query's text in UTF-8. The graphs are those that the request or the text names,
    and are left out where they would be longer than headers usually may be.
    """
    publication = prepared.publication
    headers = {
        _COMMIT: str(publication.commit),
        _QUERY: f"sha256:{prepared.hash}",
    }
    if prepared.query.infer:
        headers[_INFERENCE] = str(publication.inferred_at)
    if facts.version is not None and facts.version.isascii():
        headers[_VERSION] = facts.version
    if facts.licence is not None and facts.licence.isascii():
        headers["Link"] = f'<{facts.licence}>; rel="license"'
    graphs = _graphs(prepared)
    if graphs and graphs.isascii() and len(graphs) <= _MOST_GRAPHS_BYTES:
        headers[_GRAPHS] = graphs
    return headers


def _graphs(prepared: Prepared) -> str:
    query, traits = prepared.query, prepared.traits
    named = (*query.default_graphs, *query.named_graphs)
    dataset = named or (*traits.from_graphs, *traits.from_named)
    names = dict.fromkeys((*dataset, *traits.graphs))
    return ", ".join(f"<{name}>" for name in names)
