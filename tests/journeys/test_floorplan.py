"""The office draws a floor plan in the browser: by hand and by keyboard, saves it, meets another who saved first."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey


def new_fair(page: Page, title: str) -> str:
    """Plan a fair by the real form; answers its page's address."""
    page.goto("/office/fairs/new")
    for name, value in {
        "title": title,
        "venue": "Quảng trường",
        "first_day": "2030-12-18",
        "last_day": "2030-12-20",
        "opens": "08:00",
        "closes": "21:00",
        "applications_from": "2026-11-20",
        "applications_until": "2030-12-05",
    }.items():
        page.fill(f"#{name}", value)
    page.click("main form button:has-text('Lưu')")
    page.wait_for_url(re.compile(r"/office/fairs/HC"))
    return page.url


@pytest.fixture
def office(browser: Browser, shop: Shop) -> Iterator[Page]:
    page = open_page(browser, shop)
    sign_in(page, "province@demo.test")
    yield page
    page.context.close()


def box(page: Page, label: str) -> str | None:
    """Where a booth stands in the drawing."""
    return page.locator(f".pb[aria-label^='Gian {label},']").get_attribute("transform")


def test_a_row_drawn_undone_saved_and_moved(office: Page, browser: Browser, shop: Shop) -> None:
    failures: list[str] = []
    office.on("pageerror", lambda error: failures.append(str(error)))
    fair = new_fair(office, "Hội chợ vẽ thử")
    office.goto(f"{fair}/plan")
    tool = "#floorplan button[data-act={}]"
    office.click(tool.format("hall"))
    office.click(tool.format("booth"))
    office.fill("#plan-count", "4")
    office.click(tool.format("row"))
    expect(office.locator(".pb")).to_have_count(4)
    office.click(tool.format("undo"))
    expect(office.locator(".pb")).to_have_count(1)
    office.keyboard.press("Control+y")
    expect(office.locator(".pb")).to_have_count(4)
    assert [box(office, f"A{n}") for n in (1, 2, 3, 4)] == [f"translate({300 * n} 0)" for n in range(4)]
    office.click(tool.format("save"))
    expect(office.locator(".draft__said")).to_have_text("Đã lưu mặt bằng.")

    office.locator(".pb").first.focus()  # from here on by keyboard alone
    office.keyboard.press("End")
    expect(office.locator(".pb:focus")).to_have_attribute("aria-label", re.compile("^Gian A4,"))
    office.keyboard.press("ArrowLeft")
    expect(office.locator(".draft__said")).to_contain_text("chồng lên gian khác")
    expect(office.locator(".pb--bad")).to_have_count(2)
    office.keyboard.press("ArrowRight")
    for key in ("Shift+ArrowDown", "ArrowDown", "Control+d"):
        office.keyboard.press(key)
    assert (box(office, "A4"), box(office, "A5")) == ("translate(900 125)", "translate(1200 125)")
    office.keyboard.press("Enter")
    expect(office.locator("[data-prop=label]")).to_be_focused()
    office.fill("[data-prop=label]", "Góc")
    office.fill("[data-prop=price]", "750000")
    office.keyboard.press("Tab")
    office.keyboard.press("Control+s")
    expect(office.locator(".draft__said")).to_have_text("Đã lưu mặt bằng.")

    office.reload()
    assert (box(office, "A4"), box(office, "Góc")) == ("translate(900 125)", "translate(1200 125)")
    first = office.locator(".pb").first  # and by pointer: a drag is laid on the grid
    spot = first.bounding_box()
    assert spot is not None
    office.mouse.move(spot["x"] + 9, spot["y"] + 9)
    office.mouse.down()
    office.mouse.move(spot["x"] + 15, spot["y"] + 120, steps=4)
    office.mouse.up()
    moved = re.findall(r"\d+", box(office, "A1") or "")
    assert int(moved[1]) > 400
    assert all(int(each) % 25 == 0 for each in moved)

    other = open_page(browser, shop, scripts=False)  # meanwhile somebody saves a plan by the forms alone
    sign_in(other, "province@demo.test")
    other.goto(f"{fair}/plan")
    other.fill("form[action$='/rows'] [name=label]", "C1")
    other.fill("form[action$='/rows'] [name=y]", "15")
    other.click("form[action$='/rows'] button")
    expect(other.locator("main")).to_contain_text("Đã thêm dãy gian.")
    other.context.close()
    office.click(tool.format("save"))
    expect(office.locator(".draft__refused")).to_contain_text("Người khác vừa lưu mặt bằng này.")
    assert re.findall(r"\d+", box(office, "A1") or "") == moved
    office.click(".draft__refused button")
    expect(office.locator(".draft__said")).to_have_text("Đã lưu mặt bằng.")
    office.reload()
    assert re.findall(r"\d+", box(office, "A1") or "") == moved
    assert failures == []


def test_leaving_asks_where_something_is_not_saved(office: Page) -> None:
    fair = new_fair(office, "Hội chợ bỏ dở")
    office.goto(f"{fair}/plan")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    office.on("dialog", leave)
    office.click("#floorplan button[data-act=hall]")
    office.goto(fair)
    assert asked == ["beforeunload"]
    office.goto(f"{fair}/plan")
    office.goto(fair)
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_plan_fits_a_phone(office: Page, width: int) -> None:
    fair = new_fair(office, f"Hội chợ {width}")
    office.set_viewport_size({"width": width, "height": 800})
    office.goto(f"{fair}/plan")
    office.click("#floorplan button[data-act=hall]")
    office.click("#floorplan button[data-act=booth]")
    office.click("#floorplan button[data-act=save]")
    expect(office.locator(".draft__said")).to_have_text("Đã lưu mặt bằng.")
    office.goto(fair)
    office.click("button:has-text('Mở nhận đăng ký')")
    press(office.locator("a:has-text('Trang công khai')"))
    for address in (office.url, f"{office.url}/map", f"{fair}/plan", f"{fair}/plan/print"):
        office.goto(address)
        assert office.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
