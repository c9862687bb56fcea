"""Every page: in both languages, well formed, safe, offline, and whole without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urlsplit

import httpx
import pytest
from justhtml import JustHTML

Parsed = Callable[[httpx.Response], JustHTML]

PAGES = (
    "/",
    "/sparql",
    "/chokepoints",
    "/timeline",
    "/timeline?asOf=2022-06-01",
    "/sources/meti-2023-01",
    "/sources/meti-2023-01/12",
    "/ontology",
    "/terms/Good",
    "/terms/designates",
    "/shapes",
    "/shapes?profile=designation",
    "/shapes/SpecifiedCriticalProductDesignationShape",
    "/validate",
    "/search",
    "/search?q=%E7%A3%81",
    "/search?q=zzzzzz",
    "/doc/id/good/permanent-magnets",
    "/doc/id/actor/meti",
    "/doc/vocab/status/draft",
    "/doc/graph/law/jp",
    "/docs",
    "/dumps/",
    "/nothing-here",
)
LANGUAGES = ("en", "ja")
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "form": "action"}


def opened(site: httpx.Client, path: str, language: str = "en") -> httpx.Response:
    return site.get(path, headers={**HTML, "Accept-Language": language})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_well_formed_and_in_its_language(
    site: httpx.Client, parsed: Parsed, path: str, language: str
) -> None:
    answer = opened(site, path, language)
    assert answer.status_code == (404 if path == "/nothing-here" else 200)
    page = parsed(answer)
    [html] = page.query("html")
    assert html.attrs["lang"] == language
    assert answer.headers["content-language"] == language
    assert len(page.query("h1")) == 1
    assert len(page.query("main")) == 1
    assert page.query("title")[0].to_text().strip()
    ids = [element.attrs["id"] for element in page.query("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_each_page_loads_from_its_own_host_and_runs_no_text_as_script(
    site: httpx.Client, parsed: Parsed, path: str
) -> None:
    answer = opened(site, path)
    page = parsed(answer)
    for tag, attribute in LOADING.items():
        for element in page.query(tag):
            address = element.attrs.get(attribute)
            if address and element.attrs.get("rel") not in {"canonical", "alternate", "license"}:
                assert urlsplit(address).scheme in {"", "data"}, address
                assert not urlsplit(address).netloc, address
    for script in page.query("script"):
        assert "src" in script.attrs or script.attrs["type"].endswith("json"), path
    assert not page.query("[style]") or path == "/sparql"
    assert not [name for e in page.query("*") for name in e.attrs if name.startswith("on")]
    rules = dict(rule.split(" ", 1) for rule in policy(answer).split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["base-uri"] == "'none'"


def policy(answer: httpx.Response) -> str:
    return answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/docs"])
def test_the_other_language_is_a_link_away_and_stays(
    site: httpx.Client, parsed: Parsed, path: str
) -> None:
    page = parsed(opened(site, path))
    [japanese] = [a for a in page.query(".languages a") if a.attrs["hreflang"] == "ja"]
    there = opened(site, japanese.attrs["href"])
    assert there.headers["content-language"] == "ja"
    links = [a.attrs["href"] for a in parsed(there).query("nav a") if "href" in a.attrs]
    own = [link for link in links if link.startswith("/")]
    assert own
    assert all("lang=ja" in link for link in own), [x for x in own if "lang=ja" not in x]


def test_headings_are_in_order(site: httpx.Client, parsed: Parsed) -> None:
    for path in PAGES:
        levels = [
            int(heading.name[1]) for heading in parsed(opened(site, path)).query("h1, h2, h3, h4")
        ]
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_link_of_ours_leads_somewhere(site: httpx.Client, parsed: Parsed) -> None:
    """One link of each kind of address, of each page."""
    kinds: dict[str, str] = {}
    for path in PAGES:
        for link in parsed(opened(site, path)).query("a"):
            address = link.attrs.get("href", "")
            if address.startswith(path + "?lang="):  # of what is not there, either
                continue
            if address.startswith("/") and not address.startswith("//"):
                kind = re.sub(r"(/[^/?#]+/[^/?#]+).*", r"\1", address)
                kinds.setdefault(kind, address)
    assert len(kinds) > 30
    lost = {
        address: answer.status_code
        for address in kinds.values()
        if (answer := opened(site, address)).status_code not in {200, 303}
    }
    assert lost == {}


def test_a_page_that_is_there_already_is_not_sent_again(site: httpx.Client) -> None:
    first = opened(site, "/doc/id/good/permanent-magnets")
    again = site.get(
        "/doc/id/good/permanent-magnets",
        headers={**HTML, "Accept-Language": "en", "If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    assert {"Accept", "Accept-Language"} <= set(first.headers["vary"].replace(",", "").split())


@pytest.mark.parametrize(
    ("query", "language"),
    [("?lang=ja", "ja"), ("?lang=en", "en"), ("", "ja"), ("?content=en", "ja")],
)
def test_a_choice_goes_before_what_the_browser_prefers(
    site: httpx.Client, query: str, language: str
) -> None:
    answer = opened(site, f"/doc/id/good/permanent-magnets{query}", "ja,en;q=0.5")
    assert answer.headers["content-language"] == language


def test_the_language_of_the_data_can_be_another(site: httpx.Client, parsed: Parsed) -> None:
    answer = opened(site, "/doc/id/good/permanent-magnets?content=en", "ja")
    page = parsed(answer)
    assert page.query("h1 .name")[0].to_text().strip() == "permanent magnets"
    assert page.query("html")[0].attrs["lang"] == "ja"


@pytest.mark.parametrize("path", ["/?lang=fr", "/?content=x", "/?lang=en&lang=ja"])
def test_an_unknown_language_is_said_so(site: httpx.Client, parsed: Parsed, path: str) -> None:
    answer = opened(site, path)
    assert answer.status_code == 400
    parsed(answer)


def test_a_page_is_made_once_for_each_language_and_address(site: httpx.Client) -> None:
    path = "/doc/id/good/semiconductors"
    english, japanese = (opened(site, path, language).text for language in LANGUAGES)
    assert english != japanese
    assert opened(site, path, "en").text == english
    assert opened(site, path, "ja").text == japanese
    plain = site.get(path, headers={**HTML, "Accept-Language": "en", "Accept-Encoding": "identity"})
    assert (plain.text, "content-encoding" in plain.headers) == (english, False)
    assert site.get(path, headers={"Accept": "text/turtle"}).text.startswith("@prefix")


def test_who_names_another_host_gets_a_page_of_his_own(site: httpx.Client) -> None:
    path = "/doc/id/good/storage-batteries"
    elsewhere = site.get(path, headers={**HTML, "Host": "elsewhere.example"}).text
    assert "http://elsewhere.example/doc/" in elsewhere
    assert "elsewhere.example" not in opened(site, path).text


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("TradeBanShape", "en", "every "),
        ("TradeBanShape", "ja", "全ての"),
        ("DateShape", "en", "everything with"),
    ],
)
def test_a_shape_says_in_words_what_it_is_applied_to(
    site: httpx.Client, parsed: Parsed, name: str, language: str, said: str
) -> None:
    page = parsed(opened(site, f"/shapes/{name}", language))
    links = [link for link in page.query(".facts a") if "/terms/" in link.attrs["href"]]
    assert links
    assert all(said in link.to_text() and "es:" not in link.to_text() for link in links)
