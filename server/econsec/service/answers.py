"""Answers to queries: what is known of one before it is evaluated, and the evaluation."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from codecs import BOM_UTF8
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter

from econsec.engine import guard
from econsec.engine.backends import Backend
from econsec.engine.guard import QueryForm, Traits
from econsec.engine.publication import Publication
from econsec.engine.slicing import sliced
from econsec.engine.store import Query
from econsec.engine.workers import Reply
from econsec.errors import InvalidInput
from econsec.rdf.formats import CSV, JSON, Format, offered
from econsec.service.query import Choice
from econsec.settings import Settings

__all__ = ["Asked", "Evaluated", "Prepared", "evaluate", "prepare"]

_LONG_TEXT = 4_096
# A word within a string is one too many, which costs no more than a place in the cache.
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|\\[uU]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query as a client asks it.

    `seconds` is the deadline that it wishes, `None` for the usual one. `choose`
    picks the format. `client` is whose share of the workers it uses. Who
    `may_truncate` takes the first rows where there are more than the limit. With
    `byte_order_mark` CSV begins as spreadsheets expect of UTF-8.
    """

    query: Query
    choose: Choice
    seconds: float | None = None
    client: str | None = None
    may_truncate: bool = False
    byte_order_mark: bool = False


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The answer as it comes, and whether rows of it were left out."""

    reply: Reply
    is_truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A query that may be evaluated, and all that its answer depends on.

    `key` is the same for requests with the same answer; it is `None` where no
    two answers are the same (NOW, RAND, UUID, STRUUID, BNODE, SERVICE).
    """

    asked: Asked
    traits: Traits
    format: Format
    publication: Publication
    key: str | None
    hash: str

    @property
    def query(self) -> Query:
        """The query itself."""
        return self.asked.query


async def prepare(asked: Asked, *, backend: Backend, settings: Settings) -> Prepared:
    """Guard, and choose the format: nothing is evaluated for who would not take the answer.

    Raises `EconSecError` on a text that is refused, and a deadline that is too late.
    """
    _check_deadline(asked.seconds, settings)
    query = asked.query
    is_long = len(query.text) > _LONG_TEXT
    traits = (
        await asyncio.to_thread(guard.check, query.text, settings, base=query.base)
        if is_long
        else guard.check(query.text, settings, base=query.base)
    )
    format = asked.choose(offered(traits.form.answer))
    publication = backend.publication
    is_remote = bool(traits.services)
    is_volatile = is_remote or _VOLATILE.search(query.text) is not None
    return Prepared(
        asked=replace(asked, query=replace(query, remote=True)) if is_remote else asked,
        traits=traits,
        format=format,
        publication=publication,
        key=None if is_volatile else _key(asked, format, publication),
        hash=hashlib.sha256(query.text.encode()).hexdigest(),
    )


async def evaluate(prepared: Prepared, *, backend: Backend, settings: Settings) -> Evaluated:
    """Evaluate in a worker. Raises `EconSecError`; the answer that comes back may still break."""
    asked, query = prepared.asked, prepared.query
    seconds = settings.deadline_seconds if asked.seconds is None else asked.seconds
    expiry = perf_counter() + seconds

    async def run(query: Query, format: Format) -> Reply:
        commit = prepared.publication.commit
        remaining = max(expiry - perf_counter(), 0)
        reply = await backend.run(
            query, format, deadline=remaining, commit=commit, client=asked.client
        )
        if asked.byte_order_mark and format.name == CSV.name:
            reply.prepend(BOM_UTF8)
        return reply

    if asked.may_truncate and prepared.traits.form is QueryForm.SELECT:
        rows, has_more = settings.result_rows, False
        # What is wrong with the text is said of the text that was sent, below.
        with suppress(InvalidInput):
            beyond = await run(replace(query, text=sliced(query.text, limit=1, skip=rows)), JSON)
            has_more = await _has_rows(beyond)
        if has_more:
            first = replace(query, text=sliced(query.text, limit=rows))
            return Evaluated(await run(first, prepared.format), is_truncated=True)
    return Evaluated(await run(query, prepared.format))


async def _has_rows(reply: Reply) -> bool:
    return b'"bindings":[]' not in await reply.whole()


def _check_deadline(seconds: float | None, settings: Settings) -> None:
    if seconds is not None and not 0 < seconds <= settings.max_deadline_seconds:
        raise InvalidInput(
            f"a deadline of {seconds:g} s is not offered",
            remedy=f"the limit max_deadline_seconds is {settings.max_deadline_seconds}",
        )


def _key(asked: Asked, format: Format, publication: Publication) -> str:
    query = asked.query
    parts = [
        publication.digest,
        publication.commit,
        query.text,
        query.base,
        query.default_graphs,
        query.named_graphs,
        query.infer,
        asked.may_truncate,
        asked.byte_order_mark and format.name == CSV.name,
        [(each.variable, str(each.term)) for each in query.bindings],
        format.name,
        format.media_type,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
