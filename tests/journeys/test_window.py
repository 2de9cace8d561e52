"""The shop window in the browser: a curator places, drags and previews; a reader follows, and buys a gift basket."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey


@pytest.mark.parametrize("width", [360, 1280])
def test_the_window_is_dressed_and_looked_into(browser: Browser, shop: Shop, width: int) -> None:
    office, reader = open_page(browser, shop, width), open_page(browser, shop, width)
    sign_in(office, "province@demo.test")
    office.goto("/office/featured/suggestions?place=home_banner")
    office.locator(".advice__act a").first.click()
    expect(office.locator("#target")).to_have_value("/products/" + office.url.rpartition("%2F")[2])
    office.fill("#reason", "Thử một ngày")
    office.click("main .pane--7 button:has-text('Đặt')")
    office.wait_for_url("**/office/featured?place=home_banner")
    rows = office.locator("tbody [data-code]")
    before = [row.get_attribute("data-code") for row in rows.all()]
    assert len(before) >= 2
    if width == 1280:  # dragged, the last to the front
        rows.last.drag_to(rows.first, target_position={"x": 40, "y": 4})
    else:  # by the keyboard
        rows.last.locator("button:has-text('Lên trước')").focus()
        office.keyboard.press("Enter")
    expect(office.locator("main")).to_contain_text("Đã đổi thứ tự.")
    after = [row.get_attribute("data-code") for row in office.locator("tbody [data-code]").all()]
    assert after == [before[-1], *before[:-1]] if width == 1280 else after[-2] == before[-1]
    office.goto("/office/featured/preview")
    expect(office.locator(".preview-bar")).to_contain_text("Xem trước: trang chủ ngày")
    assert office.locator("a[href^='/go/']").count() == 0

    reader.goto("/")
    reader.locator("section[aria-labelledby=featured] .card__title a").first.click()
    reader.wait_for_url("**/products/**")
    reader.goto("/")
    reader.locator("section[aria-labelledby=baskets] .card__title a").first.click()
    reader.wait_for_url("**/collections/**")
    reader.click("button:has-text('Thêm cả giỏ vào giỏ hàng')")
    reader.wait_for_url("**/cart")
    expect(reader.locator("main")).to_contain_text("Đã thêm cả giỏ quà.")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    office.context.close()
    reader.context.close()
