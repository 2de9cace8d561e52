"""The year in the browser at both widths: a commune records what it did, and it counts in the province's figures."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from marketplace.platform.core.clock import day_of, now
from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey
BASE = "/office/programme"


@pytest.fixture(params=[1280, 360])
def officers(browser: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[tuple[Page, Page]]:
    pages = [open_page(browser, shop, request.param) for _ in range(2)]
    for page, name in zip(pages, ("commune", "province"), strict=True):
        sign_in(page, f"{name}@demo.test")
    yield pages[0], pages[1]
    for page in pages:
        page.context.close()


def reached(province: Page) -> int:
    """How many people the year's outreach has reached, as its row says."""
    province.goto(BASE)
    row = province.locator("tr", has=province.locator("th:text-is('Người được truyền thông')")).last
    return int(re.sub(r"\D", "", row.locator("td").first.inner_text()))


def no_page_scroll(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return bool(page.evaluate(wide) <= 0)


def test_what_a_commune_did_counts_in_the_year(officers: tuple[Page, Page]) -> None:
    commune, province = officers
    before = reached(province)
    assert no_page_scroll(province)
    commune.goto("/office/")
    commune.goto(f"{BASE}/activities")
    commune.click("a:has-text('Ghi hoạt động')")
    name = f"Họp thôn {now():%H%M%S}"
    for field, value in (
        ("title", name),
        ("held_on", day_of(now()).isoformat()),
        ("audience", "Người dân"),
        ("people", "57"),
    ):
        commune.fill(f"[name={field}]", value)
    commune.click("main form button:has-text('Lưu')")
    expect(commune.locator("h1")).to_have_text(name)
    commune.set_input_files(
        "#files", {"name": "co-mat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
    )
    commune.click("button:has-text('Gửi tệp')")
    expect(commune.locator("#papers")).to_contain_text("co-mat.pdf")
    assert no_page_scroll(commune)
    assert reached(province) == before + 57
    province.goto(f"{BASE}/activities")
    expect(province.locator("table")).to_contain_text(name)
    province.goto(BASE)
    province.locator("tr", has=province.locator("th:text-is('Sản phẩm nâng sao')")).last.locator("a").first.click()
    expect(province.locator("h1")).to_have_text("Sản phẩm nâng sao")
    assert no_page_scroll(province)
    with province.expect_download() as saved:
        province.click("a:has-text('Bảng tính XLSX')")
    assert saved.value.suggested_filename.endswith(".xlsx")
