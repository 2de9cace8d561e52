"""A new name on a public page: proposed, not seen by the public, looked at, seen; then the old one brought back."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey
SLUG = "mien-dong-soi-nho-an-nhanh-binh-lu"
OLD, NEW = "Miến dong sợi nhỏ ăn nhanh Bình Lư", "Miến dong sợi nhỏ nấu ba phút Bình Lư"
DESK, LOOK, PUBLIC = f"/producer/listings/{SLUG}", f"/office/listings/{SLUG}", f"/products/{SLUG}"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_public_reads_the_old_until_an_officer_has_looked(browser: Browser, shop: Shop, width: int) -> None:
    maker, officer, guest = (open_page(browser, shop, width) for _ in range(3))
    sign_in(maker, "producer@demo.test")
    sign_in(officer, "province@demo.test")
    maker.goto(f"{DESK}/texts")
    maker.fill("#name", NEW)
    expect(maker.locator("#live h1")).to_have_text(NEW)  # while it is typed, before anything is saved
    maker.click("main form button:has-text('Lưu')")
    expect(maker.locator("main")).to_contain_text("thay đổi chờ tỉnh xem")
    guest.goto(PUBLIC)
    expect(guest.locator("h1")).to_have_text(OLD)

    officer.goto("/office/listings/?kind=change")
    officer.click(f"text={OLD}")
    expect(officer.locator(".diff__gone").first).to_contain_text("ăn nhanh")
    expect(officer.locator(".diff__new").first).to_contain_text("nấu ba phút")
    officer.click("button:has-text('Duyệt thay đổi')")
    expect(officer.locator("main")).to_contain_text("khách thấy bản mới từ bây giờ")
    guest.reload()
    expect(guest.locator("h1")).to_have_text(NEW)

    maker.goto(f"{DESK}/history")
    maker.locator(".past__item:has-text('Tên sản phẩm') a").first.click()
    maker.click("main .past__steps a")  # the one before it
    maker.click("button:has-text('Trở lại bản này')")
    expect(maker.locator("main")).to_contain_text("Đã gửi tỉnh xem: Tên sản phẩm.")
    guest.reload()
    expect(guest.locator("h1")).to_have_text(NEW)
    officer.goto(LOOK)
    press(officer.locator("button:has-text('Duyệt thay đổi')"))
    guest.reload()
    expect(guest.locator("h1")).to_have_text(OLD)
    for page in (maker, officer, guest):
        page.context.close()


def test_it_is_looked_at_without_a_script(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360, scripts=False)
    sign_in(page, "producer@demo.test")
    page.goto(f"{DESK}/texts")
    page.fill("#summary", "Chỉ xem thử thôi.")
    with page.expect_popup() as opened:
        page.click("button:has-text('Xem thử')")
    expect(opened.value.locator(".lead")).to_have_text("Chỉ xem thử thôi.")
    page.goto(DESK)
    expect(page.locator("main")).not_to_contain_text("Chỉ xem thử thôi.")
    page.context.close()
