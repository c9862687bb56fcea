"""Search by name: what is found, and what comes first."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from econsec.engine.backends import InProcess
from econsec.engine.embedded import EmbeddedStore
from econsec.service.folding import folded
from econsec.service.search import Search
from econsec.settings import Settings

pytestmark = pytest.mark.anyio

EX = "http://example.org/"
DATA = """
PREFIX ex: <http://example.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {
  GRAPH ex:g {
    ex:magnets a ex:Good ; skos:prefLabel "permanent magnets"@en , "永久磁石"@ja ;
      skos:altLabel "ＰＭ"@en , "ｴｲｷｭｳｼﾞｼｬｸ"@ja ; skos:definition "Keep their magnetism."@en .
    ex:free a ex:Good ;
      skos:prefLabel "rare-earth-free permanent magnets"@en , "磁石（レアアースフリー）"@ja .
    ex:magnet a ex:Part ; skos:prefLabel "magnet"@en , "磁石"@ja .
    ex:oil a ex:Good ; skos:prefLabel "oil"@en , "石油"@ja ; skos:definition "Not a magnet."@en .
    ex:choke a ex:Role ; skos:prefLabel "chokepoint"@en , "チョークポイント"@ja .
    ex:meti a ex:Body ; skos:prefLabel "METI"@en ; skos:altLabel "Ministry of\\nTrade"@en .
  }
} ;
INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def search():
    store = ox.Store()
    store.update(DATA)
    embedded = EmbeddedStore(store, Settings())
    backend = InProcess(embedded)
    await backend.start()
    yield Search(backend)
    await backend.close(drain_seconds=0)
    embedded.close()


async def names(search: Search, text: str, **more) -> list[str]:
    return [found.thing.iri.removeprefix(EX) for found in await search.find(text, **more)]


@pytest.mark.parametrize(
    "text", ["METI", "meti", "ＭＥＴＩ", "ｍｅｔｉ", "  meti ", "Ministry of Trade"]
)
async def test_width_case_and_line_breaks_make_no_difference(search: Search, text: str) -> None:
    assert await names(search, text) == ["meti"]


@pytest.mark.parametrize(
    "text", ["チョークポイント", "ﾁｮｰｸﾎﾟｲﾝﾄ", "ちょーくぽいんと", "チョーク", "ョ"]
)
async def test_kana_of_any_kind_are_one(search: Search, text: str) -> None:
    assert await names(search, text) == ["choke"]


async def test_half_width_kana_in_the_data_are_found(search: Search) -> None:
    assert await names(search, "えいきゅうじしゃく") == ["magnets"]


async def test_one_japanese_character_is_enough(search: Search) -> None:
    assert set(await names(search, "石")) == {"magnet", "magnets", "free", "oil"}
    assert await names(search, "油") == ["oil"]


async def test_the_whole_name_comes_first_then_beginnings_then_words(search: Search) -> None:
    assert await names(search, "磁石", language="ja") == ["magnet", "free", "magnets"]
    assert await names(search, "magnet", language="en") == ["magnet", "magnets", "free", "oil"]


async def test_definitions_come_last(search: Search) -> None:
    assert (await names(search, "magnet"))[-1] == "oil"
    assert await names(search, "magnetism") == ["magnets"]


async def test_all_words_must_occur_in_any_order(search: Search) -> None:
    assert await names(search, "magnets permanent") == ["magnets", "free"]
    assert await names(search, "permanent oil") == []
    assert await names(search, "永久磁石 magnetism") == ["magnets"]


async def test_a_class_narrows_it_down(search: Search) -> None:
    assert await names(search, "magnet", type=f"{EX}Part") == ["magnet"]
    assert await names(search, "magnet", type=f"{EX}None") == []


async def test_nothing_is_found_by_nothing(search: Search) -> None:
    assert await names(search, "") == await names(search, " \u3000 ") == []
    assert await names(search, "\n") == []


async def test_what_is_much_alike_is_suggested(search: Search) -> None:
    similar = [thing.iri for thing in await search.similar("permanent-magnet")]
    assert similar[0] == f"{EX}magnets"
    assert await search.similar("qqqqqqqqqqqq") == []


def test_folding_twice_changes_nothing() -> None:
    for text in ("ﾁｮｰｸﾎﾟｲﾝﾄ", "Straße", "ﬁ", "ヴ", "①", "Å", "İ"):
        assert folded(folded(text)) == folded(text)
