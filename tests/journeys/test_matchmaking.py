"""Both sides and the officer, in a browser.

What suits whom; a timetable published, confirmed by both, kept in a second run; an enquiry to an agreed quotation.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from marketplace.platform.core.clock import day_of, now
from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

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
    press(buyer.locator(f"text={TITLE}"))
    first = buyer.locator("li.match").first
    other = first.locator("h3").inner_text()
    stands = first.locator(".match__what p").first.inner_text()
    first.locator("button:has-text('Chốt cuộc này')").click()
    expect(buyer.locator("main")).to_contain_text("Bạn đã chốt, chờ bên kia.")
    buyer.context.close()
    maker = open_page(browser, shop, 360)
    sign_in(maker, "producer@demo.test")
    maker.goto("/producer/campaigns")
    press(maker.locator(f"text={TITLE}"))
    while maker.locator("button:has-text('Chốt cuộc này')").count():
        press(maker.locator("button:has-text('Chốt cuộc này')").first)
    confirmed = maker.locator("li.match:has-text('đã chốt')").count()
    office.goto("/office/matchmaking/campaigns")
    office.click(f"text={TITLE}")
    office.click("button:has-text('Xếp lại')")
    expect(office.locator("#run-2")).to_contain_text("xong, chưa công bố", timeout=30_000)
    office.click("#run-2 a:has-text('Xem')")
    press(office.locator("button:has-text('Công bố lịch này')"))
    maker.reload()
    assert maker.locator("li.match:has-text('đã chốt')").count() == confirmed
    buyer = open_page(browser, shop, 360)
    sign_in(buyer, "distributor@demo.test")
    buyer.goto("/distributor/campaigns")
    press(buyer.locator(f"text={TITLE}"))
    again = buyer.locator(f"li.match:has(h3:text-is('{other}'))")
    expect(again.locator(".match__what p").first).to_have_text(stands)
    for page in (office, buyer, maker):
        page.context.close()


def test_an_enquiry_becomes_an_agreed_quotation(browser: Browser, shop: Shop) -> None:
    buyer = open_page(browser, shop, 360)
    sign_in(buyer, "distributor@demo.test")
    buyer.goto("/products/mien-dong-binh-lu-soi-moc")
    buyer.click("button:has-text('Hỏi mua sỉ')")
    buyer.wait_for_url("**/distributor/deals/**")
    code = buyer.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]
    if not buyer.locator("form[action$='/request'] [name=quantity]").is_visible():
        buyer.click("#request summary")
    asked = buyer.locator("form[action$='/request']")
    asked.locator("[name=quantity]").fill("200")
    asked.locator("[name=delivery_place]").fill("Kho Gia Lâm, Hà Nội")
    asked.locator("[name=wanted_on]").fill(f"{day_of(now()) + timedelta(days=30)}")
    asked.locator("button:has-text('Gửi yêu cầu')").click()
    expect(buyer.locator("#request")).to_contain_text("Kho Gia Lâm, Hà Nội")
    maker = open_page(browser, shop, 360)
    sign_in(maker, "producer@demo.test")
    maker.goto(f"/producer/deals/{code}")
    quoted = maker.locator("form[action$='/quote']")
    if not quoted.locator("[name=from_1]").is_visible():
        maker.locator("#quotes details summary").first.click()
    typed = {"from_1": "100", "price_1": "41.000", "least_order": "100", "lead_days": "7", "payment_days": "15"}
    typed |= {"valid_until": f"{day_of(now()) + timedelta(days=20)}", "delivery_terms": "Giao tới bến xe Lai Châu"}
    for name, value in typed.items():
        quoted.locator(f"[name={name}]").fill(value)
    quoted.locator("button[type=submit], button:not([type])").last.click()
    expect(maker.locator("#quotes")).to_contain_text("41.000")
    buyer.reload()
    expect(buyer.locator("#quotes")).to_contain_text("41.000")
    buyer.locator("#quotes button:has-text('Đồng ý bản')").click()
    expect(buyer.locator("#orders")).to_contain_text("Số gói cần đặt")
    for page in (buyer, maker):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.context.close()
