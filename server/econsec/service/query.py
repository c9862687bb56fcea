"""A query from its text to the bytes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from econsec.engine import guard
from econsec.engine.store import Query, Store
from econsec.rdf.formats import Format, offered
from econsec.settings import Settings

__all__ = ["Choice", "Result", "answer"]

Choice = Callable[[Sequence[Format]], Format]
"""Picks one of the formats on offer, or raises `NotAcceptable`."""


@dataclass(frozen=True, slots=True)
class Result:
    """A whole answer, serialised; `truth` is the boolean of an ASK, else `None`."""

    format: Format
    body: bytes
    truth: bool | None


def answer(query: Query, choose: Choice, *, store: Store, settings: Settings) -> Result:
    """Guard, choose the format, evaluate, serialise.

    In this order, so that nothing is evaluated for a client that would not take
    the answer. The answer is buffered whole, so a failure on the way has a true status.
    Raises `EconSecError`.
    """
    traits = guard.check(query.text, settings)
    format = choose(offered(traits.form.answer))
    reply = store.query(query)
    body = BytesIO()
    reply.write(body, format)
    return Result(format=format, body=body.getvalue(), truth=reply.truth())
