"""Showcase points in the browser: near me without telling where, the map by keyboard, a desk's day; both widths."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey
THAN_UYEN = {"latitude": 21.96, "longitude": 103.89}
WIDTHS = pytest.mark.parametrize("width", [360, 1280])


@WIDTHS
def test_the_nearest_point_is_found_and_the_position_stays_in_the_browser(
    browser: Browser, shop: Shop, width: int
) -> None:
    page = open_page(browser, shop, width)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(THAN_UYEN)  # type: ignore[arg-type] # a plain dict is what it takes
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/showcase")
    page.click("button:has-text('Gần tôi')")
    page.wait_for_url(re.compile("near=03595"))
    expect(page.locator(".points-list__item h3").first).to_have_text("Bưu cục Than Uyên")
    assert not [url for url in asked if "21.9" in url or "103.8" in url]
    pin = page.locator(".points-map a").first
    pin.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/showcase/buu-cuc-than-uyen"))
    expect(page.locator("h1")).to_have_text("Bưu cục Than Uyên")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.context.close()


@WIDTHS
def test_a_desks_day(browser: Browser, shop: Shop, width: int) -> None:
    page = open_page(browser, shop, width)
    sign_in(page, "producer@demo.test")
    page.goto("/producer/")
    page.click("text=Mở bàn của điểm")
    press(page.locator("text=Điểm OCOP chợ Tam Đường"))
    first = page.locator("#sku option").first
    before = int(re.findall(r"\((\d+)\)", first.inner_text())[0])
    page.select_option("#kind", "sold")
    page.fill("#units", "2")
    page.fill("#unit_price", "45.000")
    page.click("button:text-is('Ghi')")
    expect(page.locator("#sku option").first).to_contain_text(f"({before - 2})")
    page.fill("#units", "9999")
    page.fill("#unit_price", "45.000")
    page.click("button:text-is('Ghi')")
    expect(page.locator("#units")).to_have_accessible_description(re.compile("không còn đủ"))
    expect(page.locator("#sku option").first).to_contain_text(f"({before - 2})")
    row = page.locator("#moves tbody tr").first
    row.locator("summary").click()
    row.locator("input[name=reason]").fill("Ghi nhầm món")
    row.locator("button").click()
    expect(page.locator("#sku option").first).to_contain_text(f"({before})")
    page.context.close()
