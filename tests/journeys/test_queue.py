"""An officer works the queue by keys alone, in a real browser at both widths."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey


def in_focus(page: Page) -> int:
    """Which row of the queue has the focus, from 0; -1 for none."""
    rows = "[...document.querySelectorAll('[data-queue] tbody tr')]"
    return int(page.evaluate(f"{rows}.findIndex((row) => row.contains(document.activeElement))"))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_queue_by_keys(browser: Browser, shop: Shop, width: int) -> None:
    page = open_page(browser, shop, width)
    sign_in(page, "province@demo.test")
    page.goto("/office/queue?whose=free")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen = []
    for key in ("j", "j", "j", "k", "k", "k"):
        page.keyboard.press(key)
        seen.append(in_focus(page))
    assert seen == [0, 1, 2, 1, 0, 0]
    page.keyboard.press("j")
    title = page.locator("[data-queue] tbody tr").nth(1).locator("th a")
    name, link = title.inner_text(), title.get_attribute("href") or ""
    page.keyboard.press("t")
    expect(page.locator(".flash, [role=status]").first).to_contain_text("nay ở tay bạn")
    assert in_focus(page) == 1, "what came in its place"
    page.goto("/office/queue?whose=mine")
    mine = page.locator("[data-queue] tbody tr", has_text=name)
    expect(mine).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/office/queue" not in url)
    assert page.url.startswith(shop.url + link.split("?")[0])
    page.goto("/office/queue?whose=mine")
    press(page.locator("[data-queue] tbody tr", has_text=name).get_by_role("button", name="Trả lại"))
    page.goto("/office/queue?whose=mine")
    expect(page.locator("[data-queue] tbody tr", has_text=name)).to_have_count(0)
    page.focus("select[name=kind]")
    page.keyboard.press("j")  # in a field, letters are letters
    assert in_focus(page) == -1
    page.context.close()
