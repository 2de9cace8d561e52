"""A whole fair, from its plan to its report: on desks and phones, the network cut at the gate, a moved clock."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from config import ROOT
from marketplace.platform.core.clock import VIETNAM, day_of, now
from tests.journeys.conftest import FLASK, SIGNED_IN, Shop, journey, open_page, press, running, sign_in
from tests.journeys.test_checkin import READ_QR, cut, ready, scan

pytestmark = journey
OFFICER, MAKER = "province@demo.test", "producer@demo.test"
TITLE = "Hội chợ từ đầu đến cuối"


class Fair(NamedTuple):
    """The shop, the office at its desk, a producer, a visitor and a steward on phones."""

    shop: Shop
    office: Page
    maker: Page
    visitor: Page
    steward: Page
    first: date

    def everybody(self) -> tuple[Page, ...]:
        return self.office, self.maker, self.visitor, self.steward

    def come_to(self, day: date, at: time) -> None:
        """It is then, for the shop and in every hand."""
        instant = datetime.combine(day, at, VIETNAM).astimezone(UTC)
        (self.shop.folder / "clock").write_text(instant.isoformat())
        for page in self.everybody():
            page.context.clock.set_system_time(instant)
        for page, address in ((self.office, OFFICER), (self.maker, MAKER)):  # nobody stays signed in over days
            SIGNED_IN.pop((self.shop.url, address), None)
            page.context.clear_cookies()
            sign_in(page, address)


@pytest.fixture
def fair(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fair]:
    folder = tmp_path_factory.mktemp("fair")
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
    with running(folder, [*gunicorn, "tests.journeys.travelling:app"], CLOCK_FILE=str(folder / "clock")) as shop:
        worker = subprocess.Popen([*FLASK, "worker"], cwd=ROOT, env=_settings(shop))
        pages = [open_page(browser, shop, width) for width in (1280, 360, 360, 390)]
        office, maker, visitor, steward = pages
        sign_in(office, OFFICER)
        sign_in(maker, MAKER)
        yield Fair(shop, office, maker, visitor, steward, day_of(now()) + timedelta(days=2))
        for page in pages:
            page.context.close()
        worker.terminate()
        worker.wait(timeout=30)


def _settings(shop: Shop) -> dict[str, str]:
    """The worker's settings: the same folder as the web's."""
    folder = shop.folder
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
        "SEARCH_URL": f"whoosh:{folder / 'search'}",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "QUEUE_PATH": str(folder / "queue.sqlite3"),
        "MEDIA_URL": str(folder / "media"),
        "SITE_URL": shop.url,
    }


def plan(fair: Fair) -> tuple[str, str]:
    """The plan with two booths drawn, and the call; answers the edition's code and its page."""
    office, first = fair.office, fair.first
    office.goto("/office/fairs/new")
    for name, value in {
        "title": TITLE,
        "venue": "Quảng trường",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=1)).isoformat(),
        "applications_from": day_of(now()).isoformat(),
        "applications_until": (first - timedelta(days=1)).isoformat(),
    }.items():
        office.fill(f"[name={name}]", value)
    office.click("main form button:has-text('Lưu')")
    office.wait_for_url(re.compile("/office/fairs/HC"))
    code = office.url.rsplit("/", 1)[1]
    office.goto(f"/office/fairs/{code}/plan")
    tool = "#floorplan button[data-act={}]"
    office.click(tool.format("hall"))
    office.click(tool.format("booth"))
    office.fill("[data-prop=price]", "1500000")
    office.keyboard.press("Tab")
    office.click(tool.format("save"))
    expect(office.locator(".draft__said")).to_have_text("Đã lưu mặt bằng.")
    office.goto(f"/office/fairs/{code}")
    office.click("button:has-text('Mở nhận đăng ký')")
    expect(office.locator("main")).to_contain_text("Đã mở nhận đăng ký")
    page = office.get_attribute("a:has-text('Trang công khai')", "href") or ""
    return code, page


def exhibit(fair: Fair, code: str) -> None:
    """The producer applies, is chosen, takes its place, is given a booth, pays for it."""
    office, maker = fair.office, fair.maker
    maker.goto(f"/producer/fairs/{code}")
    maker.check("input[name=goods] >> nth=0")
    maker.fill("[name=pitch]", "Miến nóng nấu tại gian")
    maker.click("button:has-text('Nộp đơn')")
    expect(maker.locator("main")).to_contain_text("Đã nộp.")

    office.goto(f"/office/fairs/{code}")
    press(office.locator("button:has-text('Khóa đăng ký')"))
    office.goto(f"/office/fairs/{code}/applications")
    office.check("input[name=application] >> nth=0")
    office.check("input[name=decision][value=offer]")
    press(office.locator("button:has-text('Ghi ý định')"))
    expect(maker.locator("main")).not_to_contain_text("Nhận gian")  # nobody outside knows yet
    press(office.locator("button:has-text('Công bố 1 quyết định')"))

    maker.goto(f"/producer/fairs/{code}")
    maker.click("button:has-text('Nhận gian')")
    expect(maker.locator("main")).to_contain_text("Bạn đã nhận gian.")

    office.goto(f"/office/fairs/{code}/booths")
    office.click("button:has-text('Xếp gian')")
    expect(office.locator("#runs")).to_contain_text("1 nơi có gian", timeout=60_000)
    office.click("#runs a:has-text('Lượt 1')")
    press(office.locator("button:has-text('Dùng bản này')"))
    office.goto(f"/office/fairs/{code}/booths")
    press(office.locator("button:has-text('Công bố 1 gian')"))

    maker.goto(f"/producer/fairs/{code}")
    expect(maker.locator("#next")).to_contain_text("Gian của bạn: A1")
    expect(maker.locator("#next")).to_contain_text("1.500.000")
    office.goto(f"/office/fairs/{code}/applications")
    office.click("main table a >> nth=0")
    office.fill("[name=amount]", "1500000")
    office.click("button:has-text('Ghi phí đã nộp')")
    expect(office.locator("#fee")).to_contain_text("còn phải nộp 0")


