"""Whether the service can answer."""

from __future__ import annotations

from econsec.engine.store import Query, Store
from econsec.errors import NotAvailable

__all__ = ["check_ready"]


def check_ready(store: Store) -> None:
    """Ask the store a question that any working store affirms. Raises `NotAvailable`."""
    try:
        ready = store.query(Query("ASK {}")).truth()
    except Exception as error:
        raise NotAvailable("the store does not answer") from error
    if ready is not True:
        raise NotAvailable("the store gives no right answer")
