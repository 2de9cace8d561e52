"""An officer sets up the second step, signs in by a code, by one on paper, and by a security key, in a real browser.

The key is the browser's own virtual one (WebDriver's extension of Web Authentication), so that nothing of ours answers.
"""

import re
from base64 import b32decode
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from marketplace.people.second_factor.rules import code_at, step_of
from tests.journeys.conftest import Shop, journey, open_page, press

pytestmark = journey
WHO, PASSWORD = "district@demo.test", "ocop-demo"


def shown_secret(page: Page) -> bytes:
    """The key that the enrolling page shows below its picture."""
    return b32decode(page.inner_text("main code").replace(" ", ""))


def type_password(page: Page) -> None:
    page.goto("/account/sign-in")
    page.fill("#email", WHO)
    page.fill("#password", PASSWORD)
    press(page.locator("main form button"))


def plug_in(page: Page) -> None:
    """Give the browser a security key that is touched as soon as it is asked."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("width", [360, 1280])
def test_from_setting_up_to_a_lost_phone(browser: Browser, shop: Shop, width: int) -> None:
    page = open_page(browser, shop, width, scripts=False)
    type_password(page)
    page.goto("/account/second-factor")
    page.fill("#password", PASSWORD)
    page.click("main .stack form button")
    expect(page.locator("main .stack img")).not_to_have_js_property("naturalWidth", 0)  # the picture has come
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    secret = shown_secret(page)
    page.fill("#code", code_at(secret, step_of(datetime.now(UTC) - timedelta(seconds=30))))
    press(page.locator("main .stack form button"))
    paper = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.inner_text("main ul"))
    assert len(paper) == 10
    page.context.close()

    page = open_page(browser, shop, width, scripts=False)
    type_password(page)
    assert page.url == f"{shop.url}/account/second-step"
    page.goto("/office/")
    assert "/account/sign-in" in page.url  # a password alone opened nothing
    page.goto("/account/second-step")
    page.fill("#code", code_at(secret, step_of(datetime.now(UTC))))
    press(page.locator("main form button"))
    assert page.url == f"{shop.url}/office/"
    page.context.close()

    page = open_page(browser, shop, width, scripts=False)
    type_password(page)
    page.fill("#code", paper[0])
    press(page.locator("main form button"))
    assert page.url == f"{shop.url}/office/"
    page.goto("/account/second-factor")
    page.fill("#password", PASSWORD)
    page.fill("#code", paper[1])
    press(page.locator("main .btn--bad"))
    page.goto("/account/second-factor")
    assert page.locator("#code").count() == 0
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_security_key(browser: Browser, shop: Shop, width: int) -> None:
    named = shop._replace(url=shop.url.replace("127.0.0.1", "localhost"))  # keys are bound to names
    page = open_page(browser, named, width)
    plug_in(page)
    type_password(page)
    page.goto("/account/second-factor")
    page.fill("#password", PASSWORD)
    page.fill("#name", "Khóa ở cơ quan")
    page.click("text=Gắn khóa bảo mật")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("text=Chạm khóa")
    expect(page.locator("main ul li code")).to_have_count(10)
    paper = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.inner_text("main ul"))

    page.goto("/account/profile")
    press(page.locator("text=Đăng xuất"))
    type_password(page)
    page.click("text=Dùng khóa bảo mật")
    page.wait_for_url(f"{named.url}/office/")

    page.goto("/account/second-factor")
    expect(page.locator("main table")).to_contain_text("Khóa ở cơ quan")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.fill("#password", PASSWORD)
    page.click("text=Dùng khóa bảo mật")
    expect(page.locator("[role=status]")).to_have_text("Đã nhận khóa.")
    page.click("text=Gỡ khóa")
    expect(page.locator("#errors")).to_contain_text("thiết bị cuối cùng")
    page.fill("#password", PASSWORD)
    page.fill("#code", paper[0])
    press(page.locator("main .btn--bad"))
    page.goto("/account/second-factor")
    assert page.locator("#code").count() == 0
    page.context.close()
