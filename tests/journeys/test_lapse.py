"""A certificate lapses at midnight in Vietnam: the listing leaves page, search, cart, checkout and API by itself."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Shop, journey, open_page, press, running

pytestmark = journey
SLUG, NAME = "vai-lanh-cham-ta-leng", "Vải lanh chàm Tả Lèng"  # cloth: it outlives its certificate
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop without a worker: nothing can follow the lapse but the clock."""
    folder = tmp_path_factory.mktemp("lapse")
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--no-control-socket"]
    with running(folder, [*gunicorn, "tests.journeys.travelling:app"], CLOCK_FILE=str(folder / "clock")) as shop:
        yield shop


def set_clock(shop: Shop, day: date, at: time) -> None:
    instant = datetime.combine(day, at, VIETNAM).astimezone(UTC)
    (shop.folder / "clock").write_text(instant.isoformat())


def register(shop: Shop) -> list[tuple[object, ...]]:
    """What the database holds of certificates and listings."""
    with sqlite3.connect(shop.folder / "shop.sqlite3") as connection:
        return [
            row
            for table in ("certificates", "listings", "products", "changes")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")  # fixed names
        ]


def status(page: Page, path: str) -> int:
    answer = page.request.get(path)
    return answer.status


def test_at_midnight_it_is_gone_and_nothing_was_written(browser: Browser, moving: Shop) -> None:
    page = open_page(browser, moving)
    page.goto(f"/products/{SLUG}")
    code = page.locator("#certificate code").inner_text()
    said = re.search(r"còn hạn đến (\d\d)/(\d\d)/(\d{4})", page.locator("main").inner_text())
    assert said is not None
    day, month, year = map(int, said.groups())
    last = date(year, month, day)
    press(page.locator("text=Thêm vào giỏ"))
    before = register(moving)

    set_clock(moving, last, time(23, 59, 20))
    page.goto(f"/products/{SLUG}")
    expect(page.locator("h1")).to_have_text(NAME)
    assert status(page, f"/api/v1/products/{SLUG}") == 200
    page.goto("/search?q=vai+lanh+ta+leng")
    expect(page.locator("main")).to_contain_text(NAME)
    page.goto("/cart")
    expect(page.get_by_role("link", name="Tới phần giao hàng")).to_be_visible()

    set_clock(moving, last + timedelta(days=1), time(0, 0, 5))
    assert status(page, f"/products/{SLUG}") == 404
    assert status(page, f"/api/v1/products/{SLUG}") == 404
    page.goto("/search?q=vai+lanh+ta+leng")
    expect(page.locator("main")).not_to_contain_text(NAME)
    page.goto("/cart")
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.get_by_role("link", name="Tới phần giao hàng")).to_have_count(0)
    page.goto("/checkout")
    expect(page).to_have_url(re.compile("/cart$"))
    page.goto(f"/verify/{code}")
    expect(page.locator("main")).to_contain_text("hết hạn")
    assert register(moving) == before
    page.context.close()
