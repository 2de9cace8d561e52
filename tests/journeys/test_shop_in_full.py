"""A journey for each heading of the shop in full, in a real browser against the real servers."""

import time
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from marketplace.platform.core.clock import day_of, now
from tests.journeys.conftest import HEAD, Shop, journey, open_page, press, sign_in

pytestmark = journey


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (900, 700), (200, 90, 30)).save(file, "JPEG")
    return file.getvalue()


def upload(page: Page, name: str, text: str) -> None:
    """Send a file of certificates and wait for what the check says."""
    page.goto("/office/imports/certificates")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.click("main form button:has-text('Gửi và kiểm tra')")
    expect(page.locator("#import")).not_to_contain_text("đang kiểm tra", timeout=15_000)


def test_from_a_file_to_a_page_with_a_photograph(browser: Browser, shop: Shop) -> None:
    on = day_of(now()) - timedelta(days=9)
    maker = "HTX Miến dong Bình Lư Xanh,cooperative,03390"
    good = f"S1,UBND tỉnh Lai Châu,901/QĐ-UBND,{on},,3,61.5,Bún ngô Bình Lư,{maker},I.3.b\n"
    officer, producer, guest = open_page(browser, shop), open_page(browser, shop, 360), open_page(browser, shop, 360)
    sign_in(officer, "province@demo.test")
    upload(officer, "hong.csv", HEAD + good + good.replace("S1", "S2").replace(",3,", ",9,"))
    expect(officer.locator("#import")).to_contain_text("stars")
    expect(officer.locator("button:has-text('Ghi cả tệp vào sổ')")).to_have_count(0)
    upload(officer, "tot.csv", HEAD + good)
    officer.click("button:has-text('Ghi cả tệp vào sổ')")
    expect(officer.locator("#import")).to_contain_text("Đã ghi trọn tệp", timeout=15_000)

    sign_in(producer, "producer@demo.test")
    producer.goto("/producer/listings/")
    press(producer.locator(".task:has-text('Bún ngô Bình Lư') button:has-text('Mở trang')"))
    page = producer.url
    producer.goto(f"{page}/texts")
    producer.fill("#summary", "Sợi vàng, thơm ngô nếp.")
    press(producer.locator("main form button:has-text('Lưu')"))
    producer.goto(f"{page}/label")
    for name, text in (
        ("ingredients", "Ngô nếp"),
        ("storage", "Nơi khô"),
        ("shelf_life_days", "180"),
        ("usage", "Trần nước sôi"),
    ):
        producer.fill(f"[name={name}]", text)
    producer.check("[name=no_allergens]")
    press(producer.locator("main form button:has-text('Lưu')"))
    producer.goto(f"{page}/variants/new")
    for name, text in (("net_quantity", "500"), ("price", "45.000"), ("weight_g", "560")):
        producer.fill(f"[name={name}]", text)
    producer.select_option("[name=net_unit]", "g")
    press(producer.locator("main form button:has-text('Lưu')"))
    producer.goto(f"{page}/pictures/")
    producer.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    producer.click("main form button:has-text('Gửi ảnh')")  # nothing said of the picture: the chosen file stays
    assert producer.eval_on_selector("input[type=file]", "field => field.files.length") == 1
    producer.fill("#alt", "Bún ngô vàng phơi trên phên")
    producer.click("main form button:has-text('Gửi ảnh')")
    expect(producer.locator(".shot")).to_have_count(1)
    producer.goto(page)
    press(producer.locator("button:has-text('Gửi duyệt')"))

    officer.goto("/office/listings/")
    officer.click("text=Bún ngô Bình Lư")
    press(officer.locator("main button:has-text('Đăng')"))
    answer = guest.goto(f"/products/{page.rsplit('/', 1)[-1]}")
    assert answer is not None
    assert answer.status == 200
    shown = guest.locator(".product__art img").first
    expect(shown).to_have_attribute("alt", "Bún ngô vàng phơi trên phên")
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    guest.goto("/verify?q=bun+ngo")
    expect(guest.locator("main")).to_contain_text("Bún ngô Bình Lư")
    for each in (officer, producer, guest):
        each.context.close()


