"""The road in a real browser, against the real servers: search, cart, guest checkout, two producers, follow."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here, and no right to install one: journeys NOT RUN"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


class Shop(NamedTuple):
    url: str
    folder: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The web server and the worker, as `make run` starts them, on the demonstration province."""
    folder, port = tmp_path_factory.mktemp("shop"), _free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
        "SEARCH_URL": f"whoosh:{folder / 'search'}",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "QUEUE_PATH": str(folder / "queue.sqlite3"),
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for command in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run([*flask, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    log = (folder / "log").open("w")
    server = subprocess.Popen([*flask, "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield Shop(url, folder)
    server.terminate()
    server.wait(timeout=30)
    log.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, shop: Shop, width: int = 1280, scripts: bool = True) -> Page:
    context = browser.new_context(
        base_url=shop.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    return context.new_page()


def sign_in(page: Page, email: str) -> None:
    page.goto("/account/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", "ocop-demo")
    page.click("main form button")


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
    page.click("text=Thêm vào giỏ")
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
    page.click("main form button:has-text('Đặt hàng')")
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
    officer.click("main form button:has-text('Thu hồi')")
    answer = buyer.goto("/products/mac-khen-rang-ban-bo")
    assert answer is not None
    assert answer.status == 404
    buyer.goto(f"/verify/{code}")
    expect(buyer.locator("main")).to_contain_text("Kiểm tra không đạt")
    buyer.goto("/search?q=mac+khen+rang")
    expect(buyer.locator("main")).not_to_contain_text("Mắc khẻn rang Bản Bo")
