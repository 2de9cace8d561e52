"""Each way to pay in a real browser, as `make run` offers it: card by the play desk, transfer, cash; and a voucher."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Shop, journey, letter_to, open_page, press, sign_in

pytestmark = journey
LOOKS = [(1280, True), (360, False)]
GOOD, REFUSED, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"


def ready_to_place(page: Page, email: str, *, scripts: bool = True, code: str = "") -> None:
    """A guest with one thing in the cart, at the review."""
    page.goto("/products/mien-dong-binh-lu-soi-moc")
    press(page.locator("text=Thêm vào giỏ"))
    if code:
        page.fill("#voucher", code)
        page.click("text=Dùng mã")
        expect(page.locator("main")).to_contain_text("−20.000")
    page.click("text=Tới phần giao hàng")
    page.fill("#recipient", "Nguyễn Thị Hoàng Yến")
    page.fill("#phone", "0912 345 678")
    page.fill("#email", email)
    page.select_option("#province_code", "01")
    if not scripts:
        page.click("text=Chọn tỉnh này")
    page.select_option("#commune_code", "00004")
    page.fill("#street", "Ngõ 42")
    press(page.locator("text=Tiếp tục, xem lại đơn"))


def place(page: Page, way: str) -> str:
    """Choose a way to pay and place the order; answers its number."""
    page.click(f".opt:has-text('{way}')")
    press(page.locator("main form button:has-text('Đặt hàng')"))
    found = re.search(r"2\d{3}-\w{6}", page.locator("h1").inner_text())
    assert found is not None
    return found.group()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def delivered(browser: Browser, shop: Shop, number: str, button: str) -> None:
    """The producer takes the order, sends it and brings it."""
    desk = open_page(browser, shop)
    sign_in(desk, "producer@demo.test")
    desk.goto(f"/producer/orders/{number}/1")
    desk.click("text=Nhận đơn")
    desk.fill("#carrier", "Bưu điện")
    desk.click("text=Đã giao cho bên vận chuyển")
    press(desk.locator(f"button:has-text('{button}')"))
    desk.context.close()


@pytest.mark.parametrize(("width", "scripts"), LOOKS)
def test_a_card(browser: Browser, shop: Shop, width: int, scripts: bool) -> None:
    """Refused first, then another card that its bank asks about; paid, and nothing is collected at the door."""
    page, email = open_page(browser, shop, width, scripts), f"the{width}@example.com"
    ready_to_place(page, email, scripts=scripts)
    number = place(page, "bằng thẻ")
    assert "Đơn chưa trả tiền" in letter_to(shop, email)
    assert fits(page) if scripts else True
    press(page.locator("button:has-text('bằng thẻ')"))
    assert not page.url.startswith(shop.url)
    page.fill("#number", REFUSED)
    page.click("button[name=pay]")
    expect(page.locator("[role=alert]")).to_contain_text("Thẻ bị từ chối")
    page.fill("#number", ASKS)
    page.click("button[name=pay]")
    page.click("button[name=complete]")
    page.wait_for_url(f"{shop.url}/orders/{number}**")
    expect(page.locator("main")).to_contain_text("Đã trả lúc")
    delivered(browser, shop, number, "Đã giao")
    page.reload()
    expect(page.locator("main .tag--ok")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("Đã trả khi nhận")
    page.context.close()


def test_back_from_the_card_page_and_cash_instead(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360)
    ready_to_place(page, "khac@example.com")
    number = place(page, "bằng thẻ")
    page.click("button:has-text('bằng thẻ')")
    page.click("button[name=cancel]")
    page.wait_for_url(f"{shop.url}/orders/{number}/pay**")
    page.click("button:has-text('Trả tiền mặt khi nhận')")
    expect(page.locator("main")).to_contain_text("Trả khi nhận kiện này")
    delivered(browser, shop, number, "Đã giao, đã thu")
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã trả khi nhận")
    page.context.close()


@pytest.mark.parametrize(("width", "scripts"), LOOKS)
def test_a_transfer_found_in_the_statement(browser: Browser, shop: Shop, width: int, scripts: bool) -> None:
    """Too little first; the rest in a second statement; the first one sent again changes nothing."""
    page, email = open_page(browser, shop, width, scripts), f"ck{width}@example.com"
    ready_to_place(page, email, scripts=scripts)
    number = place(page, "VietQR")
    expect(page.locator("img[alt^='Mã VietQR']")).to_be_visible()
    expect(page.locator("#note")).to_have_text(number.replace("-", ""))
    assert fits(page) if scripts else True
    amount = int(re.sub(r"\D", "", page.locator("#amount").inner_text()))
    first = statement(number.replace("-", ""), f"T{width}A", amount - 10_000)
    for sent in (first, statement(f"tra not {number.lower()}", f"T{width}B", 10_000), first):
        book(browser, shop, sent)
    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("Đã trả lúc")
    expect(page.locator("main")).not_to_contain_text(re.compile(r"Hoàn \d"))
    page.context.close()


def statement(note: str, reference: str, amount: int) -> str:
    day = time.strftime("%d/%m/%Y %H:%M", time.gmtime(time.time() + 7 * 3600))
    head = "date,reference,credit,debit,note,payer,payer_account"
    return f"{head}\n{day},{reference},{amount},,{note},NGUYEN THI YEN,01\n"


def book(browser: Browser, shop: Shop, text: str) -> None:
    """An officer sends a statement, looks, and books it."""
    desk = open_page(browser, shop)
    sign_in(desk, "province@demo.test")
    desk.goto("/office/payments/statements")
    desk.set_input_files("input[type=file]", {"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": text.encode()})
    press(desk.locator("text=Gửi và kiểm tra"))
    settled(desk, "button:has-text('Ghi cả sao kê')")
    press(desk.locator("text=Ghi cả sao kê"))
    settled(desk, "text=Đã ghi trọn tệp")
    desk.context.close()


def settled(page: Page, what: str) -> None:
    """Look again until the worker is done."""
    for _ in range(60):
        if page.locator(what).count():
            return
        time.sleep(0.5)
        page.reload()
    raise AssertionError(f"{what} never came: {page.locator('main').inner_text()}")


def test_a_voucher_of_the_province_and_the_books(browser: Browser, shop: Shop) -> None:
    """The office gives a voucher, a guest uses it, the producer is paid in full, and the check finds nothing."""
    office = open_page(browser, shop)
    sign_in(office, "province@demo.test")
    office.goto("/office/vouchers/new")
    office.fill("#code", "CHOPHIEN")
    office.fill("#name", "Chào chợ phiên")
    office.fill("#amount", "20.000")
    office.click("main form button:has-text('Tạo mã')")
    expect(office.locator("main")).to_contain_text("CHOPHIEN")
    page = open_page(browser, shop, 360)
    ready_to_place(page, "phieu@example.com", code="chợ phiên")
    expect(page.locator("main")).to_contain_text("−20.000")
    number = place(page, "tiền mặt")
    expect(page.locator("main")).to_contain_text("Tỉnh hỗ trợ")
    delivered(browser, shop, number, "Đã giao, đã thu")
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã trả khi nhận")
    admin = open_page(browser, shop)
    sign_in(admin, "admin@demo.test")
    admin.goto("/office/reconcile")
    press(admin.locator("text=Soát ngay"))
    settled(admin, "text=Mọi thứ khớp")
    for each in (office, page, admin):
        each.context.close()


def test_a_payout_goes_through_two_hands(browser: Browser, shop: Shop) -> None:
    officer, other = open_page(browser, shop), open_page(browser, shop, 360)
    sign_in(officer, "province@demo.test")
    officer.goto("/office/payouts")
    press(officer.locator("text=Lập đợt chi"))
    batch = officer.url
    expect(officer.locator("button:has-text('Duyệt')")).to_have_count(0)
    sign_in(other, "admin@demo.test")
    other.goto(batch)
    press(other.locator("button:has-text('Duyệt')"))
    assert fits(other)
    with other.expect_download() as file:
        other.click("text=CSV")
    rows = file.value.path().read_text("utf-8-sig").splitlines()
    assert any("HTX MIEN DONG BINH LU XANH" in row for row in rows[1:])
    other.fill("#bank_reference", "FT2611001")
    press(other.locator("text=Ghi là đã chuyển"))
    maker = open_page(browser, shop, 360)
    sign_in(maker, "producer@demo.test")
    maker.goto("/producer/payouts")
    expect(maker.locator("main")).to_contain_text("Các lần chi trả")
    assert fits(maker)
    for each in (officer, other, maker):
        each.context.close()
