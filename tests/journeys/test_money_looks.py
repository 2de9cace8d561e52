"""The pages of money by axe at both widths, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Shop, journey, open_page, sign_in
from tests.journeys.test_pages import LOOKS, faults
from tests.journeys.test_paying import place, ready_to_place

pytestmark = journey
DESKS = {
    "producer@demo.test": [
        "/producer/payouts",
        "/producer/vouchers",
        "/producer/vouchers/new",
        "/producer/sales",
        "/producer/sales/new",
    ],
    "province@demo.test": [
        "/office/orders",
        "/office/payouts",
        "/office/payments",
        *(f"/office/payments?queue={queue}" for queue in ("unknown", "refunds", "unclear", "disputes", "all")),
        "/office/payments/statements",
        "/office/payments/carriers",
        "/office/payments/tax",
        "/office/payments/commission",
        *(f"/office/reconcile/accounts?bucket={bucket}" for bucket in ("matched", "on_the_way", "unknown_bank_row")),
        "/office/vouchers",
        "/office/vouchers/new",
    ],
    "admin@demo.test": ["/office/reconcile"],
}
FOLLOWED = {  # where the first link in the main part that begins like this leads to
    "province@demo.test": [
        ("/office/orders", "/office/orders/2"),
        ("/office/payments/carriers", "/office/payments/carriers/"),
    ],
}


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_axe_finds_nothing(browser: Browser, shop: Shop, width: int, dark: bool) -> None:
    page = open_page(browser, shop, width, dark=dark)
    bad = {path: found for path in _unpaid(page, f"{width}{dark}") if (found := faults(page, path))}
    page.context.close()
    for email, paths in DESKS.items():
        page = open_page(browser, shop, width, dark=dark)
        sign_in(page, email)
        bad |= {path: found for path in paths if (found := faults(page, path))}
        bad |= {path: found for path in _led_to(page, email) if (found := faults(page, path))}
        page.context.close()
    assert bad == {}


STICKS_OUT = """() => [...document.querySelectorAll('.table td, .table tbody th, .bars__figure, .tabs__link')]
    .filter(each => each.offsetParent && each.getBoundingClientRect().right > innerWidth)
    .map(each => each.textContent)"""
BARS = "() => [...document.querySelectorAll('.bars__svg')].map(each => each.getBoundingClientRect().width)"
NARROW = """() => [...document.querySelectorAll('.table--fold td:not(.lead, .act)')]
    .filter(each => parseFloat(getComputedStyle(each, '::before').width) > each.clientWidth / 2)
    .map(each => each.textContent)"""


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_on_a_phone_all_is_in_sight(browser: Browser, shop: Shop, lang: str) -> None:
    """Nothing is wider than the screen, bars are drawn, tabs are seen, a heading leaves its cell half of the row."""
    page = open_page(browser, shop, 360)
    sign_in(page, "province@demo.test")
    page.goto(f"/?lang={lang}")
    bad: dict[str, object] = {}
    for path in DESKS["province@demo.test"]:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found = [wide, page.evaluate(STICKS_OUT), page.evaluate(NARROW), min(page.evaluate(BARS), default=200) < 150]
        if any(found):
            bad[path] = found
    page.goto("/?lang=vi")  # the account remembers what was chosen last, and others sign in with it
    page.context.close()
    assert bad == {}


def _unpaid(page: Page, who: str) -> Iterator[str]:
    """A guest's pages of orders that are not paid yet, by either way."""
    for way in ("bằng thẻ", "VietQR"):
        ready_to_place(page, f"nhin{who}@example.com".lower())
        place(page, way)
        yield page.url
        page.click("text=Xem đơn")
        page.wait_for_url("**/orders/**")
        yield page.url


def _led_to(page: Page, email: str) -> Iterator[str]:
    """Pages that only a link leads to."""
    for start, way in FOLLOWED.get(email, ()):
        page.goto(start)
        yield str(page.locator(f"main a[href^='{way}']").first.get_attribute("href"))
