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
