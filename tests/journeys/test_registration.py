"""A new producer's first hour, in a real browser on a phone without JavaScript: register, open the letter, the desk."""

import email
import re
import time
from email import policy
from email.message import EmailMessage

from playwright.sync_api import Browser

from tests.journeys.conftest import Shop, journey, open_page

pytestmark = journey
PASSWORD = "một câu dài dễ nhớ"


def letter_to(shop: Shop, address: str) -> str:
    """The text of the letter that the worker has delivered to this address."""
    for _ in range(100):
        for file in (shop.folder / "outbox").glob("*.eml"):
            letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            body = letter.get_body(("plain",))
            if letter["To"] == address and body is not None:
                return str(body.get_content())
        time.sleep(0.2)
    raise AssertionError("no letter came")


def link_in(text: str) -> str:
    found = re.search(r"http\S+/account/\S+", text)
    assert found is not None
    return found.group()


def test_from_registering_to_the_desk_and_a_colleague(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360, scripts=False)
    page.goto("/account/register?role=producer")
    page.fill("#name", "Lò Thị Mây")
    page.fill("#email", "may@example.com")
    page.fill("#password", PASSWORD)
    page.fill("#organisation_name", "HTX Mây Núi")
    page.select_option("#producer_kind", "cooperative")
    page.select_option("#commune_code", "03390")
    page.click("main form button")
    assert "Hãy mở thư" in page.inner_text("main")
    page.goto(link_in(letter_to(shop, "may@example.com")))
    page.fill("#password", PASSWORD)
    page.click("main form button")
    assert page.url == f"{shop.url}/producer/"
    assert "Tỉnh xác minh cơ sở" in page.inner_text('[aria-current="step"]')
    page.goto("/producer/members")
    page.fill("#email", "ban@example.com")
    page.click("main form button")
    page.context.close()
    guest = open_page(browser, shop, 360, scripts=False)
    guest.goto(link_in(letter_to(shop, "ban@example.com")))
    guest.fill("#name", "Vàng A Núi")
    guest.fill("#password", PASSWORD)
    guest.click("main form button")
    assert guest.url == f"{shop.url}/producer/"
    guest.context.close()
