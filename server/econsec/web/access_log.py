"""One line of log for each request."""

from __future__ import annotations

import logging
from typing import Any

from econsec.web.client_names import ClientNames
from econsec.web.observing import ABORTED, Observation

__all__ = ["AccessLog"]

_MOST_TEXT = 200
_NOTED = {"agent": "agent", "commit": "commit", "query_hash": "queryHash"}
"""What the application notes in a request's state → the member of the line."""


class AccessLog:
    """Writes each request to the logger `econsec.access`.

    `client` says how the client is named: by its `address`, by a `hash` that is another
    after each start, or not at all (`none`). The text of a query is written only with
    `query_text`, and no more than its first 200 characters.
    """

    def __init__(self, *, client: str = "hash", query_text: bool = False) -> None:
        self._log = logging.getLogger("econsec.access")
        self._log.setLevel(logging.INFO)
        self._name = ClientNames(client)
        self._query_text = query_text

    def __call__(self, observation: Observation) -> None:
        """Write the line of a request that is over."""
        if not self._log.isEnabledFor(logging.INFO):
            return
        members = self._members(observation)
        shown = members["status"] if members["status"] is not None else "-"
        self._log.info(
            "%s %s %s %d B %.4f s %s %s",
            observation.method,
            observation.route,
            shown,
            observation.bytes_sent,
            observation.seconds,
            members["outcome"],
            members["requestId"],
            extra={"members": members},
        )

    def _members(self, observation: Observation) -> dict[str, Any]:
        state = observation.state
        members: dict[str, Any] = {
            "requestId": state.get("request_id"),
            "method": observation.method,
            "route": observation.route,
            "status": observation.status,
            "seconds": round(observation.seconds, 6),
            "bytes": observation.bytes_sent,
            "outcome": _outcome(observation),
            "client": self._name(state.get("client")),
        }
        members |= {shown: state[name] for name, shown in _NOTED.items() if name in state}
        text = state.get("query_text")
        if self._query_text and text is not None:
            members["query"] = text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"
        return members


def _outcome(observation: Observation) -> str:
    """`ok`, the type of the error that the client was told, or `aborted`."""
    if observation.outcome == ABORTED:
        return ABORTED
    if observation.status is not None and observation.status < 400:
        return "ok"
    return str(observation.state.get("problem", observation.status))
