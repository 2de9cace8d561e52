"""In the browser: an officer writes and schedules, a producer reads a notice, a reader confirms the newsletter."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, letter_to, open_page, press, sign_in

pytestmark = journey
WIDTHS = pytest.mark.parametrize("width", [360, 1280])


@WIDTHS
def test_written_scheduled_and_read(browser: Browser, shop: Shop, width: int) -> None:
    page = open_page(browser, shop, width)
    sign_in(page, "province@demo.test")
    title = f"Chợ đêm thử {width}"
    page.goto("/office/news/new")
    page.fill("#title", title)
    page.fill("#text", "Mở từ **19 giờ**.")
    page.click("main form button:has-text('Lưu')")
    page.wait_for_url(re.compile(r"/office/news/cho-dem-thu"))
    later = datetime.now(UTC) + timedelta(days=2)
    page.fill("#day", f"{later:%Y-%m-%d}")
    page.fill("#hour", "7:30")
    page.click("main button:text-is('Đăng')")
    expect(page.locator(".tag--warn")).to_contain_text("hẹn giờ")
    page.goto("/news")
    expect(page.locator(".news")).not_to_contain_text(title)
    page.goto(f"/office/news/cho-dem-thu-{width}")
    press(page.locator("main button:text-is('Đăng')"))
    page.goto("/news")
    page.click(f"text={title}")
    expect(page.locator("article strong")).to_have_text("19 giờ")
    page.context.close()


@WIDTHS
def test_a_notice_is_read(browser: Browser, shop: Shop, width: int) -> None:
    office = open_page(browser, shop, width)
    sign_in(office, "province@demo.test")
    office.goto("/office/notices")
    office.fill("#title", f"Họp {width}")
    office.fill("#text", "Thứ Sáu.")
    office.fill("#until", "2030-12-31")
    press(office.locator("main form button:text-is('Gửi')"))
    desk = open_page(browser, shop, width)
    sign_in(desk, "producer@demo.test")
    desk.goto("/producer/")
    desk.click("text=Đọc thông báo >> nth=0")
    section = desk.locator("section.pane", has_text=f"Họp {width}")
    section.locator("button").click()
    expect(desk.locator("section.pane", has_text=f"Họp {width}")).to_contain_text("đã đọc")
    office.reload()
    expect(office.locator("table tbody")).to_contain_text("Lò Thị Hoan")
    for page in (office, desk):
        page.context.close()


@WIDTHS
def test_the_newsletter_is_confirmed_and_ended(browser: Browser, shop: Shop, width: int) -> None:
    page, email = open_page(browser, shop, width), f"reader{width}@example.com"
    page.goto("/newsletter")
    page.fill("#email", email)
    page.click("main form button")
    page.wait_for_url(re.compile("/newsletter/asked"))
    link = re.search(r"http\S+/newsletter/confirm/\S+", letter_to(shop, email))
    assert link is not None
    page.goto(link.group())
    page.click("main form button")
    expect(page.locator("main h1")).to_have_text("Bạn sẽ nhận bản tin")
    page.context.close()
