"""The road in a real browser, against the real servers: search, cart, guest checkout, two producers, follow."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (360, True), (360, False)])
def test_a_guest_orders_and_two_producers_send(browser: Browser, shop: Shop, width: int, scripts: bool) -> None:
    page = open_page(browser, shop, width, scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.fill("#q", "mien dong")
    page.press("#q", "Enter")
    page.click("text=Miến dong Bình Lư sợi mộc")
    expect(page.locator("h1")).to_have_text("Miến dong Bình Lư sợi mộc")
    page.click("text=Kiểm tra giấy này")
    expect(page.locator("main")).to_contain_text("Thật và còn hiệu lực")
    page.go_back()
    press(page.locator("text=Thêm vào giỏ"))
    page.goto("/search?q=hong+tra")
    page.click("text=Hồng trà Tân Phong ủ gỗ")
    page.click("text=Thêm vào giỏ")
    page.click("text=Tới phần giao hàng")
    page.fill("#recipient", "Nguyễn Thị Hoàng Yến")
    page.fill("#phone", "0912 345 678")
    page.fill("#email", "yen@example.com")
    page.select_option("#province_code", "01")
    if not scripts:
        page.click("text=Chọn tỉnh này")
    page.select_option("#commune_code", "00004")
    page.fill("#street", "Ngõ 42")
    page.click("text=Tiếp tục, xem lại đơn")
    press(page.locator("main form button:has-text('Đặt hàng')"))
    heading = page.locator("h1").inner_text()
    found = re.search(r"2\d{3}-\w{6}", heading)
    assert found is not None
    order = page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if scripts else True
    for position, email in ((1, "producer@demo.test"), (2, "producer2@demo.test")):
        desk = open_page(browser, shop, width, scripts)
        sign_in(desk, email)
        desk.goto(f"/producer/orders/{found.group()}/{position}")
        desk.click("text=Nhận đơn")
        desk.fill("#carrier", "Bưu điện")
        desk.click("text=Đã giao cho bên vận chuyển")
        desk.click("button:has-text('Đã giao, đã thu')")
        expect(desk.locator("main")).to_contain_text("Đã thu")
        desk.context.close()
    page.goto(order)
    expect(page.locator("main .tag--ok")).to_have_count(2)
    assert all(url.startswith((shop.url, "data:")) for url in asked)
    page.context.close()


def test_a_revocation_takes_it_off_at_once(browser: Browser, shop: Shop) -> None:
    buyer, officer = open_page(browser, shop), open_page(browser, shop)
    buyer.goto("/products/mac-khen-rang-ban-bo")
    code = buyer.locator("#certificate code").inner_text()
    sign_in(officer, "province@demo.test")
    officer.goto(f"/office/certification/{code}/revoke")
    officer.fill("#authority", "UBND tỉnh Lai Châu")
    officer.fill("#number", "77/QĐ-UBND")
    officer.fill("#issued_on", time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600)))
    officer.fill("#reason", "Kiểm tra không đạt")
    press(officer.locator("main form button:has-text('Thu hồi')"))
    answer = buyer.goto("/products/mac-khen-rang-ban-bo")
    assert answer is not None
    assert answer.status == 404
    buyer.goto(f"/verify/{code}")
    expect(buyer.locator("main")).to_contain_text("Kiểm tra không đạt")
    buyer.goto("/search?q=mac+khen+rang")
    expect(buyer.locator("main")).not_to_contain_text("Mắc khẻn rang Bản Bo")


def test_a_ticked_facet_narrows_in_place(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop)
    page.goto("/products")
    page.evaluate("window.same = true")
    before = page.locator(".list-bar__count").inner_text()
    page.check("#stars-5")
    page.wait_for_url("**/products?**stars=5**")
    expect(page.locator(".list-bar__count")).not_to_have_text(before)
    assert page.evaluate("[window.same, document.activeElement.id]") == [True, "stars-5"]
    expect(page.locator("#stars-5")).to_be_checked()
    page.go_back()
    expect(page.locator(".list-bar__count")).to_have_text(before)
    expect(page.locator("#stars-5")).not_to_be_checked()
    page.context.close()