def test_finding_by_half_a_word_by_keyboard_and_by_mistake(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop)
    page.goto("/")
    page.type("#q", "mien do")
    option = page.locator("#q-suggest [role=option]").first
    expect(option).to_be_visible()
    page.press("#q", "ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", "q-suggest-0")
    expect(option).to_have_attribute("aria-selected", "true")
    page.press("#q", "Escape")
    expect(page.locator("#q-suggest [role=option]")).to_have_count(0)
    page.fill("#q", "mein dong")
    page.press("#q", "Enter")
    page.click("main a:has-text('Tìm “miến dong”')")
    expect(page.locator(".results")).to_contain_text("Miến dong Bình Lư sợi mộc")
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_alcohol_asks_first_and_is_not_for_cash(browser: Browser, shop: Shop, scripts: bool) -> None:
    page = open_page(browser, shop, 360, scripts)
    page.goto("/search?q=ruou")
    page.click("text=Tôi đủ 18 tuổi")
    page.click("button:has-text('Tôi đủ 18 tuổi')")
    page.click(".results .card a:has-text('Rượu ngô Sùng Phài')")
    page.click("text=Thêm vào giỏ")
    expect(page.locator("main")).to_contain_text("Rượu: cả đơn trả trước, không thu tiền mặt.")
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
    ways = page.locator("input[name=method]")
    expect(ways).not_to_have_count(0)
    expect(page.locator("input[name=method][value=cash_on_delivery]")).to_have_count(0)
    expect(page.locator("main form button:has-text('Đặt hàng')")).not_to_contain_text("khi nhận")
    page.context.close()


def test_buying_rounded_out(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360)
    sign_in(page, "buyer@demo.test")
    for path in ("mien-dong-binh-lu-soi-moc", "che-shan-tuyet-tan-phong-mot-tom-hai-la"):
        page.goto(f"/products/{path}")
        page.click("text=Thêm vào giỏ")
    page.click(".bag__item:has-text('Chè Shan') button:has-text('Để dành')")
    expect(page.locator("#saved")).to_be_visible()
    page.click("text=Tới phần giao hàng")
    page.fill("#recipient", "Nguyễn Thị Hoàng Yến")
    page.fill("#phone", "0912 345 678")
    page.select_option("#province_code", "01")
    page.select_option("#commune_code", "00004")
    page.fill("#street", "Ngõ 42")
    page.click("text=Tiếp tục, xem lại đơn")
    page.click("text=Gửi kèm lời chúc, hoặc cần hóa đơn?")
    page.fill("#gift_note", "Mừng thọ bà")
    page.check("#invoice")
    for name, text in (
        ("name", "Công ty Thử"),
        ("tax_code", "0101234567"),
        ("address", "Hà Nội"),
        ("email", "a@example.com"),
    ):
        page.fill(f"#invoice_{name}", text)
    page.click("text=Lưu, về xem lại đơn")
    expect(page.locator("main")).to_contain_text("Mừng thọ bà")
    page.click("main form button:has-text('Đặt hàng')")
    expect(page.locator("main")).to_contain_text("Dự kiến nhận từ")
    receipt = page.request.get(str(page.locator("a:has-text('Phiếu đặt hàng')").get_attribute("href")))
    assert receipt.body().startswith(b"%PDF-")
    page.click("button:has-text('Mua lại')")
    expect(page.locator("main")).to_contain_text("theo giá hôm nay")
    page.goto("/account/wishlist")
    expect(page.locator("main")).to_contain_text("Chè Shan tuyết Tân Phong")
    page.context.close()


def test_a_commune_chosen_while_the_list_is_on_its_way_stays(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop)
    sign_in(page, "buyer@demo.test")
    page.goto("/account/addresses/new")
    page.select_option("#province_code", "01")
    page.select_option("#commune_code", "00008")
    held: list[Route] = []
    page.route("**/places/01/communes", lambda route: held.append(route))
    with page.expect_request("**/places/01/communes"):
        page.select_option("#province_code", "01")
    page.select_option("#commune_code", "00004")
    page.wait_for_function("() => true")  # the route is handed over
    with page.expect_response("**/places/01/communes"):
        held[0].continue_()
    page.wait_for_timeout(300)  # the script has put the list in
    expect(page.locator("#commune_code")).to_have_value("00004")
    page.context.close()


def test_a_lost_network_is_told(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360)
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    time.sleep(0.5)
    page.context.set_offline(True)
    page.goto("/products")
    expect(page.locator("h1")).to_have_text("Máy đang không có mạng")
    page.context.set_offline(False)
    page.goto("/products")
    expect(page.locator("h1")).to_have_text("Tất cả sản phẩm")
    page.context.close()