def tickets(fair: Fair, page: str, people: int) -> list[tuple[str, str, str]]:
    """Tickets on the visitor's phone: the address, the code and what the QR code says of each."""
    visitor = fair.visitor
    visitor.goto(page)
    expect(visitor.locator("main")).to_contain_text(TITLE)
    visitor.goto(f"{page}/ticket")
    visitor.fill("#name", "Vàng An")
    visitor.fill("#phone", "0912 345 678")
    visitor.fill("#people", str(people))
    visitor.check("[name=consent]")
    visitor.click("button:has-text('Nhận vé')")
    visitor.wait_for_url(lambda url: "/tickets/" in url)
    links = visitor.locator(".entry-more a.tab").evaluate_all("links => links.map(link => link.href)")
    found = []
    for link in [visitor.url, *links]:
        visitor.goto(link)
        visitor.add_script_tag(url="/static/vendor/jsqr.js")
        text = visitor.evaluate(READ_QR, visitor.get_attribute(".entry__qr", "src"))
        found.append((link, link.split("/tickets/")[1].split("?")[0], str(text)))
    return found


def let_in(fair: Fair, code: str, first: str, second: str) -> None:
    """One with a network, one without; the same again is refused both times."""
    office, steward = fair.office, fair.steward
    office.goto(f"/office/fairs/{code}/checkin")
    office.fill("#device", "Máy cổng")
    office.click("button:has-text('Tạo máy')")
    steward.goto(office.get_attribute("#new-device a", "href") or "")
    ready(steward)
    scan(steward, first, "ok")
    scan(steward, first, "double")
    cut(steward)
    scan(steward, second, "ok")
    scan(steward, second, "double")
    cut(steward, off=False)
    expect(steward.locator("#waiting")).to_have_text("0", timeout=30_000)
    expect(steward.locator("#inside")).to_have_text("2", timeout=30_000)


def trade(fair: Fair, code: str, ticket: str) -> None:
    """A lead with consent, a sale from the stand's own stock."""
    maker = fair.maker
    maker.goto(f"/producer/fairs/{code}/leads")
    maker.fill("[name=ticket]", ticket)
    maker.click("main form button:has-text('Ghi') >> nth=0")
    expect(maker.locator("main")).to_contain_text("Vàng An")
    maker.goto(f"/producer/fairs/{code}/stand")
    left = int(maker.locator("td[data-l=Còn]").first.inner_text())
    maker.fill("input[name^=quantity-] >> nth=0", "2")
    maker.fill("input[name^=price-] >> nth=0", "50000")
    maker.click("button:has-text('Ghi lần bán này')")
    expect(maker.locator("main")).to_contain_text("100.000")
    assert int(maker.locator("td[data-l=Còn]").first.inner_text()) == left - 2


def test_from_plan_to_report(fair: Fair) -> None:
    code, page = plan(fair)
    exhibit(fair, code)
    (link, first_code, first), (_link, _code, second) = tickets(fair, page, 2)
    fair.visitor.goto(page)
    expect(fair.visitor.locator("main")).to_contain_text("A1")

    fair.come_to(fair.first, time(9, 30))
    fair.office.goto(f"/office/fairs/{code}")
    press(fair.office.locator("button:has-text('Khai mạc')"))
    let_in(fair, code, first, second)
    trade(fair, code, first_code)

    fair.come_to(fair.first + timedelta(days=2), time(8))
    fair.office.goto(f"/office/fairs/{code}")
    press(fair.office.locator("button:has-text('Bế mạc')"))
    fair.visitor.goto(link)
    fair.visitor.click("a:has-text('Cho ý kiến')")
    fair.visitor.check("input[type=radio][value='5'] >> nth=0")
    press(fair.visitor.locator("button:has-text('Gửi ý kiến')"))
    fair.maker.goto(f"/producer/fairs/{code}/summary")
    expect(fair.maker.locator("main")).to_contain_text("100.000")

    fair.office.goto(f"/office/fairs/{code}")
    press(fair.office.locator("button:has-text('Chốt báo cáo')"))
    fair.office.goto(f"/office/fairs/{code}/report")
    report = fair.office.locator("main")
    for words in ("100.000", "Báo cáo PDF", "9"):
        expect(report).to_contain_text(words)
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        taken = fair.office.request.get(f"/office/fairs/{code}/report.{form}")
        assert (taken.status, taken.body()[: len(begins)]) == (200, begins)
    for each in fair.everybody()[1:3]:  # phones: nothing scrolls sideways
        assert each.evaluate("document.documentElement.scrollWidth <= innerWidth")
