"""Both sides and the officer, in a browser: wishes, a timetable published and confirmed, a deal begun."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey
TITLE = "Kết nối cung cầu hàng Tết"


@pytest.mark.parametrize("width", [1280, 360])
def test_what_suits_whom_is_explained(browser: Browser, shop: Shop, width: int) -> None:
    buyer = open_page(browser, shop, width)
    sign_in(buyer, "distributor@demo.test")
    buyer.goto("/distributor/matches")
    buyer.locator(".match__title a").first.click()
    expect(buyer.locator("main")).to_contain_text("Qua hết các cửa")
    side = buyer.locator("table:has(caption:has-text('Món này đối với bạn'))")
    points = [float(text.replace(",", ".")) for text in side.locator("tbody tr td:last-child").all_inner_texts()]
    assert round(sum(points), 2) == float(side.locator("tfoot td:last-child").inner_text().replace(",", "."))
    buyer.check("input[name=wish][value=meet]")
    buyer.click("main form button:has-text('Lưu')")
    expect(buyer.locator("input[name=wish][value=meet]")).to_be_checked()
    assert buyer.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    buyer.context.close()


def test_a_campaign_from_answers_to_a_confirmed_meeting(browser: Browser, shop: Shop) -> None:
    office = open_page(browser, shop)
    sign_in(office, "province@demo.test")
    for address, side in (("producer@demo.test", "producer"), ("distributor@demo.test", "distributor")):
        guest = open_page(browser, shop, 360)
        sign_in(guest, address)
        guest.goto(f"/{side}/campaigns")
        guest.click(f"text={TITLE}")
        guest.click("button:has-text('Lưu câu trả lời')")
        expect(guest.locator("main")).to_contain_text("sẽ đến")
        assert guest.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        guest.context.close()
    office.goto("/office/matchmaking/campaigns")
    office.click(f"text={TITLE}")
    office.click("button:has-text('Xếp lịch')")
    expect(office.locator("#run-1")).to_contain_text("xong, chưa công bố", timeout=30_000)
    office.click("#run-1 a:has-text('Xem')")
    expect(office.locator("main")).to_contain_text("Đã chứng minh là tốt nhất")
    office.click("button:has-text('Công bố lịch này')")
    expect(office.locator("main")).to_contain_text("đã công bố lịch")
    buyer = open_page(browser, shop, 360)
    sign_in(buyer, "distributor@demo.test")
    buyer.goto("/distributor/campaigns")
    buyer.click(f"text={TITLE}")
    buyer.locator("button:has-text('Chốt cuộc này')").first.click()
    expect(buyer.locator("main")).to_contain_text("Bạn đã chốt, chờ bên kia.")
    for page in (office, buyer):
        page.context.close()


def test_an_enquiry_becomes_a_quotation(browser: Browser, shop: Shop) -> None:
    buyer = open_page(browser, shop, 360)
    sign_in(buyer, "distributor@demo.test")
    buyer.goto("/products/mien-dong-binh-lu-soi-moc")
    expect(buyer.locator("main")).to_contain_text("Hỏi mua sỉ")
    buyer.goto("/distributor/quotes")
    expect(buyer.locator("h1")).to_be_visible()
    maker = open_page(browser, shop, 360)
    sign_in(maker, "producer@demo.test")
    maker.goto("/producer/deals")
    maker.locator("main a[href^='/producer/deals/']").first.click()
    assert maker.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for page in (buyer, maker):
        page.context.close()
