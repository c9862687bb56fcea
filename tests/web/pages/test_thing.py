"""The page of a thing is for people: words instead of prefixes, and what is technical last."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import httpx
import pytest
from justhtml import JustHTML

Parsed = Callable[[httpx.Response], JustHTML]

PREFIXED = re.compile(r"\b(?:skos|rdfs?|owl|dcterms|prov|foaf|org|eli|m8g|void|dcat):\w+")


@pytest.fixture(params=["en", "ja"])
def page(
    request: pytest.FixtureRequest, site: httpx.Client, parsed: Parsed
) -> Callable[..., JustHTML]:
    headers = {"Accept": "text/html", "Accept-Language": request.param}
    return lambda path: parsed(site.get(path, headers=headers))


@pytest.mark.parametrize(
    "path",
    [
        "/doc/id/good/permanent-magnets",
        "/doc/id/actor/meti",
        "/doc/id/legislation/economic-security-promotion-act",
        "/doc/vocab/status/draft",
        "/doc/graph/law/jp",
    ],
)
def test_well_known_terms_are_words(page: Callable[..., JustHTML], path: str) -> None:
    text = page(path).query("main")[0].to_text()
    assert PREFIXED.findall(text) == []
    assert "<https://" not in text


def test_technical_properties_stand_apart(page: Callable[..., JustHTML]) -> None:
    found = page("/doc/id/legislation/economic-security-promotion-act")
    quiet = [a.attrs["href"] for a in found.query("details.quiet dt a")]
    everything = [a.attrs["href"] for a in found.query("dt a")]
    [anchor] = [href for href in everything if "/terms/anchor" in href]
    assert anchor in quiet


def test_statements_are_given_as_a_table(page: Callable[..., JustHTML], site: httpx.Client) -> None:
    links = page("/doc/id/good/permanent-magnets").query("aside .formats a")
    [address] = [a.attrs["href"] for a in links if a.to_text().strip() == "CSV"]
    answer = site.get(address, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert any(row["property"].endswith("#isDesignatedBy") and row["value_name"] for row in rows)
