"""Data that look like markup, scripts or commands are text on every page."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from justhtml import JustHTML

Parsed = Callable[[httpx.Response], JustHTML]

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SCHEMES = ("javascript:", "data:text", "vbscript:")


@pytest.fixture(
    params=[
        "/doc/id/good/evil",
        "/search?q=img",
        "/search?q=%3Cscript%3Ealert(7)%3C%2Fscript%3E",
        "/<script>alert(8)</script>",
        "/doc/id/good/evil?lang=ja",
        "/sources/%22%3E%3Cscript%3Ealert(9)%3C%2Fscript%3E",
        "/timeline?asOf=%3Cimg%20src%3Dx%3E",
        "/shapes/%3Cimg%20src=x%20onerror=alert(1)%3E",
        "/terms/%3Cimg%3E",
        "/sparql?query=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ]
)
def page(request: pytest.FixtureRequest, hostile: httpx.Client, parsed: Parsed) -> JustHTML:
    return parsed(hostile.get(request.param, headers=HTML))


def test_nothing_of_the_data_becomes_an_element(page: JustHTML) -> None:
    assert not page.query("img, svg[onload], b, iframe, object, embed")
    for script in page.query("script"):
        assert "src" in script.attrs or "alert(" not in script.to_text() or is_data(script)
    assert not [name for e in page.query("*") for name in e.attrs if name.startswith("on")]


def is_data(script) -> bool:
    """A block of data: not run, and not ended by what is in it."""
    return script.attrs["type"].endswith("json") and "<" not in script.to_text()


def test_no_address_that_runs_is_a_link(page: JustHTML) -> None:
    links = [a.attrs["href"] for a in page.query("[href]")]
    assert not [link for link in links if link.lower().startswith(SCHEMES[0])]
    assert not [link for link in links if link.lower().startswith(SCHEMES[1:])]


def test_the_markup_is_shown_as_text(hostile: httpx.Client, parsed: Parsed) -> None:
    page = parsed(hostile.get("/doc/id/good/evil", headers=HTML))
    assert page.query("h1 .name")[0].to_text().strip() == "<img src=x onerror=alert(1)>"
    text = page.query("main")[0].to_text()
    for shown in ("javascript:alert(4)", "javascript:alert(6)", "<svg onload=alert(3)>"):
        assert shown in text
    links = {a.attrs["href"] for a in page.query("main a")}
    assert {"https://example.org/plain", "mailto:a@example.org"} <= links


def test_controls_that_turn_the_direction_are_gone(hostile: httpx.Client) -> None:
    text = hostile.get("/doc/id/good/evil", headers=HTML).text
    assert not {"\u202e", "\u0007"} & set(text)
    assert "reversed" in text


def test_names_stand_apart_from_the_direction_around_them(
    hostile: httpx.Client, parsed: Parsed
) -> None:
    page = parsed(hostile.get("/doc/id/good/evil", headers=HTML))
    assert page.query("h1 bdi")
    assert page.query("dd bdi")
