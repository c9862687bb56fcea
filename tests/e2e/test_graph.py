"""Pictures of neighbourhoods and flows, as any page may have them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from .conftest import Opener

THING = "/doc/id/legislation/economic-security-promotion-act"
DRAWN = ".canvas[data-drawn]"
RED = "canvas => [...canvas.querySelectorAll('canvas')].some(each => each.getContext('2d')" + (
    ".getImageData(0, 0, each.width, each.height).data.some((value, at) => at % 4 === 3 && value))"
)


def drawn(page: Page) -> int:
    page.locator(".canvas").scroll_into_view_if_needed()
    page.locator(DRAWN).wait_for()
    return int(page.locator(DRAWN).get_attribute("data-drawn") or 0)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_neighbourhood_is_drawn_when_it_comes_into_view(opened: Opener, language: str) -> None:
    page = opened(THING, language=language, size="phone")
    assert drawn(page) > 5
    assert page.locator(".canvas").get_attribute("aria-hidden") == "true"
    page.wait_for_function(f"() => ({RED})(document.querySelector('.canvas'))")


def test_without_pictures_in_view_their_library_is_not_loaded(opened: Opener) -> None:
    page = opened("/")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert [each for each in loaded if "/chunks/network" in each] == []
    assert any("/static/style" in each for each in loaded)


def test_a_flow_goes_from_left_to_right_and_a_node_leads_on(opened: Opener) -> None:
    page = opened("/")

    def as_flow(route: Route) -> None:
        response = route.fetch()
        canvas = 'data-graph="picture"'
        route.fulfill(
            response=response,
            body=response.text().replace(canvas, f'{canvas} data-layout="flow"'),
        )

    page.route(f"**{THING}", as_flow)
    page.goto(THING)
    assert drawn(page) > 5
    assert page.locator('.canvas[data-layout="flow"]').count() == 1
    places = page.evaluate(
        "document.querySelector('.canvas')._cyreg.cy.nodes('[href]').map(each =>"
        " ({...each.renderedPosition(), href: each.data('href')}))"
    )
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    inside = [
        each
        for each in places
        if 10 < each["x"] < box["width"] - 10 and 10 < each["y"] < box["height"] - 60
    ]
    page.locator(".canvas").click(position={"x": inside[0]["x"], "y": inside[0]["y"]})
    page.wait_for_url(f"**{urlsplit(inside[0]['href']).path}**")
