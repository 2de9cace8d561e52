"""A new producer's first hour, in a real browser on a phone without JavaScript: register, open the letter, the desk."""

from playwright.sync_api import Browser

from tests.journeys.conftest import Shop, journey, letter_to, link_in, open_page, press

pytestmark = journey
PASSWORD = "một câu dài dễ nhớ"


def test_from_registering_to_the_desk_and_a_colleague(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360, scripts=False)
    page.goto("/account/register?role=producer")
    page.fill("#name", "Lò Thị Mây")
    page.fill("#email", "may@example.com")
    page.fill("#password", PASSWORD)
    page.fill("#organisation_name", "HTX Mây Núi")
    page.select_option("#producer_kind", "cooperative")
    page.select_option("#commune_code", "03390")
    press(page.locator("main form button"))
    assert "Hãy mở thư" in page.inner_text("main")
    page.goto(link_in(letter_to(shop, "may@example.com")))
    page.fill("#password", PASSWORD)
    press(page.locator("main form button"))
    assert page.url == f"{shop.url}/producer/"
    assert "Tỉnh xác minh cơ sở" in page.inner_text('[aria-current="step"]')
    page.goto("/producer/members")
    page.fill("#email", "ban@example.com")
    press(page.locator("main form button"))
    page.context.close()
    guest = open_page(browser, shop, 360, scripts=False)
    guest.goto(link_in(letter_to(shop, "ban@example.com")))
    guest.fill("#name", "Vàng A Núi")
    guest.fill("#password", PASSWORD)
    press(guest.locator("main form button"))
    assert guest.url == f"{shop.url}/producer/"
    guest.context.close()
